package words_test

import (
	"math"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/words"
)

func TestNumbers(t *testing.T) {
	morning := begin.In(time.FixedZone("", 7200))
	for _, c := range []struct{ got, want string }{
		{words.For(-time.Second), "0 s"}, {words.For(119 * time.Second), "119 s"}, {words.For(2 * time.Minute), "2 min"},
		{words.For(119*time.Minute + 59*time.Second), "119 min"}, {words.For(2 * time.Hour), "2 h"}, {words.For(185 * time.Minute), "3 h 5 min"},
		{words.For(48 * time.Hour), "2 days"}, {words.For(71 * time.Hour), "2 days"},
		{words.Percent(0, 0), "-"}, {words.Percent(0, 900), "0 %"}, {words.Percent(1, 1e9), "under 0.001 %"},
		{words.Percent(1, 1e4), "0.010 %"}, {words.Percent(36, 900), "4.00 %"}, {words.Percent(60, 300), "20 %"}, {words.Percent(3, 3), "100 %"},
		{words.Plural(0, "mistake"), "0 mistakes"}, {words.Plural(1, "mistake"), "1 mistake"}, {words.Plural(2, "mistake"), "2 mistakes"},
		{words.Clock(morning), "08:00 UTC"}, {words.Moment(morning), "5 Oct 08:00 UTC"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestSpark(t *testing.T) {
	for _, c := range []struct {
		want   string
		values []float64
	}{
		{"", nil}, {"▁▁▁", []float64{0, 0, 0}},
		{"▅▅▅", []float64{0.04, 0.04, 0.04}}, // all alike: no peak
		{"▁▁▁█", []float64{0, 0, 0, 1}},      // one peak
		{"▁█", []float64{9, 9, 9, 0, 1}[3:]},
		{"▅▅▅▅▅▅▅▅", []float64{100, 1, 1, 1, 1, 1, 1, 1, 1}}, // only the last eight
		{"▁▁", []float64{-1, 0}},                             // never below the line
	} {
		if got := words.Spark(c.values, 8); got != c.want {
			t.Errorf("%v: %s, want %s", c.values, got, c.want)
		}
	}
	if got := len([]rune(words.Spark([]float64{math.NaN(), math.Inf(1), 1}, 8))); got != 3 {
		t.Errorf("%d bars of three values", got)
	}
}

func TestLink(t *testing.T) {
	for address, want := range map[string]string{
		"https://ci.example/1?a=1&b=2":     "<https://ci.example/1?a=1&amp;b=2|the &lt;log&gt;>",
		"http://ci.example":                "<http://ci.example|the &lt;log&gt;>",
		"javascript:alert(1)":              "javascript:alert(1)",
		"https://ci.example/|x> <!channel": "https://ci.example/|x&gt; &lt;!channel",
		"https://ci.example/\u202eevil":    "https://ci.example/evil",
		"":                                 "",
	} {
		if got := words.Link(address, "the <log>"); got != want {
			t.Errorf("%q: %s, want %s", address, got, want)
		}
	}
}
