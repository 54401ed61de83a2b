package playground

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Series is production as its own /metrics tell it, sampled at each look:
// stable beside canary, and what was done to them.
type Series struct {
	Now     int64    `json:"now"` // Unix milliseconds, as all times here
	Span    int64    `json:"span"`
	Samples []Sample `json:"samples"`
	Marks   []Mark   `json:"marks"`
}

// Sample is one look at production.
type Sample struct {
	At     int64  `json:"at"`
	Stable *Point `json:"stable"`
	Canary *Point `json:"canary"` // nil while there is none
}

// Point is what one version did: requests a second over the last three looks,
// and over the last ten the share of them that failed and how slow they were.
type Point struct {
	SHA    string   `json:"sha"`
	RPS    *float64 `json:"rps"`    // nil until it was seen twice
	Errors *float64 `json:"errors"` // 0 to 1; nil without a request
	P95    *float64 `json:"p95"`    // seconds, of the shop's histogram; nil without a request
}

// Mark is something that was done to production, or decided about it.
type Mark struct {
	At   int64  `json:"at"`
	Kind string `json:"kind"` // deploy, weight, good, bad
	Text string `json:"text"`
}

// span is how far back the series go, at this machine's pace. When time runs
// faster they go back further: one sample is one look, each second that those
// who look on have.
const span = 150 * time.Second

func (w *World) span() time.Duration {
	return time.Duration(float64(span) * max(1, w.clock.Speed()))
}

// looks are how many samples the counts go back: the share of failures and the
// slowest are of ten, the rate of three.
const looks = 11

// series collects them.
type series struct {
	mu      sync.Mutex
	samples []Sample
	marks   []Mark
	counts  map[string][]count // by SHA and when it began, of the last looks
	last    running
	told    map[string]bool // replies in Slack that are marked already
}

// RunSeries samples production each second until ctx ends.
func (w *World) RunSeries(ctx context.Context) {
	client := &http.Client{Timeout: time.Second}
	defer client.CloseIdleConnections()
	for ctx.Err() == nil {
		w.sample(ctx, client)
		w.notice() // a step is done also while nobody looks
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// LookOnce samples production now, where time passes by steps and nobody looks
// on meanwhile.
func (w *World) LookOnce(ctx context.Context) {
	client := &http.Client{Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	w.sample(ctx, client)
}

func (w *World) sample(ctx context.Context, client *http.Client) {
	now := w.Now()
	s := Sample{At: now.UnixMilli()}
	for arm, p := range map[string]**Point{"stable": &s.Stable, "canary": &s.Canary} {
		page, err := w.metricsPage(ctx, client, arm)
		w.remember(now, arm, page)
		if err != nil {
			continue // it is not there, or does not answer: the curve has a gap
		}
		sha, c, err := counts(arm, page)
		if err != nil {
			continue
		}
		c.at = now
		*p = w.series.point(sha, c)
	}
	w.series.add(now.Add(-w.span()), s)
	w.series.mark(now, live(w.Prod.Shop(Production)))
	w.markVerdicts(now)
}

// metricsPage reads the page of an arm as any Prometheus would.
func (w *World) metricsPage(ctx context.Context, client *http.Client, arm string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.URL+shopPath+Production+"/-/"+arm+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("scrape %s: %s (%w)", arm, resp.Status, err)
	}
	return body, nil
}

func (s *series) add(since time.Time, one Sample) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.samples = append(s.samples, one)
	from := since.UnixMilli()
	for len(s.samples) > 0 && s.samples[0].At < from {
		s.samples = s.samples[1:]
	}
	for len(s.marks) > 0 && s.marks[0].At < from {
		s.marks = s.marks[1:]
	}
}

// Series is what was sampled in the last minutes.
func (w *World) Series() Series {
	w.series.mu.Lock()
	defer w.series.mu.Unlock()
	return Series{
		Now: w.Now().UnixMilli(), Span: w.span().Milliseconds(),
		Samples: append([]Sample{}, w.series.samples...), Marks: append([]Mark{}, w.series.marks...),
	}
}

// Text is the curves in words, for those who do not see them.
func (s Series) Text() string {
	if len(s.Samples) == 0 {
		return "Nothing has been measured yet."
	}
	last := s.Samples[len(s.Samples)-1]
	parts := []string{last.Stable.text("Stable")}
	if last.Canary != nil {
		parts = append(parts, last.Canary.text("Canary"))
	} else {
		parts = append(parts, "There is no canary.")
	}
	return strings.Join(parts, " ")
}

func (p *Point) text(arm string) string {
	switch {
	case p == nil:
		return arm + " does not answer."
	case p.RPS == nil:
		return fmt.Sprintf("%s %s has just begun.", arm, short(p.SHA))
	case p.Errors == nil:
		return fmt.Sprintf("%s %s answers nobody.", arm, short(p.SHA))
	}
	slow := ""
	if p.P95 != nil {
		slow = fmt.Sprintf(", p95 %.0f ms", 1000**p.P95)
	}
	return fmt.Sprintf("%s %s: %.0f requests/s; of the last ten looks %.1f %% errors%s.", arm, short(p.SHA), *p.RPS, 100**p.Errors, slow)
}
