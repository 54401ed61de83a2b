package main

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/story"
)

// manyFile has more canaries at once than the bot has loops.
const manyFile = `version: 1
batch: {mode: block}
services: {s1: {}, s2: {}, s3: {}, s4: {}, s5: {}, s6: {}, s7: {}, s8: {}}
stages:
  canary: {environment: production, executor: {http: cd}, strategy: {canary: [{weight: 25%, for: 5m}]}}
  production: {environment: production, executor: {http: cd}}
sources: [prom]
arms: {canary: 'version="{{ .SHA }}"', stable: 'version="{{ .StableSHA }}"'}
metrics: {errors: {class: primary, ratio: {bad: 'requests{ {{ .Arm }},code=~"5.." }', total: 'requests{ {{ .Arm }} }'}}}
judge: {window: 1m}
notify: {channel: "#shop", deploys: "#shop-deploys"}
`

// hanging is a peer that may stop answering: it accepts, and that is all.
type hanging struct {
	http.Handler
	hangs       atomic.Bool
	asked, back atomic.Int64 // while it hangs: requests, and those that were given up
}

func (p *hanging) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if !p.hangs.Load() {
		p.Handler.ServeHTTP(rw, r)
		return
	}
	_, _ = io.Copy(io.Discard, r.Body) // only then is it seen that the client goes
	p.asked.Add(1)
	<-r.Context().Done()
	p.back.Add(1)
}

func (p *hanging) open(t *testing.T) string {
	s := httptest.NewServer(p)
	t.Cleanup(s.Close)
	return s.URL
}

// obedient is a deploy target that does at once what it is told.
func obedient() http.Handler {
	var mu sync.Mutex
	known := map[string]map[string]any{}
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var d map[string]any
		_ = json.NewDecoder(r.Body).Decode(&d)
		path := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/deployments"), "/")
		if len(path) < 2 {
			d["state"] = bot.StagePlaced
			known[d["key"].(string)] = d
		} else {
			key, _ := url.PathUnescape(path[1])
			if d = known[key]; d == nil {
				http.Error(rw, `{"error":"unknown"}`, http.StatusNotFound)
				return
			}
		}
		if strings.HasSuffix(r.URL.Path, "/finish") {
			d["state"], d["weight"] = bot.StageFinished, 100
		}
		_ = json.NewEncoder(rw).Encode(d)
	})
}

// slowWorld is a world in which all but GitHub may hang.
type slowWorld struct {
	*hour
	prom, cd, slack hanging
}

func newSlowWorld(t *testing.T) *slowWorld {
	h := &slowWorld{hour: &hour{t: t, clock: playground.NewClock(story.Began)}}
	h.w = must[*playground.World](t)(playground.New(t.Context(), playground.Options{Clock: h.clock, Key: must[*rsa.PrivateKey](t)(appKey())}))
	t.Cleanup(h.w.Close)
	tellOnFailure(t, h.w)
	if err := h.w.Found(manyFile); err != nil {
		t.Fatal(err)
	}
	h.prom.Handler, h.cd.Handler = http.NotFoundHandler(), obedient()
	h.slack.Handler = httputil.NewSingleHostReverseProxy(must[*url.URL](t)(url.Parse(h.w.URL)))
	environ := h.w.Settings("sqlite:" + filepath.Join(t.TempDir(), "slow.db"))
	environ["ROUNDTRIP_SLACK_API_URL"] = strings.Replace(environ["ROUNDTRIP_SLACK_API_URL"], h.w.URL, h.slack.open(t), 1)
	file := fmt.Sprintf("endpoints:\n  cd: {type: http, url: %q, secret: %s, timeout: 60s, repositories: [%s]}\n  prom: {type: prometheus, url: %q, timeout: 60s, repositories: [%s]}\n",
		h.cd.open(t), strings.Repeat("s", 32), playground.Repo, h.prom.open(t), playground.Repo)
	s, mistakes := config.LoadServer(environ, "slow.yml", func(string) ([]byte, error) { return []byte(file), nil })
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	h.app = must[*app](t)(assemble(t.Context(), s, around{clock: h.w.Now}))
	h.w.SetBot(h.app.public)
	t.Cleanup(h.leave)
	h.w.SetBooks(h.app.store)
	return h
}

// TestWhoHangsHoldsNobodyUp: a Prometheus hangs while eight canaries are to be
// looked at, a deploy target while one of them is to go back, and Slack while a
// hundred messages wait. Meanwhile a change is judged and a command answered,
// before any of those requests has come back.
func TestWhoHangsHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	h := newSlowWorld(t)
	h.settle(false)
	open := func(title string) int {
		return must[int](t)(h.w.OpenChange(fakegithub.NewChange{Author: "alice", Title: title}, playground.Size{Added: 5}))
	}
	for _, stage := range []string{"production", "canary"} {
		n := open("To " + stage)
		h.pass(12*time.Minute, time.Minute, false) // what went before soaks for ten
		for i := range 8 {
			h.say(n, fmt.Sprintf("/deploy s%d:%s", i+1, stage))
		}
		h.pass(40*time.Second, 10*time.Second, false)
	}
	var messages bot.Plan
	for i := range 100 {
		messages.Do(bot.KeepMessage{Channel: "#shop", Place: fmt.Sprint("wanted/", i), Text: "News"})
	}
	h.plan(2, messages)
	for _, p := range []*hanging{&h.prom, &h.cd, &h.slack} {
		p.hangs.Store(true)
	}
	h.w.Advance(h.clock.Now().Add(time.Minute)) // the looks are due
	h.say(2, "/abort s8:canary")

	ctx, stop := context.WithCancel(t.Context())
	var working sync.WaitGroup
	defer working.Wait()
	defer stop()
	working.Go(func() { h.app.engine.Run(ctx) })
	working.Go(func() { h.w.GitHub.Run(ctx) })
	h.comesTo("all three hang", func() bool {
		return h.prom.asked.Load() >= 2 && h.cd.asked.Load() >= 1 && h.slack.asked.Load() >= 1
	})
	n := open("While they hang")
	h.say(n, "/status")
	h.comesTo("the change is judged and the command answered", func() bool {
		c := look(t, h.w, n)
		judged := slices.ContainsFunc(c.Checks, func(c fakegithub.CheckView) bool { return c.Name == "roundtrip / batch" })
		return judged && len(c.Comments) > 1
	})
	if back := h.prom.back.Load() + h.cd.back.Load(); back > 0 {
		t.Errorf("%d of the requests that hang came back before", back)
	}
	if asked := h.prom.asked.Load(); asked != 2 {
		t.Errorf("%d looks wait for Prometheus", asked)
	}
}

// comesTo waits for something to become true.
func (h *slowWorld) comesTo(what string, is func() bool) {
	h.t.Helper()
	for begun := time.Now(); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begun) > 15*time.Second {
			h.t.Fatalf("it never came to this: %s; asked: Prometheus %d, target %d, Slack %d; %s", what, h.prom.asked.Load(), h.cd.asked.Load(), h.slack.asked.Load(), h.unrest())
		}
	}
}
