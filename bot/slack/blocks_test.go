package slack_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// drawn posts blocks and reads them back.
func drawn(t *testing.T, list ...bot.Block) []map[string]any {
	t.Helper()
	w := newWorld(t)
	w.do(bot.KeepMessage{Channel: "#shop", Place: "main", Text: "x", Blocks: list})
	return blocksOf(t, w.Messages("#shop")[0])
}

func textOf(v any) string {
	text, _ := v.(map[string]any)["text"].(string)
	return text
}

func TestEachBlockIsOneOfSlacks(t *testing.T) {
	got := drawn(t,
		bot.Block{Kind: bot.Header, Text: "How work flowed"}, bot.Block{Kind: bot.Section, Text: "*main* is red"},
		bot.Block{Kind: bot.Fields, Fields: []string{"stable 1 %", "canary 2 %"}}, bot.Block{Kind: bot.Context, Text: "small print"},
		bot.Block{Kind: bot.Actions, Buttons: []bot.Button{{Verb: "promote", Label: "Promote", Value: "r1"}, {Verb: "abort", Label: "Abort", Value: "r1", Danger: true, Confirm: "Take it back?"}}},
	)
	var types []string
	for _, b := range got {
		types = append(types, b["type"].(string))
	}
	if strings.Join(types, " ") != "header section section context actions" {
		t.Fatalf("%v", types)
	}
	if h := got[0]["text"].(map[string]any); h["type"] != "plain_text" {
		t.Errorf("Slack takes plain headers alone: %v", h)
	}
	if f := got[2]["fields"].([]any); len(f) != 2 || textOf(f[1]) != "canary 2 %" {
		t.Errorf("%v", f)
	}
	buttons := got[4]["elements"].([]any)
	promote, abort := buttons[0].(map[string]any), buttons[1].(map[string]any)
	if promote["action_id"] != "promote" || promote["value"] != "r1" || promote["confirm"] != nil || abort["style"] != "danger" || abort["confirm"] == nil {
		t.Errorf("%v", buttons)
	}
}

func TestWhatIsEmptyIsLeftOut(t *testing.T) {
	if got := drawn(t,
		bot.Block{Kind: bot.Header}, bot.Block{Kind: bot.Section, Text: " \n"}, bot.Block{Kind: bot.Fields}, bot.Block{Kind: bot.Fields, Fields: []string{"", " "}},
		bot.Block{Kind: bot.Context}, bot.Block{Kind: bot.Actions}, bot.Block{Kind: bot.Section, Text: "this"},
	); len(got) != 1 || textOf(got[0]["text"]) != "this" {
		t.Errorf("%v", got)
	}
}

// What is longer than Slack takes is cut, and seen to be.
func TestLimitsOfText(t *testing.T) {
	long := strings.Repeat("ä", 5000)
	got := drawn(t, bot.Block{Kind: bot.Header, Text: long}, bot.Block{Kind: bot.Section, Text: long},
		bot.Block{Kind: bot.Fields, Fields: []string{long}}, bot.Block{Kind: bot.Context, Text: long})
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"header": {textOf(got[0]["text"]), 150}, "section": {textOf(got[1]["text"]), 3000},
		"field": {textOf(got[2]["fields"].([]any)[0]), 2000}, "context": {textOf(got[3]["elements"].([]any)[0]), 2000},
	} {
		if n := utf8.RuneCountInString(c.text); n != c.want || !strings.HasSuffix(c.text, "…") {
			t.Errorf("%s: %d characters", name, n)
		}
	}
	w := newWorld(t)
	w.do(message("main", long))
	if text := w.texts()[0]; utf8.RuneCountInString(text) != 4000 || !strings.HasSuffix(text, "…") {
		t.Errorf("the text has %d characters", utf8.RuneCountInString(text))
	}
}

func TestLimitsOfPieces(t *testing.T) {
	for _, n := range []int{50, 51, 80} {
		var list []bot.Block
		for range n {
			list = append(list, bot.Block{Kind: bot.Section, Text: "line"})
		}
		got := drawn(t, list...)
		if seen := got[49]["type"] == "context"; len(got) != 50 || seen != (n > 50) {
			t.Errorf("of %d blocks %d are there, the last %v", n, len(got), got[49])
		}
	}
	for _, n := range []int{10, 11, 30} {
		var list []string
		for range n {
			list = append(list, "field")
		}
		got := drawn(t, bot.Block{Kind: bot.Fields, Fields: list})[0]["fields"].([]any)
		if seen := textOf(got[9]) == "…"; len(got) != 10 || seen != (n > 10) {
			t.Errorf("of %d fields %d are there, the last %v", n, len(got), got[9])
		}
	}
}

// Half of an entity or of a link would be shown as it is, or begin one anew.
func TestACutEndsBeforeHalfOfALink(t *testing.T) {
	for tail, want := range map[string]string{
		"&amp;&amp;&amp;":             "&amp;…",
		"<https://a.example/b?c|log>": "…",
		"<https://a.example/&amp;|l>": "…",
		"a&lt;b&gt;cccccccccccc":      "a&lt;b…",
		"plain text that goes on":     "plain tex…",
	} {
		head := strings.Repeat("x", 2990)
		got := textOf(drawn(t, bot.Block{Kind: bot.Section, Text: head + tail})[0]["text"])
		if got != head+want {
			t.Errorf("%q ends in %q, want %q", tail, got[len(head):], want)
		}
	}
}
