package fakeslack

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

func (s *Server) conversationsList(a args) (fields, string) {
	var list []*channel
	for _, c := range s.channels {
		if !c.Archived || !a.flag("exclude_archived") {
			list = append(list, c)
		}
	}
	if types := a.get("types"); types != "" && !strings.Contains(types, "public_channel") {
		list = nil
	}
	page, next, code := paged(list, a, func(c *channel) string { return c.ID })
	if code != "" {
		return nil, code
	}
	out := []fields{}
	for _, c := range page {
		out = append(out, c.wireChannel())
	}
	return fields{"channels": out, "response_metadata": fields{"next_cursor": next}}, ""
}

func (s *Server) conversationsInfo(a args) (fields, string) {
	c := s.findChannel(a.get("channel"))
	if c == nil || c.ID != a.get("channel") {
		return nil, errChannel
	}
	return fields{"channel": c.wireChannel()}, ""
}

func (s *Server) conversationsJoin(a args) (fields, string) {
	c := s.findChannel(a.get("channel"))
	switch {
	case c == nil || c.ID != a.get("channel"):
		return nil, errChannel
	case c.Archived:
		return nil, errArchived
	}
	c.BotIn = true
	return fields{"channel": c.wireChannel()}, ""
}

// conversationsHistory lists what stands in the channel itself, newest first.
func (s *Server) conversationsHistory(a args) (fields, string) {
	c, code := s.byID(a.get("channel"))
	if code != "" {
		return nil, code
	}
	var list []*Message
	for _, m := range c.messages {
		if !m.IsReply() && a.inRange(m.TS) {
			list = append(list, m)
		}
	}
	slices.Reverse(list)
	return c.messagePage(list, a)
}

// conversationsReplies lists a thread, the parent first.
func (s *Server) conversationsReplies(a args) (fields, string) {
	c, code := s.byID(a.get("channel"))
	if code != "" {
		return nil, code
	}
	if c.find(a.get("ts")) == nil {
		return nil, errThread
	}
	var list []*Message
	for _, m := range c.thread(a.get("ts")) {
		if !m.IsReply() || a.inRange(m.TS) {
			list = append(list, m)
		}
	}
	return c.messagePage(list, a)
}

func (c *channel) messagePage(list []*Message, a args) (fields, string) {
	page, next, code := paged(list, a, func(m *Message) string { return m.TS })
	if code != "" {
		return nil, code
	}
	out := []fields{}
	for _, m := range page {
		out = append(out, c.wire(m, a.flag("include_all_metadata")))
	}
	return fields{
		"messages": out, "has_more": next != "", "pin_count": 0,
		"response_metadata": fields{"next_cursor": next},
	}, ""
}

// inRange reports whether ts is between oldest and latest. Timestamps have
// the same number of digits before the dot until the year 2286.
func (a args) inRange(ts string) bool {
	oldest, latest := a.get("oldest"), a.get("latest")
	if a.flag("inclusive") && (ts == oldest || ts == latest) {
		return true
	}
	return (oldest == "" || oldest == "0" || ts > oldest) && (latest == "" || ts < latest)
}

// paged is the part of list that cursor and limit ask for, and the cursor of
// the next part; id names an item in a cursor.
func paged[T any](list []T, a args, id func(T) string) (page []T, next, refusal string) {
	limit, err := strconv.Atoi(a.get("limit"))
	if err != nil || limit <= 0 || limit > 1000 {
		limit = 100
	}
	if cursor := a.get("cursor"); cursor != "" {
		from, err := base64.StdEncoding.DecodeString(cursor)
		i := slices.IndexFunc(list, func(x T) bool { return "next:"+id(x) == string(from) })
		if err != nil || i < 0 {
			return nil, "", errInvalidCursor
		}
		list = list[i:]
	}
	if len(list) <= limit {
		return list, "", ""
	}
	return list[:limit], base64.StdEncoding.EncodeToString([]byte("next:" + id(list[limit]))), ""
}

func (s *Server) usersInfo(a args) (fields, string) {
	p, ok := s.findPerson(a.get("user"))
	if !ok {
		return nil, errUser
	}
	return fields{"user": p.wire()}, ""
}

func (s *Server) usersLookupByEmail(a args) (fields, string) {
	for _, p := range s.people {
		if strings.EqualFold(p.Email, a.get("email")) {
			return fields{"user": p.wire()}, ""
		}
	}
	return nil, "users_not_found"
}
