package slack_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
	"github.com/roundtrip-bot/roundtrip/bot/slack"
)

// oddly is our client of a server that gives each request the same answer, as
// what stands between Slack and us may.
func oddly(t *testing.T, status int, header map[string]string, body string) *slack.Client {
	t.Helper()
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(h.Close)
	return slack.New(slack.Options{APIURL: h.URL + "/", BotToken: "xoxb-odd"})
}

// once performs an effect, the first time.
func once(t *testing.T, c *slack.Client, e bot.Effect, last bot.Receipt) (bot.Receipt, error) {
	t.Helper()
	for _, p := range c.All() {
		if p.Kind() == e.Kind() {
			r, err := p.Perform(t.Context(), bot.Job{Effect: e, Last: last, Attempt: 1})
			if err != nil && strings.Contains(err.Error(), "xoxb-odd") {
				t.Errorf("the token stands in %v", err)
			}
			return r, err
		}
	}
	t.Fatalf("nobody performs a %s", e.Kind())
	return bot.Receipt{}, nil
}

var (
	aMessage = bot.KeepMessage{Channel: "#shop", Place: "main", Text: "red"}
	standing = bot.Receipt{ID: "1.000001", More: "C0SHOP0001"}
)

func TestAnAnswerThatIsNeitherYesNorNoIsNoReceipt(t *testing.T) {
	for _, body := range []string{"{}", `{"ok":true}`, `{"ok":false}`, "", "<html>sign in</html>", "null", "[]", `{"ok":true,"channel":"C1"}`, `{"ok":true,"ts":"1.1"}`} {
		c := oddly(t, http.StatusOK, nil, body)
		for _, last := range []bot.Receipt{{}, standing} {
			r, err := once(t, c, aMessage, last)
			if err == nil || errors.As(err, new(bot.Permanent)) {
				t.Errorf("the answer %q is taken for %+v, %v", body, r, err)
			}
		}
	}
}

func TestEachRefusalThatNoRepetitionMendsSaysWhatToDo(t *testing.T) {
	for code, remedy := range map[string]string{
		"channel_not_found": "/invite @roundtrip", "not_in_channel": "/invite @roundtrip", "is_archived": "notify:",
		"invalid_auth": "token", "not_authed": "ROUNDTRIP_SLACK_BOT_TOKEN", "account_inactive": "install", "token_revoked": "install",
		"token_expired": "rotation", "missing_scope": "scope", "msg_too_long": "longer", "invalid_blocks": "not as Slack wants", "no_text": "empty",
	} {
		c := oddly(t, http.StatusOK, nil, `{"ok":false,"error":"`+code+`"}`)
		for _, last := range []bot.Receipt{{}, standing} {
			_, err := once(t, c, aMessage, last)
			if !errors.As(err, new(bot.Permanent)) || !strings.Contains(err.Error(), remedy) || !strings.Contains(err.Error(), code) {
				t.Errorf("%s: %v", code, err)
			}
		}
	}
}

func TestSlackSaysWhatIsMissingOrWrong(t *testing.T) {
	for body, want := range map[string]string{
		`{"ok":false,"error":"missing_scope","needed":"chat:write","provided":"commands"}`:                                                                        "add the scope chat:write",
		`{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]}}`: "/blocks/0/text/text",
	} {
		if _, err := once(t, oddly(t, http.StatusOK, nil, body), aMessage, bot.Receipt{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestALimitWithoutATimeIsTriedAgain(t *testing.T) {
	for _, after := range []map[string]string{nil, {"Retry-After": "soon"}} {
		_, err := once(t, oddly(t, http.StatusTooManyRequests, after, ""), aMessage, bot.Receipt{})
		if err == nil || errors.As(err, new(bot.Permanent)) {
			t.Errorf("%v: %v", after, err)
		}
	}
	var wait bot.RetryAfter
	_, err := once(t, oddly(t, http.StatusTooManyRequests, map[string]string{"Retry-After": "9"}, ""), aMessage, standing)
	if !errors.As(err, &wait) || wait.After != 9*time.Second {
		t.Errorf("%v", err)
	}
}

// A token belongs to the host that it was meant for.
func TestNoRedirectIsFollowed(t *testing.T) {
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer other.Close()
	for _, status := range []int{301, 302, 307, 308} {
		c := oddly(t, status, map[string]string{"Location": other.URL}, "")
		if _, err := once(t, c, aMessage, bot.Receipt{}); err == nil || errors.As(err, new(bot.Permanent)) {
			t.Errorf("%d: %v", status, err)
		}
	}
	if asked {
		t.Error("a redirect was followed")
	}
}

// A reply may lose its parent: the receipt of it, or the message itself.
func TestAReplyFindsItsPlace(t *testing.T) {
	fake := fakeslack.New(fakeslack.Options{BotToken: "xoxb-odd"})
	h := httptest.NewServer(fake)
	defer h.Close()
	fake.AddChannel("#shop")
	forgetful := slack.New(slack.Options{APIURL: h.URL + "/api/", BotToken: "xoxb-odd"})
	parent, err := once(t, forgetful, aMessage, bot.Receipt{})
	if err != nil {
		t.Fatal(err)
	}
	reply := bot.KeepMessage{Channel: "#shop", Place: "main/1", Thread: "main", Text: "why"}
	if _, err = once(t, forgetful, reply, bot.Receipt{}); err != nil {
		t.Fatal(err)
	}
	if list := fake.Thread("#shop", parent.ID); len(list) != 2 {
		t.Errorf("without a receipt the thread was not found: %+v", fake.Messages("#shop"))
	}
	fake.Fail(fakeslack.Fault{Method: "chat.postMessage", Error: "thread_not_found", Times: 1})
	reply.Place = "main/2"
	if _, err = once(t, forgetful, reply, bot.Receipt{}); err != nil {
		t.Fatal(err)
	}
	if list := fake.Messages("#shop"); len(list) != 3 || list[2].IsReply() {
		t.Errorf("what the thread did not take is not in the channel: %+v", list)
	}
}
