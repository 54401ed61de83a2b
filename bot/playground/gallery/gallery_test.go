package gallery_test

import (
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
)

// one item of an effect, as an album binds it.
func one(t *testing.T, e bot.Effect) gallery.Item {
	t.Helper()
	var a gallery.Album
	a.Saw("it", e)
	items := gallery.Bind([]*gallery.Album{&a})
	if len(items) != 1 {
		t.Fatalf("%d items of %v", len(items), e)
	}
	return items[0]
}

func TestFaults(t *testing.T) {
	for text, want := range map[string]string{
		"👎 #3 is a draft.\n\nPress Ready for review.":                                       "",
		"👎 Nothing to abort.\n\n```\n/abort shop:staging@3\n```":                            "without a number or a name; it refuses or tells of a failure and does not say by which rule",
		"👎 I do not know acme/shop.\n\nAsk somebody.":                                       "without a number or a name",
		"👎 `x` does not go.\n\nAsk somebody.":                                               "by which rule",
		"👎 `x` does not go.\n\n```\n/good [service:]stage @commit reason\n```":              "",
		"👎 #3 is a draft.\n\nIt is not ready.":                                              "what is next",
		"👎 That does not go.\n\nAsk somebody.":                                              "without a number or a name",
		"😕 @mallory may not.":                                                               "what is next",
		"👎 #3 is a draft.":                                                                  "what is next",
		"⛔ Rolled back at 5 %, because you broke it.\n\n**Next:** look.":                    "blames",
		"Live. Well done, @alice!":                                                          "calls",
		"Live, asked by @alice.":                                                            "",
		"Write `@grace` or\n```\n/good @1234567\n```":                                       "",
		strings.Repeat("word ", 81):                                                         "81 words",
		strings.Repeat("word ", 80) + "\n| a | b |\n<details>" + "folded words</details>\n": "",
	} {
		got := strings.Join(gallery.Faults(one(t, bot.KeepComment{Body: text})), "; ")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%.60q: faults %q, want %q", text, got, want)
		}
	}
	if got := gallery.Faults(one(t, bot.SetCheck{Name: "x", Conclusion: "failure", Title: "Too large"})); len(got) != 3 {
		t.Errorf("a failed check without number, rule and next step: %q", got)
	}
	if got := gallery.Faults(one(t, bot.SetCheck{Name: "x", Conclusion: "neutral", Title: "150 lines"})); len(got) != 1 {
		t.Errorf("a neutral check without a next step: %q", got)
	}
	for page, want := range map[string]int{
		"<title>Now</title><h1>Now</h1><h2>What waits for somebody</h2>\n<p>main is red</p>":                                  1,
		"<title>Now</title><h1>Now</h1><h2>What waits for somebody</h2>\n<p>main is red</p>\n<p>Waits for: you · /main claim": 0,
		"<p>Where am I?</p>": 1,
	} {
		var a gallery.Album
		a.Shown("it", "/", page)
		if got := gallery.Faults(gallery.Bind([]*gallery.Album{&a})[0]); len(got) != want {
			t.Errorf("%s: faults %q", page, got)
		}
	}
}

// TestBind: each wording is kept once, whatever its numbers, and no address
// of this machine is in it.
func TestBind(t *testing.T) {
	var a, b gallery.Album
	a.Saw("it", bot.KeepComment{Body: "Live at http://127.0.0.1:4711/x, 20 % of a1b2c3d"})
	b.Saw("it", bot.KeepComment{Body: "Live at http://127.0.0.1:4712/x, 25 % of e4f5a6b\n<details>more</details>"})
	b.Saw("it", bot.React{Reaction: bot.Eyes})
	b.Saw("it", bot.KeepComment{Body: "Gone"})
	items := gallery.Bind([]*gallery.Album{&a, &b})
	if len(items) != 2 || items[0].Text() != "Live at https://shop.example/x, 20 % of a1b2c3d" || items[1].Name != "comments-2" {
		t.Errorf("bound %+v", items)
	}
}

// TestPagesKeepTheirNames: no number, commit or time is in them, and what came
// before counts for nothing.
func TestPagesKeepTheirNames(t *testing.T) {
	var a gallery.Album
	a.Story = "red_main"
	a.Shown("first", "/", `<h1>Now</h1>`)
	a.Shown("then", "/", `<h1>Now</h1><p class="what">main is red <span class="soft">for 3 min</span></p>`)
	a.Shown("then", "/rollouts/7", `<h1>Back to a1b2c3d</h1><p class="what"><b>live</b> at 25 %: because</p>`)
	var names []string
	for _, i := range gallery.Bind([]*gallery.Album{&a}) {
		names = append(names, i.Name)
	}
	if got, want := strings.Join(names, " "), "home-red-main-now home-red-main-now-main-is-red rollout-red-main-back-to-live"; got != want {
		t.Errorf("names %s, want %s", got, want)
	}
}
