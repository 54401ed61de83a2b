package playground

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Call is a request that reached a stand-in. What opens a door is never kept:
// see secretless, and of headers only what curlHeaders names.
type Call struct {
	N       int // counted from 1, over all stand-ins
	At      time.Time
	Peer    string // the stand-in: "GitHub"
	Method  string
	Path    string // with its query
	Status  int    // 0: the connection was cut
	Request Excerpt
	Answer  Excerpt
	headers []string // of the request, as curl is told them: what opens a door is a variable
}

// Excerpt is how a body begins.
type Excerpt struct {
	Text string
	More int // bytes that are not kept
}

// How much is kept of what was asked of the stand-ins.
const (
	callsKept = 500
	bodyKept  = 4 << 10  // bytes of an answer, and what is shown of a request
	askedKept = 64 << 10 // bytes of a request: so it can be sent again
)

// calls remembers the newest.
type calls struct {
	mu   sync.Mutex
	last int
	list []Call
}

func (c *calls) add(n Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	n.N = c.last
	c.list = append(c.list, n)
	if over := len(c.list) - callsKept; over > 0 {
		c.list = append(c.list[:0], c.list[over:]...)
	}
}

// Calls that reached the stand-ins, oldest first, as many as are kept.
func (w *World) Calls() []Call {
	w.calls.mu.Lock()
	defer w.calls.mu.Unlock()
	return append([]Call(nil), w.calls.list...)
}

// watched keeps what a stand-in is asked and what it answers. A request to
// open a socket goes by: what follows it is no call.
func (w *World) watched(peer string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			h.ServeHTTP(rw, r)
			return
		}
		asked, answered := &begins{most: askedKept}, &begins{most: bodyKept}
		seen := &watching{ResponseWriter: rw, begins: answered}
		c := Call{At: w.Now(), Peer: peer, Method: r.Method, Path: secretless(r.URL.RequestURI()), headers: curlHeaders(r)}
		secret := givesSecrets(r.URL.Path)
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(r.Body, asked), r.Body}
		defer func() {
			c.Status, c.Request, c.Answer = seen.status, asked.excerpt(secret), answered.excerpt(secret)
			w.calls.add(c)
		}()
		h.ServeHTTP(seen, r)
		seen.end()
	})
}

// watching is an answer that is read along.
type watching struct {
	http.ResponseWriter
	*begins
	status int
	cut    bool // the connection was taken away
}

// Unwrap lets http.ResponseController reach what is below.
func (s *watching) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Hijack takes the connection away: what a fault does to cut it.
func (s *watching) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	s.cut = true
	return http.NewResponseController(s.ResponseWriter).Hijack()
}

// WriteHeader keeps the final status.
func (s *watching) WriteHeader(status int) {
	if s.status < http.StatusOK {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

// Write keeps how the answer begins.
func (s *watching) Write(p []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	n, err := s.ResponseWriter.Write(p)
	_, _ = s.begins.Write(p[:n]) // it never fails
	return n, err
}

// end: who answers nothing has answered 200, unless nobody could.
func (s *watching) end() {
	if s.status == 0 && !s.cut {
		s.status = http.StatusOK
	}
}

// begins keeps the first bytes and counts the rest.
type begins struct {
	most int
	text []byte
	more int
}

// Write implements io.Writer; it never fails.
func (b *begins) Write(p []byte) (int, error) {
	fits := min(len(p), b.most-len(b.text))
	b.text = append(b.text, p[:fits]...)
	b.more += len(p) - fits
	return len(p), nil
}

// notKept stands for a body that opens a door.
const notKept = "(not kept: it opens a door)"

// cut is what of it is shown.
func (e Excerpt) cut() Excerpt {
	if over := len(e.Text) - bodyKept; over > 0 {
		return Excerpt{Text: e.Text[:bodyKept], More: e.More + over}
	}
	return e
}

func (b *begins) excerpt(secret bool) Excerpt {
	if secret && len(b.text) > 0 {
		return Excerpt{Text: notKept}
	}
	return Excerpt{Text: secretless(string(b.text)), More: b.more}
}
