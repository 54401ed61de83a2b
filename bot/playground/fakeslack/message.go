package fakeslack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Message is what somebody sees in a channel.
type Message struct {
	Channel   string // id
	TS        string // identifies it in its channel: "1792411200.000001"
	ThreadTS  string // the parent's TS; empty for a message that is in no thread
	User      string // member id of who posted it
	BotID     string // set when the bot posted it
	To        string // member id of who alone sees it; empty when all do
	Text      string
	Blocks    json.RawMessage // a list; nil when there are none
	Metadata  json.RawMessage // {"event_type":…,"event_payload":…}; nil when there is none
	Edited    int             // how often it was edited
	Unfurl    bool            // links are shown with a preview
	Reactions []Reaction
	Before    []json.RawMessage // its blocks before each edit, oldest first: somebody may look at them still
	editedTS  string
}

// Reaction is an emoji on a message.
type Reaction struct {
	Name  string   // "eyes"
	Users []string // member ids
}

// IsReply reports whether the message is in another one's thread.
func (m Message) IsReply() bool { return m.ThreadTS != "" && m.ThreadTS != m.TS }

// copied shares nothing that changes with m.
func (m *Message) copied() Message {
	c := *m
	c.Reactions, c.Before = slices.Clone(m.Reactions), slices.Clone(m.Before)
	for i := range c.Reactions {
		c.Reactions[i].Users = slices.Clone(m.Reactions[i].Users)
	}
	return c
}

// posted is one content that the bot wrote, as blockcheck reads it.
type posted struct {
	Blocks json.RawMessage `json:"blocks,omitempty"`
	Text   string          `json:"text"`
}

// Documented limits of chat.postMessage and of a message's blocks, in
// characters and in blocks.
const (
	maxText   = 40_000
	maxBlocks = 50
)

// content reads text, blocks and metadata of a message; the refusal is
// Slack's when they make no message.
func content(a args) (m Message, refusal string) {
	m = Message{Text: a.get("text"), Unfurl: !a.has("unfurl_links") || a.flag("unfurl_links")}
	if utf8.RuneCountInString(m.Text) > maxText {
		return m, errTooLong
	}
	if b := a.get("blocks"); b != "" && b != "null" {
		var blocks []map[string]json.RawMessage
		if json.Unmarshal([]byte(b), &blocks) != nil || len(blocks) > maxBlocks || !typed(blocks) {
			return m, errBlocks
		}
		m.Blocks = json.RawMessage(b)
	}
	if d := a.get("metadata"); d != "" && d != "null" {
		var meta struct {
			EventType string          `json:"event_type"`
			Payload   json.RawMessage `json:"event_payload"`
		}
		if err := json.Unmarshal([]byte(d), &meta); err != nil {
			return m, errMetadata
		}
		if meta.EventType != "" {
			m.Metadata = json.RawMessage(d)
		}
	}
	return m, ""
}

func typed(blocks []map[string]json.RawMessage) bool {
	return !slices.ContainsFunc(blocks, func(b map[string]json.RawMessage) bool {
		var kind string
		return json.Unmarshal(b["type"], &kind) != nil || kind == ""
	})
}

func (m *Message) hasBlocks() bool { return len(m.Blocks) > 0 && string(m.Blocks) != "[]" }

// empty reports whether there is nothing to show.
func (m *Message) empty() bool { return strings.TrimSpace(m.Text) == "" && !m.hasBlocks() }

// nextTS is a timestamp later than all before. The lock is held.
func (s *Server) nextTS() string {
	s.lastTS = max(s.opts.Now().UnixMicro(), s.lastTS+1)
	return fmt.Sprintf("%d.%06d", s.lastTS/1e6, s.lastTS%1e6)
}

// post adds a message of the bot's to a channel. The lock is held.
func (s *Server) post(c *channel, m Message) *Message {
	m.Channel, m.TS, m.User, m.BotID = c.ID, s.nextTS(), BotUserID, BotID
	c.messages = append(c.messages, &m)
	s.record(m)
	return &m
}

// plain is what people type, as Slack keeps it.
var plain = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Talk posts what a person says to the others of a channel, and answers its TS.
// The bot is not told.
func (s *Server) Talk(userID, channelID, text string) (ts string, err error) {
	if _, _, err := s.who(userID, channelID); err != nil {
		return "", fmt.Errorf("talk: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findChannel(channelID)
	m := Message{Channel: c.ID, TS: s.nextTS(), User: userID, Text: plain.Replace(text)}
	c.messages = append(c.messages, &m)
	return m.TS, nil
}

// edit replaces what a message says. The lock is held.
func (s *Server) edit(m *Message, text string, blocks json.RawMessage) {
	m.Before = append(m.Before, m.Blocks)
	m.Text, m.Blocks = text, blocks
	m.Edited++
	m.editedTS = s.nextTS()
	s.record(*m)
}

// record remembers what the bot wrote. The lock is held.
func (s *Server) record(m Message) {
	p := posted{Text: m.Text}
	if m.hasBlocks() {
		p.Blocks = slices.Clone(m.Blocks)
	}
	s.posted = append(s.posted, p)
}

func (c *channel) find(ts string) *Message {
	i := slices.IndexFunc(c.messages, func(m *Message) bool { return m.TS == ts })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

// thread is the message of ts and all replies to it; nil when there is none.
func (c *channel) thread(ts string) []*Message {
	var list []*Message
	for _, m := range c.messages {
		if m.TS == ts || m.ThreadTS == ts {
			list = append(list, m)
		}
	}
	return list
}
