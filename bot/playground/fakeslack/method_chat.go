package fakeslack

import (
	"slices"
	"strings"
)

// writable finds a channel that the bot may post to.
func (s *Server) writable(idOrName string) (*channel, string) {
	c := s.findChannel(idOrName)
	switch {
	case c == nil:
		return nil, errChannel
	case c.Archived:
		return nil, errArchived
	case !c.BotIn:
		return nil, errNotInChannel
	}
	return c, ""
}

// byID finds a channel by its id alone: all methods but those that post
// refuse a name.
func (s *Server) byID(id string) (*channel, string) {
	c := s.findChannel(id)
	switch {
	case c == nil || c.ID != id:
		return nil, errChannel
	case !c.BotIn:
		return nil, errNotInChannel
	}
	return c, ""
}

// own finds a message of the bot's; refused is for somebody else's.
func (s *Server) own(a args, tsName, refused string) (*channel, *Message, string) {
	c, code := s.byID(a.get("channel"))
	if code != "" {
		return nil, nil, code
	}
	m := c.find(a.get(tsName))
	switch {
	case m == nil:
		return nil, nil, errMessage
	case m.BotID != BotID:
		return nil, nil, refused
	}
	return c, m, ""
}

func (s *Server) chatPostMessage(a args) (fields, string) {
	c, code := s.writable(a.get("channel"))
	if code != "" {
		return nil, code
	}
	m, code := content(a)
	if code != "" {
		return nil, code
	}
	if m.empty() {
		return nil, errNoText
	}
	m.ThreadTS = c.threadOf(a.get("thread_ts"))
	sent := s.post(c, m)
	return fields{"channel": c.ID, "ts": sent.TS, "message": c.wire(sent, true)}, ""
}

// threadOf is the thread that a reply to ts goes to. Slack posts a reply to a
// message that is gone as if it were no reply.
func (c *channel) threadOf(ts string) string {
	m := c.find(ts)
	switch {
	case m == nil:
		return ""
	case m.IsReply():
		return m.ThreadTS
	}
	return ts
}

// chatUpdate keeps blocks and metadata that the request does not name, as
// Slack does; an empty list takes the blocks away.
func (s *Server) chatUpdate(a args) (fields, string) {
	c, old, code := s.own(a, "ts", errCannotUpdate)
	if code != "" {
		return nil, code
	}
	m, code := content(a)
	if code != "" {
		return nil, code
	}
	if !a.has("blocks") {
		m.Blocks = old.Blocks
	}
	if m.empty() {
		return nil, errNoText
	}
	if a.has("metadata") {
		old.Metadata = m.Metadata
	}
	if old.Text == m.Text && string(old.Blocks) == string(m.Blocks) {
		s.idle = append(s.idle, "chat.update "+m.Text)
	}
	s.edit(old, m.Text, m.Blocks)
	return fields{"channel": c.ID, "ts": old.TS, "text": old.Text, "message": c.wire(old, true)}, ""
}

func (s *Server) chatPostEphemeral(a args) (fields, string) {
	c, code := s.writable(a.get("channel"))
	if code != "" {
		return nil, code
	}
	if _, ok := s.findPerson(a.get("user")); !ok {
		return nil, errUserNotInChan
	}
	m, code := content(a)
	if code != "" {
		return nil, code
	}
	if m.empty() {
		return nil, errNoText
	}
	m.ThreadTS = a.get("thread_ts")
	return fields{"message_ts": s.whisper(c.ID, a.get("user"), m).TS}, ""
}

// whisper shows a message to one person. The lock is held.
func (s *Server) whisper(channel, to string, m Message) Message {
	m.Channel, m.To, m.TS, m.User, m.BotID = channel, to, s.nextTS(), BotUserID, BotID
	s.whispers = append(s.whispers, m)
	s.record(m)
	return m
}

func (s *Server) chatDelete(a args) (fields, string) {
	c, m, code := s.own(a, "ts", errCannotDelete)
	if code != "" {
		return nil, code
	}
	c.remove(m)
	return fields{"channel": c.ID, "ts": m.TS}, ""
}

func (c *channel) remove(m *Message) {
	c.messages = slices.DeleteFunc(c.messages, func(x *Message) bool { return x == m })
}

func (s *Server) chatGetPermalink(a args) (fields, string) {
	c, code := s.byID(a.get("channel"))
	if code != "" {
		return nil, code
	}
	ts := a.get("message_ts")
	if c.find(ts) == nil {
		return nil, errMessage
	}
	link := "https://" + s.opts.TeamDomain + ".slack.com/archives/" + c.ID + "/p" + strings.ReplaceAll(ts, ".", "")
	return fields{"channel": c.ID, "permalink": link}, ""
}

func (s *Server) reactionsAdd(a args) (fields, string) {
	c, code := s.byID(a.get("channel"))
	if code != "" {
		return nil, code
	}
	m := c.find(a.get("timestamp"))
	if m == nil {
		return nil, errMessage
	}
	name := strings.Trim(a.get("name"), ":")
	if name == "" {
		return nil, errNoReaction
	}
	if !m.react(name, BotUserID) {
		s.idle = append(s.idle, "reactions.add "+name)
		return nil, errAlreadyReacted
	}
	return fields{}, ""
}

// react adds a reaction and reports whether it is new.
func (m *Message) react(name, user string) bool {
	i := slices.IndexFunc(m.Reactions, func(r Reaction) bool { return r.Name == name })
	if i < 0 {
		m.Reactions = append(m.Reactions, Reaction{Name: name, Users: []string{user}})
		return true
	}
	if slices.Contains(m.Reactions[i].Users, user) {
		return false
	}
	m.Reactions[i].Users = append(m.Reactions[i].Users, user)
	return true
}
