package fakegithub

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// call is one request.
type call struct {
	*http.Request
	body   []byte
	header map[string]string // of the answer
	token  *token            // nil with the app's JWT
	repo   *repo             // where the path names one
	idle   bool              // what it wrote was there already
}

func isJSON(body []byte) bool { return json.Valid(body) }

// read decodes the body into v; members that v does not know are passed over,
// as GitHub does.
func (c *call) read(v any) *answer {
	if len(c.body) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.body, v); err != nil {
		a := unprocessable(fmt.Sprintf("Invalid request.\n\n%v.", err))
		return &a
	}
	return nil
}

// number is a part of the path that is an id; 0 when it is none.
func (c *call) number(name string) int64 {
	n, err := strconv.ParseInt(c.PathValue(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// wants reports whether the client asks for a form, "raw" or "sha".
func (c *call) wants(form string) bool {
	accept := c.Header.Get("Accept")
	return strings.Contains(accept, "application/vnd.github."+form) || strings.Contains(accept, "application/vnd.github.v3."+form)
}

// page picks the part of n things that is asked for, and links to the others.
func (s *Server) page(c *call, n int) (from, to int) {
	q := c.URL.Query()
	per, page := atoi(q.Get("per_page"), 30), max(1, atoi(q.Get("page"), 1))
	if per < 1 {
		per = 30
	}
	per = min(per, 100)
	last := max(1, (n+per-1)/per)
	var links []string
	link := func(page int, rel string) {
		links = append(links, fmt.Sprintf(`<%s>; rel="%s"`, s.again(c, "page", strconv.Itoa(page)), rel))
	}
	if page > 1 {
		link(min(page-1, last), "prev")
	}
	if page < last {
		link(page+1, "next")
		link(last, "last")
	}
	if page > 1 {
		link(1, "first")
	}
	if len(links) > 0 {
		c.header["Link"] = strings.Join(links, ", ")
	}
	if page > last {
		return n, n
	}
	return min(n, (page-1)*per), min(n, page*per)
}

// again is the request's own URL with one parameter set.
func (s *Server) again(c *call, name, value string) string {
	q := c.URL.Query()
	q.Set(name, value)
	return s.api(strings.TrimPrefix(c.URL.EscapedPath(), "/api/v3")) + "?" + q.Encode()
}

// cursor is page for lists that are read on from an item: "after" and "before"
// hold a position.
func (s *Server) cursor(c *call, name string, n int) (from, to int) {
	q := c.URL.Query()
	per := min(100, max(1, atoi(q.Get("per_page"), 30)))
	from = min(n, max(0, atoi(q.Get(name), 0)))
	to = min(n, from+per)
	if to < n {
		c.header["Link"] = fmt.Sprintf(`<%s>; rel="next"`, s.again(c, name, strconv.Itoa(to)))
	}
	return from, to
}

func atoi(text string, otherwise int) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return otherwise
	}
	return n
}

// Write is something that the bot wrote through the API.
type Write struct {
	Method string
	Path   string // "/repos/acme/shop/check-runs"
	Route  string // "POST /repos/{owner}/{repo}/check-runs"
	Status int    // what it was answered
	Time   time.Time
	Body   json.RawMessage
	Idle   bool // it was carried out, and all was as it had been
}

// note keeps what was written. Asking for a token writes nothing.
func (s *Server) note(c *call, rt route, a answer) {
	if c.Method == http.MethodGet || rt.needs == "jwt" {
		return
	}
	s.writes = append(s.writes, Write{
		Method: c.Method, Path: c.URL.Path, Route: rt.template(), Status: a.status, Time: s.opts.Now().UTC(), Body: append([]byte(nil), c.body...),
		Idle: c.idle,
	})
}

// Writes lists all that the bot wrote, also what was refused, in order.
func (s *Server) Writes() []Write {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Write(nil), s.writes...)
}

// Requests counts the requests of the bot by route, "GET
// /repos/{owner}/{repo}/pulls", since the start or the last ResetRequests.
func (s *Server) Requests() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[string]int{}
	for route, n := range s.requests {
		counts[route] = n
	}
	return counts
}

// ResetRequests begins to count again.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.requests)
}
