package fakegithub

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is a way to fail. Of Status, RateLimit, Secondary, Cut and Lost one
// is set, or Status and Lost.
type Fault struct {
	Route      string        // "POST /repos/{owner}/{repo}/check-runs", what such a route begins with, or "*"
	Status     int           // an HTTP status; 5xx with a page of HTML, as GitHub's proxies answer
	RetryAfter time.Duration // rounded up to seconds; with RateLimit until the limit is reset
	RateLimit  bool          // 403 with x-ratelimit-remaining 0 and x-ratelimit-reset
	Secondary  bool          // 403 with Retry-After: too much at once
	Cut        bool          // the connection ends before anything is done
	Lost       bool          // what was asked is done, but the connection ends before the answer; with Status it is answered so
	Times      int           // how often; 0 means until ClearFaults
	Every      int           // of the requests that are meant, each so many fails; 0: each
	used, met  int
}

// Fail makes the next requests to a route fail. Several faults of one route
// are used up one after the other.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.used = 0
	s.faults = append(s.faults, &f)
}

// ClearFaults lets everything succeed again.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault counts a request and says how it is to fail; nil when it is not.
func (s *Server) takeFault(route string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[route]++
	for _, f := range s.faults {
		if f.meant(route) && (f.Times == 0 || f.used < f.Times) {
			if f.met++; f.Every > 1 && f.met%f.Every != 0 {
				continue
			}
			f.used++
			taken := *f
			return &taken
		}
	}
	return nil
}

func (f *Fault) meant(route string) bool {
	_, path, _ := strings.Cut(route, " ")
	return f.Route == "*" || strings.HasPrefix(route, f.Route) || strings.HasPrefix(path, f.Route)
}

// failed answers as the fault says.
func (f *Fault) failed(w http.ResponseWriter, now time.Time) {
	after := strconv.Itoa(int(math.Ceil(max(1, f.RetryAfter.Seconds()))))
	switch {
	case f.Cut || f.Lost && f.Status == 0:
		cut(w)
	case f.RateLimit:
		w.Header().Set("X-RateLimit-Limit", strconv.Itoa(plenty))
		w.Header().Set("X-RateLimit-Remaining", "0")
		w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(now.Add(f.RetryAfter).Unix(), 10))
		limited().write(w)
	case f.Secondary:
		w.Header().Set("Retry-After", after)
		refuse(http.StatusForbidden, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.").
			at("rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits").write(w)
	case f.Status >= 500:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", after)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(f.Status)
		_, _ = w.Write([]byte("<!DOCTYPE html><title>Unicorn! &middot; GitHub</title>"))
	default:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", after)
		}
		refuse(f.Status, http.StatusText(f.Status)).write(w)
	}
}

// cut ends the connection without an answer. Where that is not possible (a
// handler called in process) it answers as a proxy in between would.
func cut(w http.ResponseWriter) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_ = c.Close()
}
