package web

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// lines gives what a stream says, line by line.
type lines struct {
	*httptest.ResponseRecorder
	said chan string
}

func (l lines) Write(b []byte) (int, error) { l.said <- string(b); return len(b), nil }

func (l lines) WriteString(s string) (int, error) { return l.Write([]byte(s)) }

func (l lines) Flush() {}

// A page hears once that something happened, each minute that time passes, and
// nothing else; the stream ends with its listener.
func TestLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int32
		s := &site{}
		s.pulse.count = func(context.Context) (map[string]int, map[string]int, error) {
			return map[string]int{"done": int(n.Load())}, nil, nil
		}
		ctx, leave := context.WithCancel(t.Context())
		w := lines{httptest.NewRecorder(), make(chan string, 100)}
		over := make(chan bool)
		go func() {
			s.live(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/live", nil))
			close(over)
		}()
		heard := func(within time.Duration) (all []string) {
			time.Sleep(within)
			synctest.Wait()
			for len(w.said) > 0 {
				all = append(all, <-w.said)
			}
			return all
		}
		if got := heard(11 * time.Second); len(got) != 1 || got[0] != "retry: 3000\n\n" {
			t.Errorf("while nothing happened: %q", got)
		}
		n.Store(2)
		if got := heard(10 * time.Second); len(got) != 1 || got[0] != "data: news\n\n" {
			t.Errorf("when something happened: %q", got)
		}
		if got := heard(time.Minute); len(got) != 1 || got[0] != "data: time\n\n" {
			t.Errorf("in a minute: %q", got)
		}
		leave()
		<-over
	})
}

// However many pages are open, the database is asked once.
func TestPulse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		p := pulse{count: func(context.Context) (map[string]int, map[string]int, error) {
			asked++
			return nil, map[string]int{"waiting": asked}, nil
		}}
		time.Sleep(time.Hour)
		for range 20 {
			if beat, err := p.now(t.Context()); err != nil || beat == "" {
				t.Errorf("%q, %v", beat, err)
			}
		}
		if asked != 1 {
			t.Errorf("asked %d times", asked)
		}
		time.Sleep(lookEvery)
		if _, _ = p.now(t.Context()); asked != 2 {
			t.Errorf("asked %d times", asked)
		}
	})
}

// Through a real server that limits how long an answer takes.
func TestLiveOverHTTP(t *testing.T) {
	s := httptest.NewUnstartedServer(Pages(&shelf{at: began}, "", nil))
	s.Config.WriteTimeout = 50 * time.Millisecond
	s.Start()
	defer s.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	line, err := bufio.NewReader(resp.Body).ReadString('\n')
	if err != nil || line != "retry: 3000\n" || resp.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" {
		t.Errorf("%q (%v), %v", line, err, resp.Header)
	}
}

func TestLiveWithoutADatabase(t *testing.T) {
	if w := see(t, &shelf{at: began, err: errors.New("secret")}, "/live"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}
