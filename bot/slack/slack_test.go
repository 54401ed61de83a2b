package slack_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
	"github.com/roundtrip-bot/roundtrip/bot/slack"
)

const (
	token  = "xoxb-not-to-be-seen"
	secret = "0123456789abcdef0123456789abcdef"
)

// world is a pretend Slack that listens, and our client of it. Receipts are
// kept as the engine keeps them.
type world struct {
	*fakeslack.Server
	t        *testing.T
	url      string
	client   *slack.Client
	mu       sync.Mutex
	receipts map[string]bot.Receipt
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		Server: fakeslack.New(fakeslack.Options{Now: func() time.Time { return noon }, SigningSecret: secret, BotToken: token}),
		t:      t, receipts: map[string]bot.Receipt{},
	}
	h := httptest.NewServer(w.Server)
	t.Cleanup(h.Close)
	w.url = h.URL
	w.SetURLs(h.URL, "", "")
	w.AddChannel("#shop")
	w.client = slack.New(slack.Options{APIURL: h.URL + "/api/", BotToken: token, Receipts: w.receipt})
	return w
}

func (w *world) receipt(_ context.Context, kind, key string) (bot.Receipt, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r, ok := w.receipts[kind+" "+key]
	return r, ok, nil
}

// try performs an effect once.
func (w *world) try(e bot.Effect, attempt int) error {
	w.t.Helper()
	return w.perform(bot.Job{Effect: e, Attempt: attempt})
}

// perform does a job, with the receipt of the one before.
func (w *world) perform(job bot.Job) error {
	w.t.Helper()
	e := job.Effect
	job.Last, _, _ = w.receipt(w.t.Context(), e.Kind(), e.Key())
	for _, p := range w.client.All() {
		if p.Kind() == e.Kind() {
			r, err := p.Perform(w.t.Context(), job)
			if err == nil {
				w.mu.Lock()
				w.receipts[e.Kind()+" "+e.Key()] = r
				w.mu.Unlock()
			}
			noSecret(w.t, err)
			return err
		}
	}
	w.t.Fatalf("nobody performs a %s", e.Kind())
	return nil
}

func noSecret(t *testing.T, err error) {
	t.Helper()
	if err != nil && (strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "/response/")) {
		t.Errorf("a secret stands in the error: %v", err)
	}
}

// do performs an effect, again after each failure, as the engine does.
func (w *world) do(e bot.Effect) {
	w.t.Helper()
	var err error
	for attempt := 1; attempt <= 5; attempt++ {
		if err = w.try(e, attempt); err == nil {
			return
		}
		var p bot.Permanent
		if errors.As(err, &p) {
			break
		}
	}
	w.t.Fatalf("%s %s: %v", e.Kind(), e.Key(), err)
}

func (w *world) texts() (list []string) {
	for _, m := range w.Messages("#shop") {
		list = append(list, m.Text)
	}
	return list
}

func (w *world) wantTexts(want ...string) {
	w.t.Helper()
	if got := w.texts(); strings.Join(got, "|") != strings.Join(want, "|") {
		w.t.Errorf("in the channel stands %q, want %q", got, want)
	}
}

func message(place, text string) bot.KeepMessage {
	return bot.KeepMessage{Channel: "#shop", Place: place, Text: text, Blocks: []bot.Block{{Kind: bot.Section, Text: text}}}
}

func reply(place, thread, text string) bot.KeepMessage {
	return bot.KeepMessage{Channel: "#shop", Place: place, Thread: thread, Text: text}
}

// blocksOf reads a message's blocks loosely.
func blocksOf(t *testing.T, m fakeslack.Message) (list []map[string]any) {
	t.Helper()
	if m.Blocks == nil {
		return nil
	}
	if err := json.Unmarshal(m.Blocks, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestWeSayAsWhomWeWrite(t *testing.T) {
	w := newWorld(t)
	who, err := w.client.Who(t.Context())
	if err != nil || who != "roundtrip in acme" {
		t.Errorf("%q, %v", who, err)
	}
	w.Fail(fakeslack.Fault{Method: "auth.test", Error: "invalid_auth"})
	if _, err = w.client.Who(t.Context()); err == nil || !strings.Contains(err.Error(), "copy it anew") {
		t.Errorf("a wrong token is told as %v", err)
	}
}

func TestEachEffectOfSlackHasAPerformerThatKnowsItsOwn(t *testing.T) {
	c := newWorld(t).client
	kinds := map[string]bool{}
	for _, p := range c.All() {
		kinds[p.Kind()] = true
		_, err := p.Perform(t.Context(), bot.Job{Effect: bot.React{}, Attempt: 1})
		var never bot.Permanent
		if !errors.As(err, &never) {
			t.Errorf("%s takes a reaction: %v", p.Kind(), err)
		}
	}
	if !kinds[bot.KeepMessage{}.Kind()] || !kinds[bot.Whisper{}.Kind()] {
		t.Errorf("performed are %v", kinds)
	}
}
