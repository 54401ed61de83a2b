package slack_test

import (
	"encoding/json"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/slack"
)

func TestAPressIsAnEvent(t *testing.T) {
	w := newWorld(t)
	b := newBot(t)
	w.SetURLs("", "", b.url)
	alice := w.AddPerson("alice")
	w.do(bot.KeepMessage{Channel: "#shop", Place: "rollout/1", Text: "canary", Blocks: []bot.Block{{Kind: bot.Actions, Buttons: []bot.Button{
		{Verb: "promote", Label: "Promote", Value: "r1/3"}, {Verb: "abort", Label: "Abort", Value: "r1/4", Danger: true},
	}}}})
	r, err := w.Press(t.Context(), alice, "#shop", w.Messages("#shop")[0].TS, "abort")
	if err != nil || r.Status != 200 {
		t.Fatalf("%+v, %v", r, err)
	}
	var payload struct {
		Reply   string `json:"response_url"`
		Trigger string `json:"trigger_id"`
	}
	if err := json.Unmarshal([]byte(b.form(t).Get("payload")), &payload); err != nil {
		t.Fatal(err)
	}
	body := []byte(b.form(t).Encode())
	e, err := slack.Opener(w.url + "/api/")(bot.Letter{Name: "interaction", Body: body, At: noon})
	want := bot.ButtonPressed{
		By: bot.Person{Slack: alice}, Verb: "abort", Value: "r1/4", At: noon,
		Channel: "#shop", ChannelID: w.Channels()[0].ID, Reply: payload.Reply,
	}
	if err != nil || !reflect.DeepEqual(e, want) {
		t.Errorf("%+v, %v; want %+v", e, err, want)
	}
	if id := slack.PressID(body); id != "slack/"+payload.Trigger || slack.CommandID(body) != "" {
		t.Errorf("a press is known as %q, as a command as %q", id, slack.CommandID(body))
	}
}

// pressed is a press as Slack writes it, changed by f.
func pressed(t *testing.T, f func(p map[string]any)) []byte {
	t.Helper()
	p := map[string]any{
		"type": "block_actions", "trigger_id": "1.2.abc", "response_url": "https://hooks.slack.com/actions/T1/2/3",
		"user": map[string]any{"id": "U0ALICE001"}, "channel": map[string]any{"id": "C0SHOP0001", "name": "shop"},
		"actions": []any{map[string]any{"action_id": "promote", "value": "r1/3"}},
	}
	if f != nil {
		f(p)
	}
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(url.Values{"payload": {string(b)}}.Encode())
}

func TestWhatIsNoPressIsUnknown(t *testing.T) {
	set := func(name string, v any) []byte { return pressed(t, func(p map[string]any) { p[name] = v }) }
	open := slack.Opener("")
	for name, body := range map[string][]byte{
		"empty": nil, "no form": []byte("%zz"), "no payload": []byte("x=1"), "no JSON": []byte("payload=%7B"), "a list": []byte("payload=%5B%5D"),
		"another kind": set("type", "view_submission"), "nobody": set("user", map[string]any{}), "nowhere": set("channel", nil),
		"nothing": set("actions", []any{}), "a command": form(), "a number": set("user", 7),
		"elsewhere": set("response_url", "https://evil.example/"), "in the clear": set("response_url", "http://hooks.slack.com/1"),
		"with a name": set("response_url", "https://u:p@hooks.slack.com/1"), "no address": set("response_url", ""),
	} {
		e, err := open(bot.Letter{Name: "interaction", Body: body})
		if u, ok := e.(bot.Unknown); err != nil || !ok || u.Why == "" || u.Source != "slack" || u.Name != "interaction" {
			t.Errorf("%s: %+v, %v", name, e, err)
		}
	}
	// Each of them is one of ours but for what was changed.
	if e, err := open(bot.Letter{Name: "interaction", Body: pressed(t, nil)}); err != nil || e.Subject() != "slack/C0SHOP0001/U0ALICE001" {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestARepeatedPressIsKnownByItsID(t *testing.T) {
	if id := slack.PressID(pressed(t, nil)); id != "slack/1.2.abc" {
		t.Errorf("%q", id)
	}
	trigger := func(v any) []byte { return pressed(t, func(p map[string]any) { p["trigger_id"] = v }) }
	for name, body := range map[string][]byte{
		"empty": nil, "no form": []byte("%zz"), "no JSON": []byte("payload=x"), "a command": form(),
		"no trigger": trigger(""), "a long one": trigger(strings.Repeat("1", 201)), "a number": trigger(7),
		"another kind": pressed(t, func(p map[string]any) { p["type"] = "shortcut" }),
	} {
		if id := slack.PressID(body); id != "" {
			t.Errorf("%s: %q", name, id)
		}
	}
}
