package github_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// writing is a pretend GitHub in which one after the other is written, each as
// the number of the round, and how far that came.
type writing struct {
	*fakegithub.Server
	t        *testing.T
	repo     bot.RepoRef
	change   bot.ChangeRef
	first    bot.SHA  // of main
	heads    sync.Map // rounds by head of the change
	finished atomic.Int64
	same     atomic.Int64 // answers that said "not modified"
}

type overFunc func(*http.Request) (*http.Response, error)

func (f overFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func newWriting(t *testing.T) (*writing, *github.Client) {
	t.Helper()
	block, _ := pem.Decode(key())
	k, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	noErr(t, err)
	w := &writing{t: t, Server: fakegithub.New(fakegithub.Options{AppID: ourApp, PublicKey: k.Public().(*rsa.PublicKey), Now: time.Now})}
	s := httptest.NewServer(w)
	t.Cleanup(s.Close)
	w.SetURLs(s.URL, s.URL)
	info := w.AddRepo("acme/shop", map[string]string{"README.md": "0\n"})
	w.repo = bot.RepoRef{Installation: info.Installation, ID: info.ID, Name: "acme/shop"}
	w.first = bot.SHA(info.Head)
	n, err := w.Open("acme/shop", fakegithub.NewChange{Author: "ann", Title: "0", Branch: "more", Files: map[string]string{"a": "0\n"}})
	noErr(t, err)
	w.change = bot.ChangeRef{Repo: w.repo, Number: n}
	w.round(0)
	return w, newClient(t, s.URL, overFunc(func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err == nil && resp.StatusCode == http.StatusNotModified {
			w.same.Add(1)
		}
		return resp, err
	}))
}

// round writes n wherever somebody reads.
func (w *writing) round(n int64) {
	text := fmt.Sprint(n)
	did := func(_ any, err error) {
		if err != nil {
			w.t.Error(err)
		}
	}
	head, err := w.Push("acme/shop", "more", "ann", "Round "+text, map[string]string{"a": text + "\n"})
	did(head, err)
	w.heads.Store(bot.SHA(head), n)
	did(w.Push("acme/shop", "main", "ann", "Round "+text, map[string]string{"README.md": text + "\n"}))
	did(nil, w.Edit("acme/shop", w.change.Number, "ann", text, ""))
	did(w.Check("acme/shop", string(w.first), "round "+text, "completed", "success"))
	w.finished.Store(n)
}

// reads are ways to see how far it came.
func (w *writing) reads(c *github.Client) map[string]func() (int64, error) {
	of := func(head bot.SHA) int64 {
		if n, ok := w.heads.Load(head); ok {
			return n.(int64)
		}
		return math.MaxInt64 // it was pushed and is not noted yet: newer than all that is
	}
	number := func(text string) (n int64) { _, _ = fmt.Sscan(text, &n); return n }
	return map[string]func() (int64, error){
		"the change's head":  func() (int64, error) { v, err := c.Change(w.t.Context(), w.change); return of(v.Head), err },
		"the change's title": func() (int64, error) { v, err := c.Change(w.t.Context(), w.change); return number(v.Title), err },
		"a branch's head":    func() (int64, error) { v, err := c.Head(w.t.Context(), w.repo, "more"); return of(v), err },
		"a file": func() (int64, error) {
			v, err := c.File(w.t.Context(), w.repo, "README.md")
			return number(string(v)), err
		},
		"the checks of a commit": func() (int64, error) {
			runs, err := c.Checks(w.t.Context(), w.repo, w.first)
			return int64(len(runs)) - 1, err // one a round, from 0
		},
		"the list of changes": func() (int64, error) {
			all, err := c.OpenChanges(w.t.Context(), w.repo, "", 0)
			if len(all) != 1 {
				return -1, err
			}
			return number(all[0].Title), err
		},
		"people's page": func() (int64, error) {
			v, err := w.Server.Change("acme/shop", w.change.Number)
			return number(v.Title), err
		},
	}
}

// TestAnAnswerIsNeverOlderThanWhatWasWritten: while one after the other is
// written all is read again and again, most of it "not modified", and each
// answer has at least what was finished before it was asked for.
func TestAnAnswerIsNeverOlderThanWhatWasWritten(t *testing.T) {
	w, c := newWriting(t)
	const rounds = 10
	var reading sync.WaitGroup
	var asked atomic.Int64
	for name, read := range w.reads(c) {
		for range 2 {
			reading.Go(func() {
				for before := int64(0); before < rounds; {
					before = w.finished.Load()
					is, err := read()
					if err != nil || is < before {
						t.Errorf("%s is as of round %d after round %d (%v)", name, is, before, err)
						return
					}
					asked.Add(1)
				}
			})
		}
	}
	for n := range int64(rounds) {
		for until := asked.Load() + 20; asked.Load() < until && !t.Failed(); {
			time.Sleep(time.Millisecond)
		}
		w.round(n + 1)
	}
	reading.Wait()
	if w.same.Load() < rounds {
		t.Errorf("%d answers said that nothing changed: this proves too little", w.same.Load())
	}
}
