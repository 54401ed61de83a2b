package fakeslack

import (
	"encoding/json"
	"slices"
	"time"
)

// Frame is what went over a connection of Socket Mode, or became of it. The
// pings that keep it open are left out.
type Frame struct {
	N      int // counted from 1, over all connections
	At     time.Time
	Socket int    // which connection, from 1
	FromUs bool   // from the pretend Slack; else from the bot
	What   string // "opened", "closed", "hello", "slash_commands", "interactive", "acknowledged"
	ID     string // of the envelope; empty where there is none
	Body   json.RawMessage
}

// framesKept are remembered, the newest.
const framesKept = 500

// Frames that went over sockets, oldest first, as many as are kept.
func (s *Server) Frames() []Frame {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.frames)
}

// frame remembers one of a socket's.
func (s *Server) frame(c *socket, fromUs bool, what, id string, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastFrame++
	s.frames = append(s.frames, Frame{N: s.lastFrame, At: s.opts.Now(), Socket: c.number, FromUs: fromUs, What: what, ID: id, Body: body})
	if over := len(s.frames) - framesKept; over > 0 {
		s.frames = append(s.frames[:0], s.frames[over:]...)
	}
}
