package playground

import (
	"fmt"
	"math"
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

// TestOneIsTriedAgain: of one and of several.
func TestOneIsTriedAgain(t *testing.T) {
	if one, two := triedAgain(1), triedAgain(2); one != "1 that came in is tried again" || two != "2 that came in are tried again" {
		t.Errorf("%q, %q", one, two)
	}
}

// TestThreads: replies stand below their parent.
func TestThreads(t *testing.T) {
	list := []fakeslack.Message{{TS: "1.0"}, {TS: "1.5", ThreadTS: "1.0"}, {TS: "2.0"}, {TS: "2.5", ThreadTS: "2.0"}, {TS: "2.6", ThreadTS: "2.0"}}
	all := threads(list, nil)
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

// TestSlowest: p95 is of the answers since ten looks ago, as PromQL's
// histogram_quantile has it, and stands in the words below the curves.
func TestSlowest(t *testing.T) {
	page := func(quick, slow int) []byte {
		return fmt.Appendf(nil, `http_request_duration_seconds_bucket{service="shop",version="abc",le="0.005"} 0
http_request_duration_seconds_bucket{service="shop",version="abc",le="0.1"} %d
http_request_duration_seconds_bucket{service="shop",version="abc",le="0.3"} %d
http_request_duration_seconds_bucket{service="shop",version="abc",le="+Inf"} %d
http_requests_total{code="200",service="shop",version="abc"} %d
`, quick, quick+slow, quick+slow, quick+slow)
	}
	s := series{counts: map[string][]count{}}
	at := time.Unix(1_800_000_000, 0)
	look := func(quick, slow int) *Point {
		t.Helper()
		sha, c, err := counts("stable", page(quick, slow))
		if err != nil {
			t.Fatal(err)
		}
		at = at.Add(time.Second)
		c.at = at
		return s.point(sha, c)
	}
	if p := look(0, 1000); p.P95 != nil {
		t.Errorf("seen once, it says %v", *p.P95)
	}
	if p := look(0, 1000); p.P95 != nil {
		t.Errorf("without an answer it says %v", *p.P95)
	}
	p := look(90, 1010) // the 95th of 100 is the 5th of 10 between 0.1 s and 0.3 s
	if p.P95 == nil || math.Abs(*p.P95-0.2) > 1e-9 {
		t.Fatalf("it says %v", p.P95)
	}
	if got := p.text("Stable"); got != "Stable abc: 50 requests/s; of the last ten looks 0.0 % errors, p95 200 ms." {
		t.Error(got)
	}
	if _, _, err := counts("stable", []byte(strings.Replace(string(page(1, 1)), `le="0.1"} 1`, `le="0.1"} one`, 1))); err == nil {
		t.Error("a page that cannot be read is believed")
	}
}

// TestQuantileEdges: of what is slower than the last bound only the bound is
// known, and a histogram that does not fit says nothing.
func TestQuantileEdges(t *testing.T) {
	none := []bucket{{0.1, 0}, {0.3, 0}, {math.Inf(1), 0}}
	if v := quantile(0.95, none, []bucket{{0.1, 0}, {0.3, 1}, {math.Inf(1), 9}}); v == nil || *v != 0.3 {
		t.Errorf("above the last bound it says %v", v)
	}
	for name, after := range map[string][]bucket{
		"no answer": none, "other bounds": none[1:], "no end": {{0.1, 1}, {0.3, 1}, {0.5, 1}}, "counters that fell": {{0.1, -1}, {0.3, -1}, {math.Inf(1), -1}},
	} {
		if v := quantile(0.95, none, after); v != nil {
			t.Errorf("%s: it says %v", name, *v)
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
