package web

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
)

// wellFormed reads every token, as whatever draws it does.
func wellFormed(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
	}
}

func TestLineChart(t *testing.T) {
	c := lineChart{
		ID: `a"b`, Title: "<errors> & more", Desc: "two lines", From: 100, To: 400, FromLabel: "10:00", ToLabel: "10:05",
		Lines: []line{{Name: "stable", Points: []point{{100, 0.01}, {200, none}, {300, 0.03}, {400, 0.045}}}},
		Notes: []note{{X: 100, Label: "5 %", Class: "weight"}, {X: 110, Label: "25 %", Class: "weight"}, {X: 115, Label: "50 %"}, {X: 400, Label: "worse", Class: "bad"}},
		Holes: []float64{200}, Y: func(v float64) string { return fmt.Sprintf("%.3g %%", 100*v) },
	}
	svg := string(c.SVG())
	wellFormed(t, svg)
	for _, want := range []string{
		"<title id=", "&lt;errors&gt; &amp; more", "<desc id=", ">5 %</text>", ">25 %</text>", ">worse</text>",
		`d="M44 137.2h0M276 83.6h0L392 43.4"`, // a gap is no line, and 4.5 % of 5 % stands near the top
		`class="hole"`,
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("the chart lacks %q:\n%s", want, svg)
		}
	}
	if strings.Contains(svg, ">50 %</text>") {
		t.Error("a third label lies upon the others")
	}
	if strings.Count(svg, `line class="mark`) != 4 {
		t.Error("a mark without a label is still drawn")
	}
}

func TestChartsOfNothing(t *testing.T) {
	for _, points := range [][]point{nil, {{0, none}}, {{0, 0}}, {{0, math.Inf(1)}}, {{0, 1}, {1, none}}} {
		c := lineChart{ID: "x", Lines: []line{{Name: "stable", Points: points}}, Y: num}
		for _, svg := range []string{string(c.SVG()), string(sparkline("s", points))} {
			wellFormed(t, svg)
			if strings.Contains(svg, "NaN") {
				t.Errorf("%v is drawn as %s", points, svg)
			}
		}
	}
}

func TestRound(t *testing.T) {
	for v, want := range map[float64]float64{0: 1, -1: 1, 0.03: 0.05, 0.05: 0.05, 0.051: 0.1, 1: 1, 1.5: 2, 7: 10, 99: 100} {
		if got := round(v); math.Abs(got-want) > 1e-9*want {
			t.Errorf("round(%g) = %g, want %g", v, got, want)
		}
	}
}
