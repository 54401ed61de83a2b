package lab

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// Bounds of a question.
const (
	maxQuery   = 4096 // bytes
	maxSamples = 500_000
	maxSteps   = 11_000 // as Prometheus has it
	timeout    = 2 * time.Second
)

type engine struct {
	*promql.Engine
	parser parser.Parser
}

func newEngine() engine {
	p := parser.NewParser(parser.Options{})
	return engine{parser: p, Engine: promql.NewEngine(promql.EngineOpts{
		MaxSamples: maxSamples, Timeout: timeout, EnableAtModifier: true, EnableNegativeOffset: true, Parser: p,
		NoStepSubqueryIntervalFn: func(int64) int64 { return time.Second.Milliseconds() },
	})}
}

// Mistake is a question that cannot be read, and where: the bytes of it from
// From to To.
type Mistake struct {
	Says     string
	From, To int
}

func (m Mistake) Error() string { return fmt.Sprintf("character %d: %s", m.From+1, m.Says) }

// mistake finds out where a question is wrong; nil when it can be read.
func (e engine) mistake(query string) error {
	if len(query) > maxQuery {
		return Mistake{Says: fmt.Sprintf("the question is longer than %d bytes", maxQuery), From: maxQuery, To: len(query)}
	}
	_, err := e.parser.ParseExpr(query)
	if err == nil {
		return nil
	}
	var all parser.ParseErrors
	if errors.As(err, &all) && len(all) > 0 {
		where, says := all[0].PositionRange, all[0].Err.Error()
		from := max(0, min(int(where.Start), len(query)))
		return Mistake{Says: says, From: from, To: max(from, min(int(where.End), len(query)))}
	}
	return Mistake{Says: err.Error()}
}

// Instant is what an expression is at a moment. A Mistake when it cannot be
// read; else an error is the engine's.
func (l *Lab) Instant(ctx context.Context, query string, at time.Time) (parser.Value, error) {
	if err := l.engine.mistake(query); err != nil {
		return nil, err
	}
	q, err := l.engine.NewInstantQuery(ctx, l, nil, query, at)
	return run(ctx, q, err)
}

// Range is what an expression is at every step between two moments.
func (l *Lab) Range(ctx context.Context, query string, from, to time.Time, step time.Duration) (parser.Value, error) {
	switch {
	case step <= 0 || to.Before(from):
		return nil, Mistake{Says: "a step must be above 0, and the end not before the start"}
	case to.Sub(from)/step > maxSteps:
		return nil, Mistake{Says: fmt.Sprintf("more than %d points a series; make the step longer", maxSteps)}
	}
	if err := l.engine.mistake(query); err != nil {
		return nil, err
	}
	q, err := l.engine.NewRangeQuery(ctx, l, nil, query, from, to, step)
	return run(ctx, q, err)
}

func run(ctx context.Context, q promql.Query, err error) (parser.Value, error) {
	if err != nil {
		return nil, Mistake{Says: err.Error()} // it can be read and makes no sense
	}
	defer q.Close()
	res := q.Exec(ctx)
	if res.Err != nil {
		return nil, res.Err
	}
	return copied(res.Value), nil
}

// copied is a value that outlives its query, whose memory the engine takes
// back.
func copied(v parser.Value) parser.Value {
	switch v := v.(type) {
	case promql.Vector:
		return append(promql.Vector{}, v...)
	case promql.Matrix:
		all := promql.Matrix{}
		for _, s := range v {
			s.Floats = append([]promql.FPoint{}, s.Floats...)
			all = append(all, s)
		}
		return all
	}
	return v
}

// Series are the labels of those that a selector matches in a time.
func (l *Lab) Series(ctx context.Context, selector string, from, to time.Time) ([]labels.Labels, error) {
	if err := l.engine.mistake(selector); err != nil {
		return nil, err
	}
	matchers, err := l.engine.parser.ParseMetricSelector(selector)
	if err != nil {
		return nil, Mistake{Says: "it is not a selector"}
	}
	q, err := l.Querier(from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, err
	}
	found := []labels.Labels{}
	for set := q.Select(ctx, true, nil, matchers...); set.Next(); {
		found = append(found, set.At().Labels())
	}
	return found, nil
}
