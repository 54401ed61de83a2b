package fakegithub

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"time"
)

// maxRequest is how much of a request is read, in bytes.
const maxRequest = 4 << 20

// ServeHTTP answers the REST API, at the root and, as on an enterprise's
// server, below /api/v3.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if d := s.onTheWay(); d > 0 {
		time.Sleep(d)
	}
	path := below(r.URL.EscapedPath())
	rt, values := find(s.routes, r.Method, s.byName(path))
	if rt != nil {
		for name, value := range values {
			r.SetPathValue(name, value)
		}
		s.serve(w, r, *rt)
		return
	}
	if f := s.takeFault(r.Method + " " + path); f != nil {
		f.failed(w, s.now())
		return
	}
	notFound().write(w)
}

// below is a path below the API's root; an enterprise's server has its GraphQL
// beside the REST API, at /api/graphql.
func below(path string) string {
	if path == "/api/graphql" {
		return "/graphql"
	}
	return strings.TrimPrefix(path, "/api/v3")
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, rt route) {
	fault := s.takeFault(rt.template())
	if fault != nil && !fault.Lost {
		fault.failed(w, s.now())
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		refuse(http.StatusRequestEntityTooLarge, "Payload too large").write(w)
		return
	}
	a := s.answer(r, rt, body)
	if fault != nil {
		fault.failed(w, s.now())
		return
	}
	a.write(w)
}

// answer does what is asked, with the lock held.
func (s *Server) answer(r *http.Request, rt route, body []byte) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{Request: r, body: body, header: map[string]string{}}
	a := s.do(c, rt)
	s.note(c, rt, a)
	a = s.tagged(c, a)
	for name, value := range c.header {
		if a.header == nil {
			a.header = map[string]string{}
		}
		a.header[name] = value
	}
	s.recordExchange(c, a)
	return a
}

func (s *Server) do(c *call, rt route) answer {
	if refused := s.admit(c, rt.needs); refused != nil {
		return *refused
	}
	if b := s.budget(c.token); b.used >= b.limit && rt.template() != "GET /rate_limit" {
		return limited()
	}
	if len(c.body) > 0 && !isJSON(c.body) {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	return rt.do(s, c)
}

// tagged adds what every answer has, and says "not modified" to who has the
// same already.
func (s *Server) tagged(c *call, a answer) answer {
	c.header["X-GitHub-Media-Type"] = "github.v3; format=json"
	c.header["X-GitHub-Request-Id"] = "FAKE:" + digest("%s %s", c.Method, c.URL)[:12]
	if c.Method == http.MethodGet && a.status == http.StatusOK {
		if a.body != nil { // for its tag and for who asks
			a.body = picture(rawOf(a.body))
		}
		c.header["ETag"], c.header["Cache-Control"] = c.tag(a), "private, max-age=60, s-maxage=60"
		if c.Header.Get("If-None-Match") == c.header["ETag"] {
			a = answer{status: http.StatusNotModified}
		}
	}
	for name, value := range s.spend(c, a).headers() {
		c.header[name] = value
	}
	return a
}

// tag of an answer is another for whoever asks with another token, and is made
// as GitHub was seen to make it.
func (c *call) tag(a answer) string {
	content, _ := a.content()
	sum := sha256.Sum256([]byte(c.Header.Get("Accept") + ":" + c.Header.Get("Authorization") + ":" + string(content)))
	return `W/"` + hex.EncodeToString(sum[:]) + `"`
}
