package playground

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// TestMarkup: Slack's links, bold and code are drawn, and nothing that a
// stranger wrote becomes a tag or a link.
func TestMarkup(t *testing.T) {
	for in, want := range map[string]string{
		"*bold* and `code`":                    "<b>bold</b> and <code>code</code>",
		"<https://a.example/?x=1&amp;y=2|log>": `<a href="https://a.example/?x=1&amp;y=2">log</a>`,
		"<javascript:alert(1)|log>":            "&lt;javascript:alert(1)|log&gt;",
		"&lt;https://a.example|x&gt;":          "&lt;https://a.example|x&gt;",
		`<https://a.example/"onclick=|x>`:      `<a href="https://a.example/&#34;onclick=">x</a>`,
		"<img src=x>\nnext":                    "&lt;img src=x&gt;<br>next",
	} {
		if got := markup(in); got != want {
			t.Errorf("%s is drawn as %s, not %s", in, got, want)
		}
	}
}

// TestThreads: replies stand below their parent.
func TestThreads(t *testing.T) {
	list := []fakeslack.Message{{TS: "1.0"}, {TS: "1.5", ThreadTS: "1.0"}, {TS: "2.0"}, {TS: "2.5", ThreadTS: "2.0"}, {TS: "2.6", ThreadTS: "2.0"}}
	all := threads(list)
	if len(all) != 2 || len(all[0].Replies) != 1 || len(all[1].Replies) != 2 {
		t.Errorf("grouped as %+v", all)
	}
}

// TestPoint: rates are of the last three seconds, shares of the last ten, and
// what was seen once has neither.
func TestPoint(t *testing.T) {
	s := series{counts: map[string][]count{}}
	at := time.Unix(1_800_000_000, 0)
	for i := range 21 {
		c := count{at: at.Add(time.Duration(i) * time.Second), total: float64(100 * i)}
		if i > 10 {
			c.bad = float64(10 * (i - 10))
		}
		p := s.point("abc", c)
		switch {
		case i == 0 && (p.RPS != nil || p.Errors != nil):
			t.Errorf("seen once, it says %v %v", p.RPS, p.Errors)
		case i == 20 && (*p.RPS != 100 || *p.Errors != 0.1):
			t.Errorf("it says %v requests/s and %v errors", *p.RPS, *p.Errors)
		}
	}
}

// TestMarks: each thing that is done to production is told once, in words.
func TestMarks(t *testing.T) {
	s := series{told: map[string]bool{}}
	now := time.Unix(1_800_000_000, 0)
	for _, is := range []running{
		{Stable: "aaaaaaaaa"}, {Stable: "aaaaaaaaa"}, {Stable: "aaaaaaaaa", Canary: "bbbbbbbbb", Weight: 25},
		{Stable: "aaaaaaaaa", Canary: "bbbbbbbbb", Weight: 50}, {Stable: "aaaaaaaaa"},
		{Stable: "aaaaaaaaa", Canary: "ccccccccc", Weight: 100}, {Stable: "ccccccccc"},
	} {
		s.mark(now, is)
	}
	s.verdict("1.5", Mark{Text: "✅ Healthy"})
	s.verdict("1.5", Mark{Text: "✅ Healthy"})
	var got []string
	for _, m := range s.marks {
		got = append(got, m.Text)
	}
	want := "bbbbbbb begins with 25 %; bbbbbbb gets 50 %; bbbbbbb is gone, the traffic is back; ccccccc begins with 100 %; ccccccc is stable, with all the traffic; ✅ Healthy"
	if strings.Join(got, "; ") != want {
		t.Errorf("marked: %s", strings.Join(got, "; "))
	}
}
