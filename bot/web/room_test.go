package web

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// crowd is a server with little room: 1 KiB of each body counts as its first,
// all first parts have 8 KiB together and all the rest has 8 KiB.
type crowd struct {
	*testing.T
	room *room
	away atomic.Int32
	url  string
}

func newCrowd(t *testing.T, patience time.Duration) *crowd {
	c := &crowd{T: t, room: &room{part: 1 << 10, first: pool{size: 8 << 10}, rest: pool{size: 8 << 10}}}
	whole := func(_ http.Header, r io.Reader) ([]byte, error) { return io.ReadAll(r) }
	o := options(&inbox{})
	o.GitHub, o.Slack, o.TurnedAway = whole, whole, func() { c.away.Add(1) }
	o.CommandID = func([]byte) string { return "slack/1" }
	o.PressID = o.CommandID
	s := httptest.NewUnstartedServer(within(c.room, o))
	s.Config.ReadTimeout = patience
	s.Start()
	t.Cleanup(s.Close)
	c.url = s.URL
	return c
}

func (c *crowd) post(path string, body io.Reader) *http.Response {
	c.Helper()
	r, err := http.NewRequestWithContext(c.Context(), http.MethodPost, c.url+path, body)
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("X-GitHub-Event", "push")
	r.Header.Set("X-GitHub-Delivery", "d")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp
}

// slow is a sender who has not come to an end.
type slow struct {
	body   *io.PipeWriter
	answer chan int
}

func (s slow) end() int { _ = s.body.Close(); return <-s.answer }

// begin posts the first bytes of a body.
func (c *crowd) begin(size int) slow {
	body, w := io.Pipe()
	s := slow{w, make(chan int, 1)}
	go func() { s.answer <- c.post("/hooks/github", body).StatusCode }()
	_, _ = io.WriteString(w, strings.Repeat("x", size))
	return s
}

// holding waits until so much is held.
func (c *crowd) holding(first, rest int64) {
	c.Helper()
	for c.Context().Err() == nil {
		if c.room.first.taken.Load() == first && c.room.rest.taken.Load() == rest {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func TestBodiesOfAllHooksShareOneRoom(t *testing.T) {
	c := newCrowd(t, time.Minute)
	one, two := c.begin(5<<10), c.begin(5<<10)
	c.holding(2<<10, 8<<10)
	for _, hook := range []string{"github", "slack/commands", "slack/interactions"} {
		large := c.post("/hooks/"+hook, strings.NewReader(strings.Repeat("x", 2<<10)))
		if large.StatusCode != http.StatusServiceUnavailable || large.Header.Get("Retry-After") == "" {
			t.Errorf("%s, large: %d, try again after %q", hook, large.StatusCode, large.Header.Get("Retry-After"))
		}
		if small := c.post("/hooks/"+hook, strings.NewReader("small")); small.StatusCode >= 300 {
			t.Errorf("%s, small: %d", hook, small.StatusCode)
		}
	}
	if one.end() != http.StatusAccepted || two.end() != http.StatusAccepted {
		t.Error("what had room was not accepted")
	}
	c.holding(0, 0)
	if c.away.Load() != 3 {
		t.Errorf("%d were counted as turned away", c.away.Load())
	}
	if again := c.post("/hooks/github", strings.NewReader(strings.Repeat("x", 9<<10))); again.StatusCode != http.StatusAccepted {
		t.Errorf("after they have left: %d", again.StatusCode)
	}
}

func TestManySmallBodiesHaveABoundToo(t *testing.T) {
	c := newCrowd(t, time.Minute)
	var crowd []slow
	for range 8 {
		crowd = append(crowd, c.begin(1<<10))
	}
	c.holding(8<<10, 0)
	if got := c.post("/hooks/github", strings.NewReader("x")).StatusCode; got != http.StatusServiceUnavailable {
		t.Errorf("the ninth: %d", got)
	}
	for _, s := range crowd {
		if got := s.end(); got != http.StatusAccepted {
			t.Errorf("one of the eight: %d", got)
		}
	}
}

// Whoever stops half-way has the room until the server loses its patience.
func TestWhoSendsSlowlyDoesNotHoldTheRoom(t *testing.T) {
	c := newCrowd(t, 50*time.Millisecond)
	s := c.begin(9 << 10)
	if got := <-s.answer; got != http.StatusBadRequest {
		t.Errorf("who stopped half-way was answered %d", got)
	}
	c.holding(0, 0)
	_ = s.body.Close()
}

// Whoever announces much and sends nothing takes no room.
func TestWhatIsOnlyAnnouncedTakesNoRoom(t *testing.T) {
	c := newCrowd(t, time.Minute)
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, "POST /hooks/github HTTP/1.1\r\nHost: a\r\nContent-Length: 26000000\r\n\r\nx")
	c.holding(1, 0)
	if got := c.post("/hooks/github", strings.NewReader(strings.Repeat("x", 9<<10))).StatusCode; got != http.StatusAccepted {
		t.Errorf("beside it: %d", got)
	}
}
