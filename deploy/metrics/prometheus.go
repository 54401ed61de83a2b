package metrics

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"github.com/prometheus/common/model"

	"github.com/roundtrip-bot/roundtrip/bot"
)

const (
	lookback = 5 * time.Minute // how old a sample may be that still stands: Prometheus' own default
	maxRange = 6 * time.Hour   // of samples asked for at once
	maxOfArm = 2000            // series of one expression, and with them the cursor
	maxLost  = 200             // instances that are asked for by name at once
)

// prom asks a Prometheus for the raw samples of both arms' counters and counts
// them itself. increase() would stretch what lies between the first and the
// last sample over the whole window, and forget what a series counted before
// its first sample; the judge wants neither.
type prom struct{ api asker }

func newPrometheus(e Endpoint, o Options) (Source, error) {
	u, err := url.Parse(e.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("its url is not an http or https address") // not quoted: it may hold a password
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("its url may have no query or fragment")
	}
	return &prom{api: newAsker(u, e, o)}, nil
}

// promCursor is what was counted up to a moment.
type promCursor struct {
	Asked  string             `json:"asked"` // names the expressions
	At     time.Time          `json:"at"`
	Canary map[string]counted `json:"canary"` // by target
	Stable map[string]counted `json:"stable"`
}

// promArm is one side of a look.
type promArm struct {
	name string // as people call it
	pair
	exprs        [2]string // bad, total
	before, next map[string]counted
	targets      map[string]*target
	tally        tally
}

// Windows gives one window: from the cursor, or from q.From, to q.To.
func (p *prom) Windows(ctx context.Context, q bot.Query) ([]bot.Window, error) {
	before, trouble := readPromCursor(q)
	arms, err := promArms(q.Ratio, before)
	if err != nil {
		return nil, err
	}
	w := bot.Window{From: q.From, To: q.To, Cursor: q.Cursor}
	if !before.At.IsZero() {
		w.From = before.At
	}
	missing, err := p.look(ctx, arms, before.At, q.To)
	if err != nil {
		return nil, err
	}
	if missing != "" {
		w.Missing = missing
		return []bot.Window{w}, nil
	}
	canary, stable := arms[0], arms[1]
	if len(q.Cursor) > 0 && trouble == "" && !(canary.heard() && stable.heard()) {
		// The next look counts from where this one would have. Else the events
		// of one arm would stand against none of the other, and be no evidence.
		w.From = q.To
		return []bot.Window{w}, nil
	}
	w.Missing = trouble
	w.CanaryBad, w.CanaryTotal = canary.tally.bad, canary.tally.total
	w.StableBad, w.StableTotal = stable.tally.bad, stable.tally.total
	w.Cursor, err = json.Marshal(promCursor{Asked: asked(q.Ratio), At: q.To, Canary: canary.next, Stable: stable.next})
	return []bot.Window{w}, err
}

func readPromCursor(q bot.Query) (c promCursor, trouble string) {
	if len(q.Cursor) == 0 {
		return promCursor{}, ""
	}
	if json.Unmarshal(q.Cursor, &c) != nil || c.At.IsZero() || c.Asked != asked(q.Ratio) {
		return promCursor{}, "the last look was for something else; counting begins anew"
	}
	return c, ""
}

// promArms reads the expressions. They are selectors and nothing else, so that
// what a repository's file makes the operator's server do is bounded: no
// subqueries, no joins, no ranges but ours.
func promArms(r bot.RatioQuery, before promCursor) ([]*promArm, error) {
	arms := []*promArm{
		{name: "canary", exprs: [2]string{r.CanaryBad, r.CanaryTotal}, before: before.Canary},
		{name: "stable version", exprs: [2]string{r.StableBad, r.StableTotal}, before: before.Stable},
	}
	for _, a := range arms {
		var err error
		if a.bad, err = parseSelector(a.exprs[0]); err != nil {
			return nil, err
		}
		if a.total, err = parseSelector(a.exprs[1]); err != nil {
			return nil, err
		}
		a.targets, a.next = map[string]*target{}, map[string]counted{}
	}
	return arms, nil
}

// says is a trouble in words for people: no address, for those may be read by
// everybody who reads the pull request.
func (a *promArm) says(trouble string) string {
	if trouble == "" {
		return ""
	}
	return "the " + a.name + ": " + trouble
}

func labelsIn(m model.Metric) map[string]string {
	labels := map[string]string{}
	for k, v := range m {
		if k != model.MetricNameLabel {
			labels[string(k)] = string(v)
		}
	}
	return labels
}
