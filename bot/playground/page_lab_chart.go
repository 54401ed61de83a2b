package playground

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql"
)

// labChart is curves, drawn by the server.
type labChart struct {
	Title, Words string
	Curves       []labCurve
	Lines        []labTick // across, with their values
	From, To     string
	More         int // series that are not drawn
}

type labCurve struct{ Class, Path string }

type labTick struct {
	Y    string
	Text string
}

// Of the drawing, in its own units.
const (
	labLeft, labRight, labTop, labBottom = 64.0, 952.0, 12.0, 216.0
	labCurves                            = 6
	labLines                             = 4
)

func labClass(i int) string { return "lab-" + strconv.Itoa(i+1) }

func drawLab(query string, m promql.Matrix, from, to time.Time) *labChart {
	c := &labChart{Title: "Curves of " + query, From: from.UTC().Format("15:04:05"), To: to.UTC().Format("15:04:05 UTC")}
	c.More = max(0, len(m)-labCurves)
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range m[:len(m)-c.More] {
		l, h := bounds(s.Floats)
		low, high = min(low, l), max(high, h)
	}
	if math.IsInf(low, 0) || math.IsInf(high, 0) {
		c.Words = "There is nothing to draw between " + c.From + " and " + c.To + "."
		return c
	}
	low = min(low, 0) // so that twice as high is twice as much
	if high <= low {
		high = low + 1
	}
	y := func(v float64) float64 { return labBottom - (v-low)/(high-low)*(labBottom-labTop) }
	x := func(t int64) float64 {
		return labLeft + float64(t-from.UnixMilli())/float64(max(1, to.UnixMilli()-from.UnixMilli()))*(labRight-labLeft)
	}
	for i := range labLines + 1 {
		v := low + (high-low)*float64(i)/labLines
		c.Lines = append(c.Lines, labTick{fmt.Sprintf("%.1f", y(v)), strconv.FormatFloat(v, 'g', 3, 64)})
	}
	for i, s := range m[:len(m)-c.More] {
		c.Curves = append(c.Curves, labCurve{labClass(i), pathOf(s.Floats, x, y)})
	}
	c.Words = fmt.Sprintf("%d of %d series between %s and %s, from %s to %s. The table below has each.",
		len(c.Curves), len(m), c.From, c.To, labNumber(low), labNumber(high))
	return c
}

// pathOf goes from point to point, and begins anew where there is no number.
func pathOf(points []promql.FPoint, x func(int64) float64, y func(float64) float64) string {
	var b strings.Builder
	down := false
	for _, p := range points {
		if math.IsNaN(p.F) || math.IsInf(p.F, 0) {
			down = false
			continue
		}
		verb := "M"
		if down {
			verb = "L"
		}
		fmt.Fprintf(&b, "%s%.1f %.1f", verb, x(p.T), y(p.F))
		down = true
	}
	return b.String()
}

// bounds of what is a number.
func bounds(points []promql.FPoint) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, p := range points {
		if !math.IsNaN(p.F) && !math.IsInf(p.F, 0) {
			low, high = min(low, p.F), max(high, p.F)
		}
	}
	return low, high
}
