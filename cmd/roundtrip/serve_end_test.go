package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/campaign"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// Connections that are open and on which nothing came hold no end up: those
// that are there are closed, and those that still come.
func TestUnusedConnectionsAreClosed(t *testing.T) {
	d := server(http.NotFoundHandler())
	there := make(chan struct{})
	var once sync.Once
	d.ConnState = func(c net.Conn, s http.ConnState) {
		d.unused.changed(c, s)
		once.Do(func() { close(there) })
	}
	s := httptest.NewUnstartedServer(nil)
	var serving sync.WaitGroup
	defer serving.Wait()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	serving.Go(func() { d.serve(ctx, s.Listener) })
	before := must[net.Conn](t)(net.Dial("tcp", s.Listener.Addr().String()))
	defer before.Close()
	<-there
	d.unused.close() // the server itself is not told yet
	after := must[net.Conn](t)(net.Dial("tcp", s.Listener.Addr().String()))
	defer after.Close()
	for _, c := range []net.Conn{before, after} {
		if n, err := c.Read(make([]byte, 1)); err == nil {
			t.Errorf("%d bytes came over a connection that is to be closed", n)
		}
	}
}

// TestInterruptedWhileNobodyAnswers: GitHub, Slack and the deploy target hang
// while serve has work for each of them, and it is told to end (SIGTERM). It ends with status 0
// and has nothing in hand any more; the next process goes on where it stopped,
// and nothing is lost or done twice.
func TestInterruptedWhileNobodyAnswers(t *testing.T) {
	t.Parallel()
	w := live(t, playground.LiveFile)
	through := &hanging{Handler: httputil.NewSingleHostReverseProxy(must[*url.URL](t)(url.Parse(w.URL)))}
	how := starts(t, w, t.TempDir())
	url := through.open(t)
	how.Settings = bytes.ReplaceAll(w.File(), []byte(w.URL), []byte(url))
	how.Settings = bytes.ReplaceAll(how.Settings, []byte(strings.TrimPrefix(w.URL, "http://")), []byte(strings.TrimPrefix(url, "http://")))
	for name, value := range w.Settings("") {
		if strings.HasSuffix(name, "_API_URL") {
			how.Env = append(how.Env, name+"="+strings.Replace(value, w.URL, url, 1))
		}
	}
	begin := func() *campaign.Process {
		p := must[*campaign.Process](t)(how.Start())
		t.Cleanup(p.Kill)
		w.SetBot(p.Hooks)
		w.GitHub.HoldHooks(false)
		return p
	}
	p := begin()
	n := opened(t, w, p, fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"})
	through.hangs.Store(true)
	for i := range 5 {
		must[int](t)(w.OpenChange(fakegithub.NewChange{Author: "bob", Title: fmt.Sprint("Faster prices ", i)}, playground.Size{Added: 9}))
	}
	say(t, w, n, "alice", "/deploy staging @"+look(t, w, n).Head)
	until(t, p, "work hangs", func() bool { return through.asked.Load() >= 2 })
	told := time.Now()
	if status := p.Terminate(); status != 0 {
		t.Errorf("it ended with status %d:\n%s", status, p.Said())
	}
	if took := time.Since(told); took > 10*promised { // TestEndsInTimeWhoeverHangs knows it to the moment
		t.Errorf("it took %v:\n%s", took, p.Said())
	}
	if held := inHand(t, how.Database); len(held) > 0 {
		t.Errorf("nobody may go on before their leases have run out: %v\n%s", held, p.Said())
	}
	through.hangs.Store(false)
	p = begin()
	until(t, p, "all comes to rest", func() bool {
		return must[bool](t)(campaign.Rests(t.Context(), w, booksOf(how.Database))) && statusOf(t, w, n, "Live in staging")
	})
	nothingLost(t, w, how.Dir)
	nothingTwice(t, w)
}

// inHand is what a process has in hand, as its database says.
func inHand(t *testing.T, database string) (held []string) {
	t.Helper()
	db := must[campaign.Reader](t)(booksOf(database)(t.Context()))
	defer func() { _ = db.Close() }()
	for _, l := range must[[]bot.Letter](t)(db.Letters(t.Context(), bot.LetterHandling, 10)) {
		held = append(held, l.ID)
	}
	for _, task := range must[[]bot.Task](t)(db.Tasks(t.Context(), bot.TaskPerforming, 10)) {
		held = append(held, task.Kind+" "+task.Key)
	}
	slices.Sort(held)
	return held
}
