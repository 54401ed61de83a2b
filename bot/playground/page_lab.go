package playground

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/roundtrip-bot/roundtrip/bot/playground/lab"
)

// Where the lab is, and the Prometheus that it is.
const (
	labPath  = "/metrics-lab"
	promPath = "/prom"
)

// labPage asks the shop's metrics what somebody wants to know.
type labPage struct {
	frame
	Query    string
	Over     string // 5m: as curves over so long; empty: now
	Overs    []string
	Mistake  *labMistake
	Problem  string // of a question that could be read
	Rows     []labRow
	More     int // rows that are not shown
	Chart    *labChart
	Names    []labName
	Examples []labName
}

type labMistake struct {
	Says              string
	At                int // counted from 1
	Before, Bad, Rest string
}

type labRow struct {
	Series string
	Value  string // or the last one
	Low    string // of curves
	High   string
	Class  string // of its curve
}

type labName struct{ Text, Path, Note string }

// labRows of an answer are shown.
const labRows = 50

// labOvers are the times over which curves are drawn.
var labOvers = []string{"1m", "5m", "15m", "1h"}

// labExamples are questions worth asking, in the order of the judge's own.
var labExamples = []labName{
	{Text: `sum by (version) (rate(http_requests_total[1m]))`, Note: "requests a second"},
	{Text: `sum by (version) (rate(http_requests_total{code=~"5.."}[1m])) / sum by (version) (rate(http_requests_total[1m]))`, Note: "share that fails"},
	{Text: `histogram_quantile(0.95, sum by (version, le) (rate(http_request_duration_seconds_bucket[1m])))`, Note: "slowest twentieth, in seconds"},
	{Text: `sum by (version) (rate(checkouts_failed_total[1m])) / sum by (version) (rate(checkouts_total[1m]))`, Note: "orders that fail"},
}

func (w *World) showLab(rw http.ResponseWriter, r *http.Request) {
	p := labPage{frame: w.frame(r, labPath, "Metrics lab"), Query: r.FormValue("query"), Over: r.FormValue("over"), Overs: labOvers}
	for _, n := range w.lab.Names() {
		p.Names = append(p.Names, labName{n.Metric, labLink(p.View, n.Metric, p.Over), strconv.Itoa(n.Series)})
	}
	for _, e := range labExamples {
		question := strings.ReplaceAll(e.Text, "[1m]", "["+labRange(w.clock.Speed())+"]")
		p.Examples = append(p.Examples, labName{question, labLink(p.View, question, "5m"), e.Note})
	}
	if p.Query != "" {
		p.ask(r.Context(), w.lab, w.Now())
	}
	render(rw, "lab", p)
}

// labRange holds several looks at the shop also when its time runs fast: there
// is one each second of ours.
func labRange(speed float64) string {
	if speed > 10 {
		return "5m"
	}
	return "1m"
}

// labLink is the address of a question, seen by the same person.
func labLink(v view, query, over string) string {
	address := v.address(labPath, false) + "&query=" + url.QueryEscape(query)
	if over != "" {
		address += "&over=" + url.QueryEscape(over)
	}
	return address
}

// ask puts the question to the engine.
func (p *labPage) ask(ctx context.Context, l *lab.Lab, now time.Time) {
	var v parser.Value
	over, err := time.ParseDuration(p.Over)
	if err != nil || over <= 0 || over > lab.Kept {
		p.Over = ""
		v, err = l.Instant(ctx, p.Query, now)
	} else {
		step := max(time.Second, over/240)
		v, err = l.Range(ctx, p.Query, now.Add(-over), now, step)
	}
	var m lab.Mistake
	switch {
	case errors.As(err, &m):
		p.Mistake = &labMistake{Says: m.Says, At: m.From + 1, Before: p.Query[:m.From], Bad: p.Query[m.From:m.To], Rest: p.Query[m.To:]}
		return
	case err != nil:
		p.Problem = err.Error()
		return
	}
	p.show(v, now.Add(-over), now)
}

func (p *labPage) show(v parser.Value, from, to time.Time) {
	switch v := v.(type) {
	case promql.Vector:
		for _, s := range v {
			p.Rows = append(p.Rows, labRow{Series: s.Metric.String(), Value: labNumber(s.F)})
		}
	case promql.Scalar:
		p.Rows = []labRow{{Series: "a number", Value: labNumber(v.V)}}
	case promql.String:
		p.Rows = []labRow{{Series: "a text", Value: v.V}}
	case promql.Matrix:
		if p.Over != "" {
			p.Chart = drawLab(p.Query, v, from, to)
		}
		p.Rows = matrixRows(v)
	}
	p.More = max(0, len(p.Rows)-labRows)
	p.Rows = p.Rows[:len(p.Rows)-p.More]
}

func matrixRows(m promql.Matrix) (rows []labRow) {
	for i, s := range m {
		if len(s.Floats) == 0 {
			continue
		}
		low, high := bounds(s.Floats)
		row := labRow{Series: s.Metric.String(), Value: labNumber(s.Floats[len(s.Floats)-1].F), Low: labNumber(low), High: labNumber(high)}
		if i < labCurves {
			row.Class = labClass(i)
		}
		rows = append(rows, row)
	}
	return rows
}

// labNumber has no more digits than are read.
func labNumber(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// remember keeps what an instance of the shop said of itself; nothing, when it
// did not answer.
func (w *World) remember(now time.Time, arm string, page []byte) {
	_ = w.lab.Collect(now, "shop", arm, page) // what cannot be read or kept is seen to be missing
}
