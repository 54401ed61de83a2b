package github_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
)

// TestWhatWasSentIsListed: page by page, as the app itself, whatever became of
// it, and not what is no delivery.
func TestWhatWasSentIsListed(t *testing.T) {
	w := newWorld(t)
	c := w.client(t)
	w.listsBy("cursor", "GET /app/hook/deliveries",
		`[{"id":12345678901234567,"guid":"g-2","delivered_at":"2026-03-09T09:00:01Z","status":"OK","status_code":202,"event":"push"},
		  {"id":2,"guid":"","delivered_at":"2026-03-09T09:00:00Z","event":"push"}, {"id":3,"guid":"g","delivered_at":"yesterday","event":"push"}]`,
		`[{"id":1,"guid":"g-1","delivered_at":"2026-03-09T09:00:00Z","status":"failed to connect to host","status_code":0,"event":"issue_comment"}]`)
	at := time.Date(2026, 3, 9, 9, 0, 1, 0, time.UTC)
	page, next, err := c.Sent(t.Context(), "")
	if err != nil || len(page) != 1 || page[0] != (bot.Sent{ID: 12345678901234567, GUID: "g-2", Event: "push", At: at, Accepted: true}) || next != "2" {
		t.Fatalf("%+v, then %q (%v)", page, next, err)
	}
	page, next, err = c.Sent(t.Context(), next)
	if err != nil || len(page) != 1 || page[0].Accepted || page[0].LetterID() != "github/g-1" || next != "" {
		t.Errorf("%+v, then %q (%v)", page, next, err)
	}
	if len(w.mints) != 0 || !strings.HasPrefix(w.calls[0].Auth, "Bearer eyJ") || w.calls[0].Query["per_page"][0] != "100" || w.calls[0].Query["status"] != nil {
		t.Errorf("asked %+v with %d tokens", w.calls[0], len(w.mints))
	}
}

// TestWhatWasSentIsFetched: as it was, in order; the error is of the one after
// those that came.
func TestWhatWasSentIsFetched(t *testing.T) {
	w := newWorld(t)
	c := w.client(t)
	for id, payload := range map[int]string{
		1: `{"action": "opened", "id": 12345678901234567}`, 2: `{"a":1}`, 3: `null`, 4: `"text"`, 5: `{"x":"` + strings.Repeat("x", 9<<20) + `"}`,
	} {
		w.on(fmt.Sprintf("GET /app/hook/deliveries/%d", id), 200, fmt.Sprintf(`{"id":%d,"guid":"g-%d","event":"push","request":{"headers":null,"payload":%s}}`, id, id, payload))
	}
	w.on("GET /app/hook/deliveries/6", 500, `{}`)
	letters, err := c.Fetch(t.Context(), []int64{1, 2})
	if err != nil || len(letters) != 2 || letters[0].ID != "github/g-1" || letters[0].Source != "github" || letters[0].Name != "push" || string(letters[0].Body) != `{"action":"opened","id":12345678901234567}` {
		t.Errorf("%+v %v", letters, err)
	}
	for _, gone := range []int64{3, 77} {
		letters, err = c.Fetch(t.Context(), []int64{1, gone, 2})
		if len(letters) != 1 || !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("%d: %+v %v", gone, letters, err)
		}
	}
	if letters, err = c.Fetch(t.Context(), []int64{1, 6}); len(letters) != 1 || !errors.As(err, &bot.Away{}) || errors.Is(err, bot.ErrNotFound) {
		t.Errorf("%+v %v", letters, err)
	}
	if letters, err = c.Fetch(t.Context(), []int64{1, 5, 2}); len(letters) != 1 || err != nil {
		t.Errorf("%d came though there is no room for the second (%v)", len(letters), err)
	}
	if letters, err = c.Fetch(t.Context(), []int64{5, 1}); len(letters) != 1 || err != nil {
		t.Errorf("%d came, of which the first alone takes all the room (%v)", len(letters), err)
	}
}

// TestASlowFetchIsGoneOnWith: what came in the time that there is, is not lost.
func TestASlowFetchIsGoneOnWith(t *testing.T) {
	w := newWorld(t)
	c, err := github.New(github.Options{APIURL: w.url, AppID: ourApp, PrivateKey: key(), MarkKey: []byte("mark key"), ListFor: 300 * time.Millisecond})
	noErr(t, err)
	w.on("GET /app/hook/deliveries/1", 200, `{"id":1,"guid":"g-1","event":"push","request":{"payload":{}}}`)
	w.HandleFunc("GET /app/hook/deliveries/2", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	if letters, err := c.Fetch(t.Context(), []int64{1, 2}); len(letters) != 1 || err != nil {
		t.Errorf("%+v %v", letters, err)
	}
	if letters, err := c.Fetch(t.Context(), []int64{2, 1}); len(letters) != 0 || err == nil {
		t.Errorf("%+v %v", letters, err)
	}
}

// TestNothingNewCostsNothing: the second question says what it knows, with the
// same proof of who asks, or GitHub would not know the answer again.
func TestNothingNewCostsNothing(t *testing.T) {
	w := newWorld(t)
	c := w.client(t)
	newest, full := 7, 0
	w.HandleFunc("GET /app/hook/deliveries", func(rw http.ResponseWriter, r *http.Request) {
		tag := fmt.Sprintf(`W/"%d of %s"`, newest, r.Header.Get("Authorization"))
		rw.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		full++
		answer(rw, 200, fmt.Sprintf(`[{"id":%d}]`, newest))
	})
	for _, want := range []int64{7, 7, 8, 8} {
		newest = int(want)
		if id, err := c.Newest(t.Context()); id != want || err != nil {
			t.Errorf("%d, not %d (%v)", id, want, err)
		}
	}
	if full != 2 {
		t.Errorf("%d whole answers to four questions", full)
	}
}
