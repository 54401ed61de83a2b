package slack_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
	"github.com/roundtrip-bot/roundtrip/bot/slack"
)

var noon = time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)

// aBot is a bot that hears: it verifies what comes and remembers the last body.
type aBot struct {
	url  string
	mu   sync.Mutex
	body []byte
}

func newBot(t *testing.T) *aBot {
	t.Helper()
	verify, err := slack.NewVerifier(secret, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	b := &aBot{}
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := verify(r.Header, r.Body)
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.body = body
	}))
	t.Cleanup(h.Close)
	b.url = h.URL
	return b
}

func (b *aBot) form(t *testing.T) url.Values {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	form, err := url.ParseQuery(string(b.body))
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func signed(secret string, at time.Time, body string) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	return http.Header{"X-Slack-Request-Timestamp": {stamp}, "X-Slack-Signature": {fakeslack.Sign(secret, stamp, body)}}
}

func TestWhoSignsWithASecretThatEverybodyKnows(t *testing.T) {
	for _, s := range []string{"", "short", strings.Repeat("x", 15)} {
		if _, err := slack.NewVerifier(s, nil); err == nil || s != "" && strings.Contains(err.Error(), s) {
			t.Errorf("the secret %q: %v", s, err)
		}
	}
	if _, err := slack.NewVerifier(strings.Repeat("x", 16), nil); err != nil {
		t.Error(err)
	}
}

