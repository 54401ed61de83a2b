package slack_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
	"github.com/roundtrip-bot/roundtrip/bot/slack"
)

// inbox keeps what is heard, or refuses to.
type inbox struct {
	mu     sync.Mutex
	bodies map[string]string // by id
	full   bool
}

func (i *inbox) hear(_ context.Context, _, id, _ string, body []byte) (bool, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.full {
		return false, errors.New("the disk is full")
	}
	i.bodies[id] = string(body)
	return true, nil
}

func (i *inbox) refuse(full bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.full = full
}

// TestSocketMode hears commands over a connection that goes out from us, also
// after it was cut, and acknowledges only what is stored.
func TestSocketMode(t *testing.T) {
	s := fakeslack.New(fakeslack.Options{BotToken: "xoxb-x", AppToken: "xapp-x", SigningSecret: strings.Repeat("s", 32)})
	server := httptest.NewServer(s)
	defer server.Close()
	defer s.DropSockets()
	s.SetURLs(server.URL, "http://nobody.invalid/commands", "")
	alice, shop := s.AddPerson("alice"), s.AddChannel("shop")
	in := &inbox{bodies: map[string]string{}}
	client := slack.New(slack.Options{APIURL: server.URL + "/api/", BotToken: "xoxb-x", AppToken: "xapp-x"})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- client.Listen(ctx, in.hear, slog.New(slog.DiscardHandler)) }()
	connected(t, s)

	res, err := s.Command(t.Context(), alice, shop, "/roundtrip", "status")
	if err != nil || !strings.Contains(res.Body, "On it") {
		t.Fatalf("%+v %v", res, err)
	}
	form, err := url.ParseQuery(only(t, in))
	if err != nil || form.Get("text") != "status" || form.Get("user_id") != alice || form.Get("response_url") == "" {
		t.Errorf("heard %v (%v)", form, err)
	}

	s.DropSockets()
	connected(t, s)
	if _, err := s.Command(t.Context(), alice, shop, "/roundtrip", "help"); err != nil {
		t.Errorf("after the connection was cut: %v", err)
	}

	in.refuse(true)
	if _, err := s.Command(t.Context(), alice, shop, "/roundtrip", "deploy"); !errors.Is(err, fakeslack.ErrTimeout) {
		t.Errorf("what was not stored was acknowledged: %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestSocketModeWithAWrongToken(t *testing.T) {
	s := fakeslack.New(fakeslack.Options{BotToken: "xoxb-x", AppToken: "xapp-right"})
	server := httptest.NewServer(s)
	defer server.Close()
	s.SetURLs(server.URL, "", "")
	client := slack.New(slack.Options{APIURL: server.URL + "/api/", BotToken: "xoxb-x", AppToken: "xapp-wrong-and-secret"})
	err := client.Listen(t.Context(), (&inbox{}).hear, slog.New(slog.DiscardHandler))
	if err == nil || strings.Contains(err.Error(), "wrong-and-secret") {
		t.Errorf("it answered %v", err)
	}
}

// TestListeningInVainLeavesNothingBehind: who listens again every half minute
// to a Slack that refuses them has one reader at a time.
func TestListeningInVainLeavesNothingBehind(t *testing.T) {
	s := fakeslack.New(fakeslack.Options{BotToken: "xoxb-x", AppToken: "xapp-right"})
	server := httptest.NewServer(s)
	defer server.Close()
	s.SetURLs(server.URL, "", "")
	client := slack.New(slack.Options{APIURL: server.URL + "/api/", BotToken: "xoxb-x", AppToken: "xapp-wrong"})
	for range 5 {
		if err := client.Listen(t.Context(), (&inbox{}).hear, slog.New(slog.DiscardHandler)); err == nil {
			t.Fatal("a wrong token was taken")
		}
	}
	for end := time.Now().Add(10 * time.Second); readers() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d readers are left", readers())
		}
	}
}

// readers are the goroutines that Listen began and that have not ended.
func readers() int {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return strings.Count(string(stacks), "created by github.com/roundtrip-bot/roundtrip/bot/slack.(*Client).Listen")
}

func connected(t *testing.T, s *fakeslack.Server) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if s.Sockets() > 0 {
			return
		}
	}
	t.Fatal("no connection came")
}

func only(t *testing.T, in *inbox) string {
	t.Helper()
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, body := range in.bodies {
		return body
	}
	t.Fatal("nothing was heard")
	return ""
}
