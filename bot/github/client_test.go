package github_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
)

func TestATokenIsForOneRepositoryAndNoMoreThanWeNeed(t *testing.T) {
	w := newWorld(t)
	w.on("GET /repos/acme/shop/branches/main", 200, `{"commit":{"sha":"`+shaA+`"}}`)
	w.on("GET /repos/acme/other/branches/main", 200, `{"commit":{"sha":"`+shaB+`"}}`)
	c := w.client(t)
	other := bot.RepoRef{Installation: 42, ID: 99, Name: "acme/other"}
	for range 3 {
		for _, repo := range []bot.RepoRef{shop, other} {
			_, err := c.Head(context.Background(), repo, "main")
			noErr(t, err)
		}
	}
	if len(w.mints) != 2 {
		t.Fatalf("%d tokens were minted for two repositories", len(w.mints))
	}
	for i, id := range []float64{1296269, 99} {
		m := w.mints[i]
		body := m.json(t)
		if m.Path != "/app/installations/42/access_tokens" || !reflect.DeepEqual(body["repository_ids"], []any{id}) {
			t.Errorf("%s with %s", m, m.Body)
		}
		want := map[string]any{
			"checks": "write", "contents": "read", "deployments": "write", "issues": "write",
			"pull_requests": "write", "statuses": "read", "metadata": "read",
		}
		if !reflect.DeepEqual(body["permissions"], want) {
			t.Errorf("permissions %v, want %v", body["permissions"], want)
		}
		if !strings.HasPrefix(m.Auth, "Bearer eyJ") || m.Agent != "roundtrip" {
			t.Errorf("a token is asked for with %.10q by %q", m.Auth, m.Agent)
		}
	}
	for _, call := range w.calls {
		if call.Auth != "token "+token || call.Agent != "roundtrip" {
			t.Errorf("%s came with %q from %q", call, call.Auth, call.Agent)
		}
	}
}

func TestWhoWeAre(t *testing.T) {
	w := newWorld(t)
	slug, login, err := w.client(t).App(context.Background())
	noErr(t, err)
	if slug != "roundtrip-test" || login != self {
		t.Errorf("%q, %q", slug, login)
	}
	if len(w.mints) != 0 || !strings.HasPrefix(w.calls[0].Auth, "Bearer eyJ") {
		t.Error("the app itself must ask, not an installation")
	}
}

func TestOurTokenGoesToNoOtherHost(t *testing.T) {
	var stolen string
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { stolen = r.Header.Get("Authorization") }))
	defer thief.Close()
	w := newWorld(t)
	w.HandleFunc("GET /repos/acme/shop/branches/main", func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, thief.URL, http.StatusMovedPermanently)
	})
	w.HandleFunc("GET /repos/acme/shop/branches/old", func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, "/repositories/1296269/branches/old", http.StatusMovedPermanently)
	})
	w.on("GET /repositories/1296269/branches/old", 200, `{"commit":{"sha":"`+shaA+`"}}`)
	c := w.client(t)
	if _, err := c.Head(context.Background(), shop, "main"); err == nil || stolen != "" {
		t.Errorf("error %v; the other host was told %q", err, stolen)
	}
	if head, err := c.Head(context.Background(), shop, "old"); err != nil || head != shaA {
		t.Errorf("a renamed repository: %s, %v", head, err)
	}
}

func TestAWriteThatWouldBecomeAReadIsNotDone(t *testing.T) {
	w := newWorld(t)
	w.HandleFunc("POST /repos/acme/shop/issues/comments/5/reactions", func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, "/repositories/1296269/issues/comments/5/reactions", http.StatusMovedPermanently)
	})
	w.on("GET /repositories/1296269/issues/comments/5/reactions", 200, `{}`)
	if _, err := perform(t, w.client(t), bot.Job{Effect: bot.React{Repo: shop, Comment: 5, Reaction: bot.Eyes}}); err == nil {
		t.Error("it counts as done")
	}
}

func TestOptionsThatCannotWorkAreRefused(t *testing.T) {
	good := github.Options{APIURL: "https://github.example.com/api/v3", AppID: 7, PrivateKey: key(), MarkKey: []byte("k")}
	if _, err := github.New(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*github.Options){
		"a user in the address": func(o *github.Options) { o.APIURL = "https://user:hunter2@github.example.com" },
		"no http":               func(o *github.Options) { o.APIURL = "file:///etc/passwd" },
		"no app":                func(o *github.Options) { o.AppID = 0 },
		"no key":                func(o *github.Options) { o.PrivateKey = []byte("hunter2") },
		"no mark key":           func(o *github.Options) { o.MarkKey = nil },
	} {
		o := good
		spoil(&o)
		if _, err := github.New(o); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	w := newWorld(t)
	w.on("GET /repos/acme/shop/branches/main", 200, `{"commit":{"sha":"`+shaA+`"}}`)
	w.on("GET /repos/acme/other/branches/main", 200, `{"commit":{"sha":"`+shaB+`"}}`)
	c := w.client(t)
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			repo := shop
			if i%2 == 1 {
				repo = bot.RepoRef{Installation: 42, ID: 99, Name: "acme/other"}
			}
			if _, err := c.Head(context.Background(), repo, "main"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(w.mints) != 2 {
		t.Errorf("%d tokens for two repositories", len(w.mints))
	}
}

func TestTenantsAreKeptApart(t *testing.T) {
	w := newWorld(t)
	c := w.client(t)
	for _, repo := range []bot.RepoRef{{ID: 1, Name: "a/b"}, {Installation: 1, Name: "a/b"}, {Installation: 1, ID: 1, Name: "a/../b"}, {Installation: 1, ID: 1, Name: "a/.."}} {
		if _, err := c.Head(context.Background(), repo, "main"); err == nil {
			t.Errorf("%+v was asked about", repo)
		}
	}
	if len(w.calls)+len(w.mints) != 0 {
		t.Errorf("GitHub was asked: %v", w.calls)
	}
}