func TestWhatIsSignedIsReadAndNothingElse(t *testing.T) {
	verify, err := slack.NewVerifier(secret, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	const body = "command=%2Froundtrip&trigger_id=1.2.3"
	change := func(f func(h http.Header)) http.Header { h := signed(secret, noon, body); f(h); return h }
	for name, c := range map[string]struct {
		header http.Header
		body   string
		want   error
	}{
		"well signed":        {signed(secret, noon, body), body, nil},
		"five minutes old":   {signed(secret, noon.Add(-5*time.Minute), body), body, nil},
		"a fast clock":       {signed(secret, noon.Add(5*time.Minute), body), body, nil},
		"too old":            {signed(secret, noon.Add(-5*time.Minute-time.Second), body), body, bot.ErrSignature},
		"of the future":      {signed(secret, noon.Add(5*time.Minute+time.Second), body), body, bot.ErrSignature},
		"another secret":     {signed("another secret of somebody", noon, body), body, bot.ErrSignature},
		"another body":       {signed(secret, noon, body), body + "&x=1", bot.ErrSignature},
		"shorter":            {signed(secret, noon, body), body[1:], bot.ErrSignature},
		"nothing":            {http.Header{}, body, bot.ErrSignature},
		"no signature":       {change(func(h http.Header) { h.Del("X-Slack-Signature") }), body, bot.ErrSignature},
		"no time":            {change(func(h http.Header) { h.Del("X-Slack-Request-Timestamp") }), body, bot.ErrSignature},
		"a time in words":    {change(func(h http.Header) { h.Set("X-Slack-Request-Timestamp", "noon") }), body, bot.ErrSignature},
		"another time":       {change(func(h http.Header) { h.Set("X-Slack-Request-Timestamp", strconv.FormatInt(noon.Unix()+1, 10)) }), body, bot.ErrSignature},
		"of the far future":  {change(func(h http.Header) { h.Set("X-Slack-Request-Timestamp", "9223372036854775807") }), body, bot.ErrSignature},
		"another version":    {change(func(h http.Header) { h.Set("X-Slack-Signature", "v1="+h.Get("X-Slack-Signature")[3:]) }), body, bot.ErrSignature},
		"half a signature":   {change(func(h http.Header) { h.Set("X-Slack-Signature", h.Get("X-Slack-Signature")[:35]) }), body, bot.ErrSignature},
		"an empty signature": {change(func(h http.Header) { h.Set("X-Slack-Signature", "v0=") }), body, bot.ErrSignature},
		"no hexadecimal":     {change(func(h http.Header) { h.Set("X-Slack-Signature", "v0="+strings.Repeat("z", 64)) }), body, bot.ErrSignature},
		"the greatest":       {signed(secret, noon, strings.Repeat("a", 1<<20)), strings.Repeat("a", 1<<20), nil},
		"too large":          {signed(secret, noon, strings.Repeat("a", 1<<20+1)), strings.Repeat("a", 1<<20+1), bot.ErrTooLarge},
	} {
		got, err := verify(c.header, strings.NewReader(c.body))
		if !errors.Is(err, c.want) || err == nil && string(got) != c.body || err != nil && got != nil {
			t.Errorf("%s: %d bytes, %v; want %v", name, len(got), err, c.want)
		}
	}
}

func TestABodyIsReadToItsBoundAndNotBeforeItIsWanted(t *testing.T) {
	verify, err := slack.NewVerifier(secret, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	endless := &counter{}
	if _, err = verify(signed(secret, noon, ""), endless); !errors.Is(err, bot.ErrTooLarge) || endless.read > 1<<20+1 {
		t.Errorf("%d bytes were read: %v", endless.read, err)
	}
	unread := &counter{}
	if _, err = verify(http.Header{}, unread); !errors.Is(err, bot.ErrSignature) || unread.read != 0 {
		t.Errorf("%d bytes were read of what nobody signed: %v", unread.read, err)
	}
	broken := errors.New("connection reset")
	if _, err = verify(signed(secret, noon, ""), io.MultiReader(strings.NewReader("x"), failing{broken})); !errors.Is(err, broken) {
		t.Errorf("a broken body: %v", err)
	}
}

type counter struct{ read int }

func (c *counter) Read(p []byte) (int, error) { c.read += len(p); return len(p), nil }

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestACommandIsAnEvent(t *testing.T) {
	w := newWorld(t)
	b := newBot(t)
	w.SetURLs("", b.url, "")
	alice := w.AddPerson("alice")
	if r, err := w.Command(t.Context(), alice, "#shop", "/roundtrip", "deploy canary <@U1> & more"); err != nil || r.Status != 200 {
		t.Fatalf("%+v, %v", r, err)
	}
	e, err := slack.Opener(w.url + "/api/")(bot.Letter{Name: "command", Body: b.body, At: noon})
	want := bot.CommandGiven{
		From: bot.FromSlack, By: bot.Person{Slack: alice}, Text: "deploy canary <@U1> & more", At: noon,
		Channel: "#shop", ChannelID: w.Channels()[0].ID, Reply: b.form(t).Get("response_url"),
	}
	if err != nil || !reflect.DeepEqual(e, want) {
		t.Errorf("%+v, %v; want %+v", e, err, want)
	}
}

// form is a slash command as Slack writes it; pairs replace what stands there.
func form(pairs ...string) []byte {
	f := url.Values{
		"command": {"/roundtrip"}, "text": {"status"}, "trigger_id": {"1.2.abc"}, "user_id": {"U0ALICE001"},
		"channel_id": {"C0SHOP0001"}, "channel_name": {"shop"}, "response_url": {"https://hooks.slack.com/commands/T1/2/3"},
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return []byte(f.Encode())
}

func TestPrivateTalkHasNoChannelName(t *testing.T) {
	open := slack.Opener("https://slack.com/api/")
	for name, want := range map[string]string{"shop": "#shop", "directmessage": "", "privategroup": "", "mpdm-a--b-1": "", "": ""} {
		e, err := open(bot.Letter{Name: "command", Body: form("channel_name", name)})
		if c, ok := e.(bot.CommandGiven); err != nil || !ok || c.Channel != want {
			t.Errorf("%q: %+v, %v", name, e, err)
		}
	}
}

// An answer is not sent wherever a request says.
func TestForgedResponseURLs(t *testing.T) {
	open := slack.Opener("https://slack.example:8443/api/")
	for address, good := range map[string]bool{
		"https://hooks.slack.com/commands/T1/2/3":       true,
		"https://slack.example:8443/response/1":         true,
		"http://hooks.slack.com/commands/1":             false,
		"https://hooks.slack.com.evil.example/":         false,
		"https://evil.example/?https://hooks.slack.com": false,
		"https://hooks.slack.com@evil.example/":         false,
		"https://user:pw@hooks.slack.com/":              false,
		"https://hooks.slack.com:444/":                  false,
		"https://evil.example\\@hooks.slack.com/":       false,
		"https://slack.example/response/1":              false,
		"http://slack.example:8443/response/1":          false,
		"http://169.254.169.254/latest/meta-data":       false,
		"http://127.0.0.1:8081/metrics":                 false,
		"file:///etc/passwd":                            false,
		"//hooks.slack.com/":                            false,
		"hooks.slack.com/":                              false,
		"":                                              false,
		"https://[::1":                                  false,
	} {
		e, err := open(bot.Letter{Name: "command", Body: form("response_url", address)})
		if _, ok := e.(bot.CommandGiven); err != nil || ok != good {
			t.Errorf("%q: %+v, %v", address, e, err)
		}
	}
}

func TestWhatIsNoCommandIsUnknown(t *testing.T) {
	open := slack.Opener("")
	for name, l := range map[string]bot.Letter{
		"an event": {Name: "event", Body: form()}, "no form": {Name: "command", Body: []byte("a;b=%zz")}, "empty": {Name: "command"},
		"nobody": {Name: "command", Body: form("user_id", "")}, "nowhere": {Name: "command", Body: form("channel_id", "")},
		"nothing": {Name: "command", Body: form("command", "")}, "JSON": {Name: "command", Body: []byte(`{"command":"/roundtrip"}`)},
	} {
		e, err := open(l)
		if u, ok := e.(bot.Unknown); err != nil || !ok || u.Why == "" || u.Source != "slack" {
			t.Errorf("%s: %+v, %v", name, e, err)
		}
	}
}

func TestARepeatIsKnownByItsID(t *testing.T) {
	if id := slack.CommandID(form()); id != "slack/1.2.abc" {
		t.Errorf("%q", id)
	}
	for name, body := range map[string][]byte{
		"empty": nil, "no form": []byte("%zz"), "no command": form("command", ""), "no trigger": form("trigger_id", ""),
		"a long one": form("trigger_id", strings.Repeat("1", 201)), "JSON": []byte(`{"trigger_id":"1"}`),
	} {
		if id := slack.CommandID(body); id != "" {
			t.Errorf("%s: %q", name, id)
		}
	}
}

func FuzzHear(f *testing.F) {
	f.Add("command", form())
	f.Add("command", form("response_url", "https://hooks.slack.com@evil.example/"))
	f.Add("interaction", []byte(url.Values{"payload": {`{"type":"block_actions","trigger_id":"1","user":{"id":"U1"},"actions":[{"action_id":"promote","value":"1"}],"response_url":"https://hooks.slack.com/1"}`}}.Encode()))
	f.Add("interaction", []byte("payload=%7B%22type%22"))
	f.Add("", []byte{})
	open := slack.Opener("https://slack.example/api/")
	f.Fuzz(func(t *testing.T, name string, body []byte) {
		before := bytes.Clone(body)
		slack.CommandID(body)
		slack.PressID(body)
		e, err := open(bot.Letter{Name: name, Body: body})
		if err != nil || e == nil || e.Subject() == "" && !isUnknown(e) {
			t.Fatalf("%+v, %v", e, err)
		}
		var reply string
		switch e := e.(type) {
		case bot.CommandGiven:
			reply = e.Reply
		case bot.ButtonPressed:
			reply = e.Reply
		case bot.Unknown:
			return
		}
		if u, err := url.Parse(reply); err != nil || u.Scheme != "https" || u.Host != "hooks.slack.com" && u.Host != "slack.example" || u.User != nil {
			t.Errorf("answers would go to %q", reply)
		}
		if !bytes.Equal(before, body) {
			t.Error("the letter was changed")
		}
	})
}

func isUnknown(e bot.Event) bool { _, ok := e.(bot.Unknown); return ok }
