package fakegithub

import (

	// GitHub's older signature

	"encoding/json"
	"slices"
	"time"
)

// DeliveryView is one webhook. One that is delivered again is the same
// webhook with the newest answer.
type DeliveryView struct {
	ID     string // the GUID of X-GitHub-Delivery
	Event  string // "pull_request"
	Action string // "opened"; empty for events without
	Repo   string // "acme/shop"
	Body   json.RawMessage
	State  string
	Status int    // of the newest answer; 0 when there was none
	Error  string // why there was none
	Tries  int
	Queued time.Time
	Sent   time.Time // zero: never, also of one that was lost without a trace
}

type delivery struct {
	guid         string
	event        string
	action       string
	repo         *repo
	name         string
	body         []byte
	state        string
	status       int
	err          string
	tries        int
	again        bool // it was sent before
	weighed      bool // chance has decided whether it is lost
	twice        bool // it has been put back once to come again
	queued, sent time.Time
	attempts     []attempt
}

// attempt is one time that a webhook was sent, as GET /app/hook/deliveries
// lists it.
type attempt struct {
	id         int64
	status     int
	sent       time.Time
	redelivery bool
}

// Pending is what waits, in the order in which it would be sent.
func (s *Server) Pending() []DeliveryView {
	s.mu.Lock()
	defer s.mu.Unlock()
	return views(s.waiting())
}

// Waits are the GUIDs of what waits, in the order in which it would be sent.
func (s *Server) Waits() (ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.waiting() {
		ids = append(ids, d.guid)
	}
	return ids
}

// Deliveries is all webhooks that ever were, in the order of their queueing.
func (s *Server) Deliveries() []DeliveryView {
	s.mu.Lock()
	defer s.mu.Unlock()
	return views(s.hooks)
}

// HookHeaders are those with which a webhook is sent, its signatures among
// them; ok is false for a GUID that there is not.
func (s *Server) HookHeaders(id string) (headers map[string]string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.hooks, func(d *delivery) bool { return d.guid == id })
	if i < 0 {
		return nil, false
	}
	return s.hookHeaders(s.opts, s.hooks[i]), true
}

func (s *Server) waiting() []*delivery {
	var list []*delivery
	for _, d := range s.hooks[s.settled():] {
		if d.state == Waiting {
			list = append(list, d)
		}
	}
	return list
}

// settled is how many at the front wait no more; long stories have many.
func (s *Server) settled() int {
	for s.done < len(s.hooks) && s.hooks[s.done].state != Waiting {
		s.done++
	}
	return s.done
}

// take picks the one that waits at a place, and marks it as on its way; nil
// when none waits there.
func (s *Server) take(index int) *delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.hooks[s.settled():] {
		if d.state != Waiting {
			continue
		}
		if index == 0 {
			d.state = Sending
			return d
		}
		index--
	}
	return nil
}

func views(list []*delivery) []DeliveryView {
	var out []DeliveryView
	for _, d := range list {
		out = append(out, DeliveryView{
			ID: d.guid, Event: d.event, Action: d.action, Repo: d.name, Body: slices.Clone(d.body), State: d.state,
			Status: d.status, Error: d.err, Tries: d.tries, Queued: d.queued, Sent: d.sent,
		})
	}
	return out
}
