package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// While a delivery is being stored, nobody is told that it was.
func TestNothingIsAcknowledgedBeforeItIsStored(t *testing.T) {
	good := map[string]string{"X-Slack-Signature": "good"}
	for _, c := range []struct {
		call
		want int
	}{
		{call{path: github, body: "{}", header: event(nil)}, http.StatusAccepted},
		{call{path: commands, body: "command=1", header: good}, http.StatusOK},
		{call{path: presses, body: "press=1", header: good}, http.StatusOK},
	} {
		t.Run(c.path, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, stored := &answer{ResponseRecorder: httptest.NewRecorder()}, false
				o := options(&inbox{})
				o.Hear = func(context.Context, string, string, string, []byte) (bool, error) {
					time.Sleep(time.Second)
					if w.begun {
						t.Error("the answer began before it was stored")
					}
					stored = true
					return true, nil
				}
				r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, c.path, strings.NewReader(c.body))
				for k, v := range c.header {
					r.Header.Set(k, v)
				}
				New(o).ServeHTTP(w, r)
				if !stored || w.Code != c.want {
					t.Errorf("stored %v, status %d", stored, w.Code)
				}
			})
		})
	}
}

// answer knows whether it has begun.
type answer struct {
	*httptest.ResponseRecorder
	begun bool
}

func (a *answer) WriteHeader(status int) { a.begun = true; a.ResponseRecorder.WriteHeader(status) }

func (a *answer) Write(b []byte) (int, error) { a.begun = true; return a.ResponseRecorder.Write(b) }

func TestAPressThatCouldNotBeStoredIsNotAcknowledged(t *testing.T) {
	b := &inbox{err: errors.New("postgres://secret@db is down")}
	w := ask(t, New(options(b)), call{path: presses, body: "press=1", header: map[string]string{"X-Slack-Signature": "good"}})
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "postgres") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}

func TestTheNameOfAnEventHasABound(t *testing.T) {
	for n, want := range map[int]int{100: http.StatusAccepted, 101: http.StatusBadRequest} {
		for _, name := range []string{"X-GitHub-Event", "X-GitHub-Delivery"} {
			b := &inbox{}
			w := ask(t, New(options(b)), call{path: github, header: event(func(h map[string]string) { h[name] = strings.Repeat("x", n) })})
			if heard := len(b.all()) == 1; w.Code != want || heard != (want == http.StatusAccepted) {
				t.Errorf("%s of %d: status %d, heard %v", name, n, w.Code, heard)
			}
		}
	}
}

// A refusal names no reason that helps who forges, and no body is echoed.
func TestARefusalTellsNothing(t *testing.T) {
	o := options(&inbox{})
	for name, err := range map[string]error{
		"signature": errors.Join(errors.New("wanted abc123"), bot.ErrSignature),
		"too large": errors.Join(errors.New("wanted abc123"), bot.ErrTooLarge),
		"unread":    errors.New("wanted abc123"),
	} {
		o.GitHub = func(http.Header, io.Reader) ([]byte, error) { return []byte("abc123"), err }
		w := ask(t, New(o), call{path: github, body: "abc123", header: event(nil)})
		if w.Code/100 != 4 || strings.Contains(w.Body.String(), "abc123") {
			t.Errorf("%s: status %d: %s", name, w.Code, w.Body)
		}
	}
}
