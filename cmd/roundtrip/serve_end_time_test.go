package main

import (
	"bufio"
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/memory"
)

// promised is how long it takes from the signal to the end, whoever hangs: the
// changelog says so.
const promised = 2 * time.Second

// TestEndsInTimeWhoeverHangs: on a clock of its own, to the moment. GitHub, Slack
// and the deploy target hang, with work in hand for each of them, and half a webhook
// came. It ends within the time that is promised, and what was in hand is put back,
// unless the database hangs as well. A connection on which nothing came, and a page
// that is told of news, are not waited for at all.
func TestEndsInTimeWhoeverHangs(t *testing.T) {
	key := must[*rsa.PrivateKey](t)(appKey()) // to make it takes no time of that clock
	for name, c := range map[string]struct {
		busy, database bool // with work and webhooks; and what hangs
		within         time.Duration
	}{
		"nobody hangs":           {false, false, answersWithin / 2},
		"all hang, not database": {true, false, promised},
		"the database as well":   {true, true, promised},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServing(t, key)
				s.open(t)
				if c.busy {
					s.busy(t)
				}
				s.db.hangs.Store(c.database)
				if took, err := s.end(); err != nil || took > c.within {
					t.Errorf("it took %v of %v (%v)", took, c.within, err)
				}
				if left := s.inHand(t); len(left) > 0 != c.database || s.isAway() == c.database {
					t.Errorf("all was put away: %v; still in hand: %v", s.isAway(), left)
				}
				close(s.db.answers)
				<-s.away
			})
		})
	}
}

// serving is serve in a world in this process, which hangs when it is told to.
type serving struct {
	w      *playground.World
	line   *hangingLine
	db     *hangingStore
	doors  [2]pipes
	signal context.CancelFunc
	ended  chan error    // it is at its end
	away   chan struct{} // nothing of it is at work any more
}

func newServing(t *testing.T, key *rsa.PrivateKey) *serving {
	t.Helper()
	w := must[*playground.World](t)(playground.New(t.Context(), playground.Options{Inside: true, Key: key, Clock: playground.NewClock(time.Now())}))
	t.Cleanup(w.Close)
	if err := w.Found(playground.LiveFile); err != nil {
		t.Fatal(err)
	}
	s := &serving{
		w: w, line: &hangingLine{over: w.Over()}, db: &hangingStore{Store: memory.New(time.Now), answers: make(chan struct{})},
		doors: [2]pipes{newPipes(), newPipes()}, ended: make(chan error, 1), away: make(chan struct{}),
	}
	settings, err := settingsFor(w, "sqlite:nobody-opens-it.db")
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	a := must[*app](t)(connect(settings, s.db, around{log: log, over: s.line}))
	w.SetBot(a.public)
	ctx, stop := context.WithCancel(t.Context())
	s.signal = stop
	go func() {
		s.ended <- endsInTime(ctx, log, func() error {
			defer close(s.away)
			a.run(ctx, s.doors[0], s.doors[1], log)
			return s.db.hang()
		})
	}()
	return s
}

// open opens a connection that says nothing, and a page that is told of news.
func (s *serving) open(t *testing.T) {
	t.Helper()
	s.doors[0].dial(t)
	page := s.doors[1].dial(t)
	must[int](t)(fmt.Fprint(page, "GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n"))
	if line, err := bufio.NewReader(page).ReadString('\n'); err != nil || !strings.Contains(line, "200") {
		t.Fatalf("%q, %v", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, page) }() // it reads until it ends
}

