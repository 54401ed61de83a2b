package fakeslack_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// bot is a bot that checks what Slack sends with Slack's own rules.
type bot struct {
	t       *testing.T
	now     func() time.Time
	answer  string
	command slack.SlashCommand
	pressed slack.InteractionCallback
}

func (b *bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Error(err)
	}
	stamp := r.Header.Get("X-Slack-Request-Timestamp")
	if n, _ := strconv.ParseInt(stamp, 10, 64); n != b.now().Unix() {
		b.t.Errorf("sent at %s", stamp)
	}
	// The library compares with the wall clock; a stamp of now keeps the
	// rest of its check, over the same body.
	wall := strconv.FormatInt(time.Now().Unix(), 10)
	if r.Header.Get("X-Slack-Signature") != fakeslack.Sign(secret, stamp, string(body)) {
		b.t.Error("wrong signature")
	}
	r.Header.Set("X-Slack-Request-Timestamp", wall)
	r.Header.Set("X-Slack-Signature", fakeslack.Sign(secret, wall, string(body)))
	v, err := slack.NewSecretsVerifier(r.Header, secret)
	if err == nil {
		_, _ = v.Write(body)
		err = v.Ensure()
	}
	if err != nil {
		b.t.Errorf("signature: %v", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	b.command, _ = slack.SlashCommandParse(r)
	if p := r.PostForm.Get("payload"); p != "" {
		if err := json.Unmarshal([]byte(p), &b.pressed); err != nil {
			b.t.Error(err)
		}
	}
	_, _ = io.WriteString(w, b.answer)
}

func newBot(t *testing.T, w world, answer string) *bot {
	t.Helper()
	b := &bot{t: t, now: w.clock.now, answer: answer}
	h := httptest.NewServer(b)
	t.Cleanup(h.Close)
	w.SetURLs("", h.URL, h.URL)
	return b
}

func TestCommandIsSignedAndAnsweredByItsURL(t *testing.T) {
	w := newWorld(t)
	b := newBot(t, w, "on it")
	res, err := w.Command(t.Context(), w.alice, w.shop, "/roundtrip", "deploy canary")
	noErr(t, err)
	c := b.command
	if c.Command != "/roundtrip" || c.Text != "deploy canary" || c.UserID != w.alice || c.ChannelName != "shop" || c.TeamID != fakeslack.TeamID {
		t.Errorf("command: %+v", c)
	}
	if res.Status != 200 || res.Body != "on it" {
		t.Errorf("answer: %+v", res)
	}
	noErr(t, slack.PostWebhook(c.ResponseURL, &slack.WebhookMessage{Text: "started", ResponseType: "in_channel"}))
	noErr(t, slack.PostWebhook(c.ResponseURL, &slack.WebhookMessage{Text: "placed", ReplaceOriginal: true}))
	got := w.ResponsesTo(res.ID)
	if len(got) != 2 || got[0].Text != "on it" || got[1].Text != "placed" {
		t.Errorf("responses: %+v", got)
	}
	if m := w.Messages("#shop"); len(m) != 1 || m[0].Text != "placed" || m[0].Edited != 1 {
		t.Errorf("channel: %+v", m)
	}
	if e := w.Ephemerals(w.alice); len(e) != 1 || e[0].Text != "on it" {
		t.Errorf("whispers: %+v", e)
	}
}

func TestResponseURLIsUsedUpAndExpires(t *testing.T) {
	w := newWorld(t)
	b := newBot(t, w, "")
	for name, c := range map[string]struct {
		wait time.Duration
		good int
	}{"five times": {time.Minute, 5}, "thirty minutes": {31 * time.Minute, 0}} {
		_, err := w.Command(t.Context(), w.alice, w.shop, "/roundtrip", "status")
		noErr(t, err)
		w.clock.add(c.wait)
		for i := range 6 {
			err := slack.PostWebhook(b.command.ResponseURL, &slack.WebhookMessage{Text: "x"})
			if (err == nil) != (i < c.good) {
				t.Errorf("%s: use %d: %v", name, i+1, err)
			}
		}
	}
}

func TestPressSendsTheButtonThatIsThere(t *testing.T) {
	w := newWorld(t)
	b := newBot(t, w, "")
	label := slack.NewTextBlockObject(slack.PlainTextType, "Promote", false, false)
	_, ts, err := w.client.PostMessage(w.shop, slack.MsgOptionText("ready", false), slack.MsgOptionBlocks(section("ready"),
		slack.NewActionBlock("go", slack.NewButtonBlockElement("promote", "acme/shop#12", label))))
	noErr(t, err)
	res, err := w.Press(t.Context(), w.alice, w.shop, ts, "promote")
	noErr(t, err)
	p := b.pressed
	if p.Type != slack.InteractionTypeBlockActions || len(p.ActionCallback.BlockActions) != 1 || p.Message.Timestamp != ts {
		t.Fatalf("payload: %+v", p)
	}
	if a := p.ActionCallback.BlockActions[0]; a.Value != "acme/shop#12" || a.BlockID != "go" || p.User.ID != w.alice {
		t.Errorf("action: %+v by %s", a, p.User.ID)
	}
	noErr(t, slack.PostWebhook(p.ResponseURL, &slack.WebhookMessage{Text: "promoted", ReplaceOriginal: true}))
	if m := w.Messages(w.shop); m[0].Text != "promoted" || len(w.ResponsesTo(res.ID)) != 1 {
		t.Errorf("message: %+v", m)
	}
	if _, err := w.Press(t.Context(), w.alice, w.shop, ts, "promote"); err == nil {
		t.Error("pressed a button that is gone")
	}
}

func TestASilentBotTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // three seconds of pretend time
		s := fakeslack.New(fakeslack.Options{
			SigningSecret: secret, Client: &http.Client{Transport: hang{}}, CommandURL: "http://127.0.0.1:1",
		})
		_, err := s.Command(t.Context(), s.AddPerson("bob"), s.AddChannel("x"), "/roundtrip", "")
		if !errors.Is(err, fakeslack.ErrTimeout) {
			t.Errorf("got %v", err)
		}
	})
}

func TestCommandsNeedSomebodySomewhere(t *testing.T) {
	w := newWorld(t)
	if _, err := w.Command(t.Context(), w.alice, w.shop, "/roundtrip", ""); err == nil {
		t.Error("sent a command to nowhere")
	}
	newBot(t, w, "")
	if _, err := w.Command(t.Context(), "U0NOBODY01", w.shop, "/roundtrip", ""); err == nil {
		t.Error("a nobody gave a command")
	}
	if _, err := w.Command(t.Context(), w.alice, "#nowhere", "/roundtrip", ""); err == nil {
		t.Error("a command was given nowhere")
	}
}

// hang never answers.
type hang struct{}

func (hang) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}
