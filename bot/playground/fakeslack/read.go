package fakeslack

import (
	"encoding/json"
	"slices"
)

// Channels lists the channels in the order they were made.
func (s *Server) Channels() []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Channel
	for _, c := range s.channels {
		list = append(list, c.Channel)
	}
	return list
}

// People lists the members in the order they came.
func (s *Server) People() []Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.people)
}

// Messages lists all that stands in a channel (an id, "shop" or "#shop"),
// oldest first, replies in threads among them.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findChannel(channel)
	if c == nil {
		return nil
	}
	return copied(c.messages)
}

// Thread lists a message and the replies to it, oldest first.
func (s *Server) Thread(channel, ts string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findChannel(channel)
	if c == nil {
		return nil
	}
	return copied(c.thread(ts))
}

// Ephemerals lists what one person alone sees, in all channels, oldest first.
func (s *Server) Ephemerals(user string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Message
	for _, m := range s.whispers {
		if m.To == user {
			list = append(list, m)
		}
	}
	return list
}

// ResponsesTo lists what the bot answered to a command or a press, at once
// and by its response URL; id is the one of the Response.
func (s *Server) ResponsesTo(id string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.responses[id]
	if r == nil {
		return nil
	}
	return slices.Clone(r.answers)
}

// Posted lists all contents that the bot ever wrote: messages, each edit of
// them, and what one person alone saw. Each is an object with "text" and, when
// there are some, "blocks", as Block Kit's checkers read it.
func (s *Server) Posted() []json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []json.RawMessage
	for _, p := range s.posted {
		list = append(list, rawOf(p))
	}
	return list
}

func copied(list []*Message) []Message {
	var out []Message
	for _, m := range list {
		out = append(out, m.copied())
	}
	return out
}
