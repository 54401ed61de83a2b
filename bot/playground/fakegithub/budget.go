package fakegithub

import (
	"net/http"
	"strconv"
	"time"
)

// plenty is how many requests an hour an installation has unless SetBudget
// says otherwise: more than anybody makes here. GitHub's own servers allow
// 5,000 and more, by the size of the organization.
const plenty = 1_000_000

// SetBudget says how many requests an hour each installation has from now on,
// all tokens of it together; 0: plenty. Whoever has none left is refused until
// the hour is over.
func (s *Server) SetBudget(requests int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hourly = requests
}

// SetUsed says how many of them an installation has used in this hour.
func (s *Server) SetUsed(installation int64, requests int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.installation(installation)
	i.hour, i.used = s.now().Truncate(time.Hour), requests
}

// budget is what an hour allows and what of it is used.
type budget struct {
	limit, used int
	reset       time.Time
}

func (b budget) left() int { return max(0, b.limit-b.used) }

func (b budget) headers() map[string]string {
	return map[string]string{
		"X-RateLimit-Limit": strconv.Itoa(b.limit), "X-RateLimit-Used": strconv.Itoa(b.used), "X-RateLimit-Remaining": strconv.Itoa(b.left()),
		"X-RateLimit-Resource": "core", "X-RateLimit-Reset": strconv.FormatInt(b.reset.Unix(), 10),
	}
}

// budget of a token: its installation's. The app itself has one that nobody
// counts here.
func (s *Server) budget(t *token) budget {
	hour := s.now().Truncate(time.Hour)
	b := budget{limit: plenty, reset: hour.Add(time.Hour)}
	if t == nil {
		return b
	}
	if s.hourly > 0 {
		b.limit = s.hourly
	}
	if !t.inst.hour.Equal(hour) {
		t.inst.hour, t.inst.used = hour, 0
	}
	b.used = t.inst.used
	return b
}

// spend counts a request against its installation's hour; that nothing changed
// is said for free, and so is that nothing is left.
func (s *Server) spend(c *call, a answer) budget {
	b := s.budget(c.token)
	if c.token == nil || a.status == http.StatusNotModified || b.left() == 0 {
		return b
	}
	c.token.inst.used++
	return s.budget(c.token)
}

func limited() answer {
	return refuse(http.StatusForbidden, "API rate limit exceeded for installation.").at("rest/overview/rate-limits-for-the-rest-api")
}
