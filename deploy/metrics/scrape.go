package metrics

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/dial"
)

// scrape reads the /metrics of both arms and counts exactly: no rates, no
// extrapolation, no storage beside the cursor.
type scrape struct {
	canary, stable []string
	client         *http.Client
}

func newScrape(e Endpoint, o Options) (Source, error) {
	if len(e.Canary) == 0 || len(e.Stable) == 0 {
		return nil, errors.New("it needs addresses of both arms: stable and canary")
	}
	for _, a := range append(append([]string{}, e.Canary...), e.Stable...) {
		if u, err := url.Parse(a); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, errors.New("an address is not an http or https address") // not quoted: it may hold a password
		}
	}
	return &scrape{canary: e.Canary, stable: e.Stable, client: dial.New(dial.Options{Timeout: e.Timeout, Operator: true, Over: o.Over, Watch: o.Watch})}, nil
}

// cursor is what was counted up to a moment.
type cursor struct {
	Asked  string              `json:"asked"` // names the expressions
	At     time.Time           `json:"at"`
	Canary map[string]instance `json:"canary"` // by address, shortened: it may hold a secret
	Stable map[string]instance `json:"stable"`
}

// Windows gives one window: from the cursor, or from q.From, to q.To.
func (s *scrape) Windows(ctx context.Context, q bot.Query) ([]bot.Window, error) {
	before, trouble := readCursor(q)
	arms, err := s.arms(q.Ratio, before)
	if err != nil {
		return nil, err
	}
	w := bot.Window{From: q.From, To: q.To, Cursor: q.Cursor}
	if !before.At.IsZero() {
		w.From = before.At
	}
	missing, err := s.look(ctx, arms, before.At)
	if err != nil {
		return nil, err
	}
	if missing != "" {
		w.Missing = missing
		return []bot.Window{w}, nil
	}
	canary, stable := arms[0], arms[1]
	w.Missing = trouble
	w.CanaryBad, w.CanaryTotal = canary.tally.bad, canary.tally.total
	w.StableBad, w.StableTotal = stable.tally.bad, stable.tally.total
	w.Cursor, err = json.Marshal(cursor{Asked: asked(q.Ratio), At: q.To, Canary: canary.next, Stable: stable.next})
	return []bot.Window{w}, err
}

func asked(r bot.RatioQuery) string {
	return key(fmt.Sprintf("%q", []string{r.CanaryBad, r.CanaryTotal, r.StableBad, r.StableTotal}))
}

// readCursor reads where to go on. A cursor of other expressions is none:
// their series would look as if they had just begun.
func readCursor(q bot.Query) (c cursor, trouble string) {
	if len(q.Cursor) == 0 {
		return cursor{}, ""
	}
	if json.Unmarshal(q.Cursor, &c) != nil || c.At.IsZero() || c.Asked != asked(q.Ratio) {
		return cursor{}, "the last look was for something else; counting begins anew"
	}
	return c, ""
}

func (s *scrape) arms(r bot.RatioQuery, before cursor) ([]*arm, error) {
	arms := []*arm{
		{name: "canary", addresses: s.canary, before: before.Canary, next: map[string]instance{}},
		{name: "stable version", addresses: s.stable, before: before.Stable, next: map[string]instance{}},
	}
	for i, exprs := range [][2]string{{r.CanaryBad, r.CanaryTotal}, {r.StableBad, r.StableTotal}} {
		var err error
		if arms[i].bad, err = parseSelector(exprs[0]); err != nil {
			return nil, err
		}
		if arms[i].total, err = parseSelector(exprs[1]); err != nil {
			return nil, err
		}
	}
	return arms, nil
}

// look reads every address once and counts both arms. Missing says why they
// cannot be counted.
func (s *scrape) look(ctx context.Context, arms []*arm, at time.Time) (missing string, err error) {
	wanted := map[string]bool{startName: true}
	for _, a := range arms {
		for _, n := range a.names() {
			wanted[n], wanted[createdName(n)] = true, true
		}
	}
	pages := s.fetch(ctx, wanted)
	if ctx.Err() != nil {
		return "", fmt.Errorf("read /metrics: %w", ctx.Err()) // we gave up, not they
	}
	var troubles []string
	for _, a := range arms {
		trouble, err := a.count(pages, at)
		if err != nil {
			return "", err
		}
		if trouble != "" {
			troubles = append(troubles, trouble)
		}
	}
	return strings.Join(troubles, "; "), nil
}
