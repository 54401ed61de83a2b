package fakeslack

import (
	"net/http"
	"strconv"
	"time"
)

// Fault is a way to fail. Of Status, Error, Cut and Lost one is set.
type Fault struct {
	Method     string        // "chat.postMessage", "response" for response URLs, "*" for all
	Status     int           // an HTTP status: 429 with Retry-After, 5xx with HTML
	Error      string        // {"ok":false,"error":…} with status 200
	Cut        bool          // the connection ends before anything is done
	Lost       bool          // what was asked is done, but the connection ends before the answer
	RetryAfter time.Duration // rounded up to seconds
	Times      int           // how often; 0 means until ClearFaults
	used       int
}

// Fail makes the next requests to a method fail. Several faults of one method
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
func (s *Server) takeFault(method string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[method]++
	for _, f := range s.faults {
		if (f.Method == method || f.Method == "*") && (f.Times == 0 || f.used < f.Times) {
			f.used++
			taken := *f
			return &taken
		}
	}
	return nil
}

// failed answers as the fault says.
func (f *Fault) failed(w http.ResponseWriter) {
	switch {
	case f.Cut || f.Lost:
		cut(w)
	case f.Status == http.StatusTooManyRequests || f.Error == errRateLimited:
		after := max(1, int((f.RetryAfter+time.Second-1)/time.Second))
		w.Header().Set("Retry-After", strconv.Itoa(after))
		writeJSON(w, http.StatusTooManyRequests, refusal(errRateLimited))
	case f.Error != "":
		writeJSON(w, http.StatusOK, refusal(f.Error))
	default:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.Status)
		_, _ = w.Write([]byte("<!DOCTYPE html><title>Server Error | Slack</title>"))
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
