package github_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
)

// file is one of a pull request: its status and lines; lines < 0 is a binary.
type file struct {
	status string
	lines  int
}

// lists files as GitHub does: once so many lines are written in an answer, the
// files that follow in it have none, unmarked.
func lists(w *world, files []file, head string) {
	const most = 20000
	w.HandleFunc("GET /repos/acme/shop/pulls/12/files", func(rw http.ResponseWriter, r *http.Request) {
		size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		from := size * max(0, page-1)
		to := min(len(files), from+size)
		if to < len(files) {
			rw.Header().Set("Link", fmt.Sprintf(`<https://x/?per_page=%d&page=%d>; rel="next"`, size, max(1, page)+1))
		}
		rows, written := []map[string]any{}, 0
		for i, f := range files[min(from, len(files)):to] {
			row := map[string]any{"filename": fmt.Sprint(from + i), "status": f.status, "additions": 0, "deletions": 0, "contents_url": "https://x/contents/a?ref=" + head}
			if written < most && f.lines > 0 {
				row["additions"], row["deletions"], row["patch"] = f.lines-f.lines/2, f.lines/2, "@@"
			}
			written += max(0, f.lines)
			rows = append(rows, row)
		}
		text, _ := json.Marshal(rows)
		answer(rw, 200, string(text))
	})
}

func of(n int, f file) (files []file) {
	for range n {
		files = append(files, f)
	}
	return files
}

func TestLinesAreCountedFileByFile(t *testing.T) {
	large, image, renamed := file{"modified", 15000}, file{"added", -1}, file{"renamed", 0}
	for name, c := range map[string]struct {
		files []file
		lines int
		ok    bool
		calls int
	}{
		"all written":                     {of(3, file{"modified", 10}), 30, true, 1},
		"renamed alone":                   {of(150, renamed), 0, true, 2},
		"zeros after a large one":         {of(4, large), 60000, true, 3},
		"images":                          {of(12, image), 0, true, 13},
		"more images":                     {of(13, image), 0, true, 4},
		"images behind large files":       {append(of(2, large), of(40, image)...), 30000, true, 10},
		"too many to ask for":             {of(300, image), 0, false, 3},
		"nothing":                         {nil, 0, true, 1},
		"large ones among what is moved":  {append(of(120, renamed), of(4, large)...), 60000, true, 4},
		"a list that GitHub has cut off ": {of(3000, file{"modified", 1}), 0, false, 30},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			lists(w, c.files, shaA)
			size, ok, err := w.client(t).Lines(ctx, change, shaA)
			if c.ok != (err == nil) || err != nil && !errors.As(err, &bot.Permanent{}) || ok != c.ok || ok && (size.Added+size.Deleted != c.lines || size.Files != len(c.files)) {
				t.Errorf("%+v, %t, %v", size, ok, err)
			}
			if len(w.calls) != c.calls {
				t.Errorf("it took %d requests", len(w.calls))
			}
		})
	}
}

func TestLinesOfAnotherHead(t *testing.T) {
	w := newWorld(t)
	lists(w, of(2, file{"modified", 3}), shaB)
	if size, ok, err := w.client(t).Lines(ctx, change, shaA); ok || err != nil {
		t.Errorf("%+v, %t, %v", size, ok, err)
	}
}

// What GitHub cannot list now it may list later.
func TestLinesThatGitHubDoesNotList(t *testing.T) {
	for status, isAway := range map[int]bool{422: false, 502: true} {
		w := newWorld(t)
		w.on("GET /repos/acme/shop/pulls/12/files", status, `{"message":"Sorry, this diff is taking too long to generate."}`)
		_, ok, err := w.client(t).Lines(ctx, change, shaA)
		if ok || err == nil || errors.As(err, &bot.Away{}) != isAway || errors.As(err, &bot.Permanent{}) || errors.As(err, &bot.RetryAfter{}) {
			t.Errorf("%d: %t, %v", status, ok, err)
		}
	}
}

// A list that takes too long is not said, and may be said another time. It
// takes of the time of whoever asks no more than its own.
func TestLinesTakeNoLongerThanTheirTime(t *testing.T) {
	for name, slow := range map[string]string{"the list": "100", "a closer look": "1"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			lists(w, of(2, file{"added", -1}), shaA)
			front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("per_page") == slow {
					<-r.Context().Done() // until they have had enough
					return
				}
				w.ServeHTTP(rw, r)
			}))
			defer front.Close()
			c, err := github.New(github.Options{
				APIURL: front.URL, AppID: ourApp, PrivateKey: key(), MarkKey: []byte("mark key"), Login: self, CountFor: 300 * time.Millisecond,
			})
			noErr(t, err)
			_, ok, err := c.Lines(ctx, change, shaA)
			if ok || !errors.As(err, &bot.Away{}) || errors.As(err, &bot.Permanent{}) || !strings.Contains(err.Error(), "GitHub took longer than 300ms") {
				t.Errorf("%t, %v", ok, err)
			}
		})
	}
}

// Who asks and has no time left is told that, not that GitHub is slow.
func TestLinesEndWithWhoeverAsks(t *testing.T) {
	w := newWorld(t)
	over, cancel := context.WithCancel(ctx)
	w.HandleFunc("GET /repos/acme/shop/pulls/12/files", func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	if _, ok, err := w.client(t).Lines(over, change, shaA); ok || !errors.Is(err, context.Canceled) {
		t.Errorf("%t, %v", ok, err)
	}
}