// busy gives it work for everybody, none of whom answers, and half a webhook.
func (s *serving) busy(t *testing.T) {
	t.Helper()
	half := s.doors[0].dial(t)
	must[int](t)(fmt.Fprint(half, "POST /hooks/github HTTP/1.1\r\nHost: bot\r\nContent-Length: 9\r\n\r\nhalf"))
	n := must[int](t)(s.w.OpenChange(fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"}, playground.Size{Added: 9}))
	for _, check := range []string{"build", "unit"} {
		if err := s.w.Report(check, fmt.Sprintf("#%d", n), "success"); err != nil {
			t.Fatal(err)
		}
	}
	s.passes(t)
	s.line.hangs.Store("POST PUT PATCH") // of what is read nothing hangs yet
	say(t, s.w, n, "alice", "/deploy staging @"+look(t, s.w, n).Head)
	s.passes(t)
	s.line.hangs.Store("GET POST PUT PATCH")
	say(t, s.w, n, "bob", "/deploy staging @"+look(t, s.w, n).Head)
	s.passes(t)
	held := strings.Join(s.inHand(t), ", ")
	for _, one := range []string{"reaction ", "message ", "stage.start ", "letter "} {
		if !strings.Contains(held, one) {
			t.Errorf("nothing is in hand for %s, but %s", one, held)
		}
	}
}

// passes lets webhooks come, and what they lead to be done.
func (s *serving) passes(t *testing.T) {
	t.Helper()
	must[int](t)(s.w.GitHub.Deliver(t.Context()))
	time.Sleep(time.Second)
	s.w.Advance(time.Now())
}

// end tells it to, and says how long that took.
func (s *serving) end() (took time.Duration, err error) {
	synctest.Wait()
	told := time.Now()
	s.signal()
	err = <-s.ended
	return time.Since(told), err
}

func (s *serving) isAway() bool {
	select {
	case <-s.away:
		return true
	default:
		return false
	}
}

func (s *serving) inHand(t *testing.T) (held []string) {
	t.Helper()
	for _, l := range must[[]bot.Letter](t)(s.db.Letters(t.Context(), bot.LetterHandling, 10)) {
		held = append(held, "letter "+l.ID)
	}
	for _, task := range must[[]bot.Task](t)(s.db.Tasks(t.Context(), bot.TaskPerforming, 10)) {
		held = append(held, task.Kind+" "+task.Key)
	}
	return held
}

// hangingLine does not answer requests by the methods that hang.
type hangingLine struct {
	over  http.RoundTripper
	hangs atomic.Value
}

func (l *hangingLine) RoundTrip(r *http.Request) (*http.Response, error) {
	if methods, _ := l.hangs.Load().(string); strings.Contains(methods, r.Method) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return l.over.RoundTrip(r)
}

// hangingStore does not answer, whoever gives up, about what ends work.
type hangingStore struct {
	*memory.Store
	hangs   atomic.Bool
	answers chan struct{}
}

func (s *hangingStore) hang() error {
	if s.hangs.Load() {
		<-s.answers
		return errors.New("the database was away")
	}
	return nil
}

func (s *hangingStore) Now(ctx context.Context) (time.Time, error) {
	if err := s.hang(); err != nil {
		return time.Time{}, err
	}
	return s.Store.Now(ctx)
}

func (s *hangingStore) RetryLetter(ctx context.Context, l bot.Letter, at time.Time, why string, tell bot.Event) error {
	if err := s.hang(); err != nil {
		return err
	}
	return s.Store.RetryLetter(ctx, l, at, why, tell)
}

func (s *hangingStore) RetryTask(ctx context.Context, t bot.Task, at time.Time, why string) (bool, error) {
	if err := s.hang(); err != nil {
		return false, err
	}
	return s.Store.RetryTask(ctx, t, at, why)
}

// pipes are a door in this process, whose connections wait by the test's clock.
type pipes struct {
	come   chan net.Conn
	closed chan struct{}
}

func newPipes() pipes { return pipes{make(chan net.Conn), make(chan struct{})} }

func (p pipes) dial(t *testing.T) net.Conn {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { _ = ours.Close() })
	p.come <- theirs
	return ours
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.come:
		return c, nil
	case <-p.closed:
		return nil, io.EOF
	}
}

func (p pipes) Close() error   { close(p.closed); return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "a door in this process", Net: "pipe"} }
