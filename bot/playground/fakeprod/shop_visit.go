package fakeprod

import (
	"net/http"
	"strings"
)

// turn hands out the canary's share exactly: each request adds the weight,
// and who makes a hundred full is the canary's.
type turn int

func (t *turn) next(weight int) (canary bool) {
	*t += turn(weight)
	if *t < 100 {
		return false
	}
	*t -= 100
	return true
}

// ServeHTTP routes / and /checkout by weight, and so /version by a count of
// its own, lest a look disturb the shares. /-/stable/ and /-/canary/ before
// metrics or healthz go to that version.
func (s *Shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.before != nil {
		s.before()
	}
	a, path := s.pick(r.URL.Path)
	if a == nil {
		http.NotFound(w, r)
		return
	}
	defer a.flying.Done()
	if path != r.URL.Path {
		r = r.Clone(r.Context())
		r.URL.Path, r.URL.RawPath = path, ""
	}
	a.handler.ServeHTTP(w, r)
}

// Visit is a visitor of / or /checkout who comes in process and on pretend
// time: so can more come than this machine could serve. They see the status
// alone.
func (s *Shop) Visit(w http.ResponseWriter, r *http.Request) {
	if s.before != nil {
		s.before()
	}
	a, _ := s.pick(r.URL.Path)
	if a == nil {
		http.NotFound(w, r)
		return
	}
	defer a.flying.Done()
	a.version.Visit(w, r)
}

// pick chooses a version, and the path there; nil when there is none. The
// caller says a.flying.Done when it is through.
func (s *Shop) pick(path string) (*arm, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, to := s.stable, path
	switch path {
	case "/", "/checkout":
		if s.shopper.next(s.weight) {
			a = s.canary
		}
	case "/version":
		if s.asker.next(s.weight) {
			a = s.canary
		}
	case "/healthz":
	case "/-/stable/metrics", "/-/stable/healthz":
		to = strings.TrimPrefix(path, "/-/stable")
	case "/-/canary/metrics", "/-/canary/healthz":
		a, to = s.canary, strings.TrimPrefix(path, "/-/canary")
	default:
		return nil, ""
	}
	if a != nil {
		a.flying.Add(1)
	}
	return a, to
}
