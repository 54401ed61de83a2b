package web

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// point of a line. Y of none is a gap: what is missing is not drawn as zero.
type point struct{ X, Y float64 }

var none = math.NaN()

func (p point) gap() bool { return math.IsNaN(p.Y) || math.IsInf(p.Y, 0) }

// line is one line of a chart.
type line struct {
	Name   string // also its class: "stable", "canary"
	Points []point
}

// note is a moment that the chart marks.
type note struct {
	X     float64
	Label string // short: "25 %"
	Class string // weight, good, bad, wait
}

// lineChart is a chart over time, as an SVG that scales. Its colours are those
// of the stylesheet, so that it follows light and dark.
type lineChart struct {
	ID          string // unique on the page
	Title, Desc string // for whoever does not see it
	Lines       []line
	Notes       []note
	Holes       []float64 // moments of which nothing is known
	From, To    float64
	FromLabel   string
	ToLabel     string
	Y           func(float64) string // how a value is written
}

// The chart's own units.
const (
	chartWide, chartHigh    = 400.0, 190.0
	plotLeft, plotRight     = 44.0, 392.0
	plotTop, plotBottom     = 30.0, 164.0
	sparkWide, sparkHigh    = 96.0, 24.0
	notesClose, labelHeight = 34.0, 12.0
)

// SVG draws the chart.
func (c lineChart) SVG() template.HTML {
	top := c.top()
	x := func(v float64) float64 { return plotLeft + (plotRight-plotLeft)*over(v-c.From, c.To-c.From) }
	y := func(v float64) float64 { return plotBottom - (plotBottom-plotTop)*over(v, top) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" viewBox="0 0 %s %s" role="img" aria-labelledby="%s-t %s-d">`, num(chartWide), num(chartHigh), esc(c.ID), esc(c.ID))
	fmt.Fprintf(&b, `<title id="%s-t">%s</title><desc id="%s-d">%s</desc>`, esc(c.ID), esc(c.Title), esc(c.ID), esc(c.Desc))
	for _, v := range []float64{0, top / 2, top} {
		fmt.Fprintf(&b, `<line class="grid" x1="%s" x2="%s" y1="%s" y2="%s"/><text x="%s" y="%s" text-anchor="end">%s</text>`,
			num(plotLeft), num(plotRight), num(y(v)), num(y(v)), num(plotLeft-5), num(y(v)+4), esc(c.Y(v)))
	}
	for _, h := range c.Holes {
		fmt.Fprintf(&b, `<path class="hole" d="M%s %sv6"/>`, num(x(h)), num(plotBottom-3))
	}
	c.notes(&b, x)
	for _, l := range c.Lines {
		fmt.Fprintf(&b, `<path class="line %s" d="%s"/>`, esc(l.Name), path(l.Points, x, y))
	}
	fmt.Fprintf(&b, `<text x="%s" y="%s">%s</text><text x="%s" y="%s" text-anchor="end">%s</text></svg>`,
		num(plotLeft), num(chartHigh-8), esc(c.FromLabel), num(plotRight), num(chartHigh-8), esc(c.ToLabel))
	return template.HTML(b.String()) //nolint:gosec // every text in it went through esc
}

// notes draws the marks; labels that would lie upon each other take turns
// between two lines, and a third one is left to the table below.
func (c lineChart) notes(b *strings.Builder, x func(float64) float64) {
	free := [2]float64{plotLeft - notesClose, plotLeft - notesClose}
	for _, n := range c.Notes {
		at := min(max(x(n.X), plotLeft), plotRight)
		fmt.Fprintf(b, `<line class="mark %s" x1="%s" x2="%s" y1="%s" y2="%s"/>`, esc(n.Class), num(at), num(at), num(plotTop-2), num(plotBottom))
		for row := range free {
			if at-free[row] < notesClose {
				continue
			}
			free[row] = at + 6*float64(max(0, len([]rune(n.Label))-4))
			anchor := "start"
			if at > plotRight-notesClose {
				anchor = "end"
			}
			fmt.Fprintf(b, `<text class="mark %s" x="%s" y="%s" text-anchor="%s">%s</text>`, esc(n.Class), num(at), num(plotTop-6-labelHeight*float64(row)), anchor, esc(n.Label))
			break
		}
	}
}

// top is a round number at or above the greatest value.
func (c lineChart) top() float64 {
	most := 0.0
	for _, l := range c.Lines {
		for _, p := range l.Points {
			if !p.gap() {
				most = max(most, p.Y)
			}
		}
	}
	return round(most)
}

// round goes up to 1, 2 or 5 times a power of ten.
func round(v float64) float64 {
	if !(v > 0) || math.IsInf(v, 0) {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, step := range []float64{1, 2, 5, 10} {
		if v <= step*unit*(1+1e-9) {
			return step * unit
		}
	}
	return 10 * unit
}

// path draws a line; a point between two gaps is a dot.
func path(points []point, x, y func(float64) float64) string {
	var b strings.Builder
	down := false
	for _, p := range points {
		if p.gap() {
			down = false
			continue
		}
		verb := "L"
		if !down {
			verb = "M"
		}
		fmt.Fprintf(&b, "%s%s %s", verb, num(x(p.X)), num(y(p.Y)))
		if !down {
			b.WriteString("h0")
		}
		down = true
	}
	return b.String()
}

// sparkline is a chart the size of a word: from nothing up to its greatest
// value, without axes.
func sparkline(title string, points []point) template.HTML {
	most := 0.0
	for _, p := range points {
		if !p.gap() {
			most = max(most, p.Y)
		}
	}
	n := float64(max(1, len(points)-1))
	x := func(v float64) float64 { return 3 + (sparkWide-6)*v/n }
	y := func(v float64) float64 { return sparkHigh - 3 - (sparkHigh-6)*over(v, most) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="spark" viewBox="0 0 %s %s" role="img"><title>%s</title><desc>%s</desc><path class="line" d="%s"/>`,
		num(sparkWide), num(sparkHigh), esc(title), esc(values(points)), path(points, x, y))
	if last := len(points) - 1; last >= 0 && !points[last].gap() {
		fmt.Fprintf(&b, `<circle cx="%s" cy="%s" r="2.5"/>`, num(x(points[last].X)), num(y(points[last].Y)))
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) //nolint:gosec // every text in it went through esc
}

// values in words, for whoever does not see the line.
func values(points []point) string {
	var each []string
	for _, p := range points {
		if p.gap() {
			each = append(each, "none")
			continue
		}
		each = append(each, strconv.FormatFloat(p.Y, 'g', 3, 64))
	}
	return strings.Join(each, ", ")
}

func over(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}

// num keeps a tenth of a unit, which is less than a pixel.
func num(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}

func esc(s string) string { return html.EscapeString(s) }
