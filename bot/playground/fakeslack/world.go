package fakeslack

import (
	"fmt"
	"slices"
	"strings"
)

// Channel is a public channel.
type Channel struct {
	ID       string
	Name     string // without "#"
	BotIn    bool   // the bot is a member
	Archived bool
	Created  int64 // Unix seconds
}

type channel struct {
	Channel
	messages []*Message // by timestamp; replies among them
}

// Person is a member of the workspace.
type Person struct {
	ID    string // "U0ALICE001"
	Name  string // "alice"
	Email string // "alice@example.com"
}

// AddChannel makes a channel with the bot in it, "shop" or "#shop", and
// answers its id. A channel of that name that is there already is left alone.
func (s *Server) AddChannel(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	name = strings.TrimPrefix(name, "#")
	if c := s.findChannel(name); c != nil {
		return c.ID
	}
	c := &channel{Channel: Channel{
		ID: makeID("C", name, len(s.channels)+1), Name: name, BotIn: true, Created: s.opts.Now().Unix(),
	}}
	s.channels = append(s.channels, c)
	return c.ID
}

// SetBotIn invites the bot to a channel or takes it out.
func (s *Server) SetBotIn(channel string, in bool) error {
	return s.changeChannel(channel, func(c *Channel) { c.BotIn = in })
}

// SetArchived archives a channel or takes it back.
func (s *Server) SetArchived(channel string, archived bool) error {
	return s.changeChannel(channel, func(c *Channel) { c.Archived = archived })
}

func (s *Server) changeChannel(idOrName string, change func(*Channel)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findChannel(idOrName)
	if c == nil {
		return fmt.Errorf("change channel %q: no such channel", idOrName)
	}
	change(&c.Channel)
	return nil
}

// AddPerson makes a member of the workspace and answers the member's id. A
// person of that name who is there already is left alone.
func (s *Server) AddPerson(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.people, func(p Person) bool { return p.Name == name }); i >= 0 {
		return s.people[i].ID
	}
	p := Person{ID: makeID("U", name, len(s.people)+1), Name: name, Email: name + "@example.com"}
	s.people = append(s.people, p)
	return p.ID
}

// makeID makes an id that people can read: "C0SHOP0001" for the first
// channel, "shop".
func makeID(kind, name string, n int) string {
	letters := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToUpper(name))
	letters = (letters + "00000")[:5]
	return fmt.Sprintf("%s0%s%03d", kind, letters, n)
}

// findChannel finds by id, "name" or "#name"; nil when there is none.
func (s *Server) findChannel(idOrName string) *channel {
	name := strings.TrimPrefix(idOrName, "#")
	for _, c := range s.channels {
		if c.ID == idOrName || c.Name == name {
			return c
		}
	}
	return nil
}

func (s *Server) findPerson(id string) (Person, bool) {
	i := slices.IndexFunc(s.people, func(p Person) bool { return p.ID == id })
	if i < 0 {
		return Person{}, false
	}
	return s.people[i], true
}
