package fakegithub

import (
	"math/rand/v2"
	"time"
)

// Rough is a bad way for webhooks. The zero value is a good one.
type Rough struct {
	Twice   bool          // each comes once more, with the same GUID
	Reorder bool          // of those that wait any may come first
	Lose    int           // of a hundred so many are lost; GitHub knows of them as failed
	Delay   time.Duration // each is so long on its way
}

// SetRough says how webhooks travel from now on.
func (s *Server) SetRough(r Rough) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rough = r
	s.stir()
}

// Seed makes chance on rough ways repeat itself.
func (s *Server) Seed(seed uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chance = rand.New(rand.NewPCG(seed, seed))
}

// SetWay makes each request of the API so long on its way, there and back together.
func (s *Server) SetWay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.way = d
}

// onTheWay is how long that takes now.
func (s *Server) onTheWay() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.way
}

// WearTokens makes each token good for so many requests; 0: for its hour.
func (s *Server) WearTokens(requests int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.worn = requests
}

// next is the webhook that arrives now, marked as on its way; nil when none
// does. On a good way it is the one that waited longest.
func (s *Server) next() *delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	var here []*delivery
	for _, d := range s.waiting() {
		if s.late(d) || s.lost(d) {
			continue
		}
		here = append(here, d)
		if !s.rough.Reorder {
			break
		}
	}
	if len(here) == 0 {
		return nil
	}
	d := here[0]
	if s.rough.Reorder {
		d = here[s.chance.IntN(len(here))]
	}
	d.state = Sending
	return d
}

// late reports whether a webhook is still on its way.
func (s *Server) late(d *delivery) bool {
	return s.rough.Delay > 0 && s.opts.Now().Before(d.queued.Add(s.rough.Delay))
}

// lost decides once for each webhook whether it is.
func (s *Server) lost(d *delivery) bool {
	if d.weighed || s.rough.Lose == 0 {
		return false
	}
	d.weighed = true
	if s.chance.IntN(100) >= s.rough.Lose {
		return false
	}
	d.state, d.sent = Dropped, s.now()
	s.tried(d, 0) // it is the way that is bad: GitHub knows that nobody answered
	return true
}

// comeAgain puts a webhook that was sent back in the line, once. The lock is
// held, and what became of it now is written down after this.
func (s *Server) comeAgain(d *delivery) {
	if !s.rough.Twice || d.twice {
		return
	}
	d.twice = true
	again := *d
	again.again, again.state, again.attempts, again.weighed = true, Waiting, nil, true
	s.hooks = append(s.hooks, &again)
	s.stir()
}

// underWay ticks while a webhook is late, for who waits for it.
func (s *Server) underWay() <-chan time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rough.Delay == 0 || s.held {
		return nil
	}
	return time.After(50 * time.Millisecond)
}
