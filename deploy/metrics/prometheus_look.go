package metrics

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// look asks about both arms and counts them. Missing says why they cannot be
// counted; an arm that cannot makes the other worthless.
func (p *prom) look(ctx context.Context, arms []*promArm, since, to time.Time) (missing string, err error) {
	var troubles []string
	for _, a := range arms {
		trouble, err := p.count(ctx, a, since, to)
		if ctx.Err() != nil {
			return "", fmt.Errorf("ask prometheus: %w", ctx.Err()) // we gave up, not it
		}
		if err != nil {
			return "", err
		}
		if trouble != "" {
			troubles = append(troubles, trouble)
		}
	}
	return strings.Join(troubles, "; "), nil
}

// count asks for the total first and the bad events after it, and takes a
// series that is both from the later answer: bad events are never more than
// all because a sample came in between.
func (p *prom) count(ctx context.Context, a *promArm, since, to time.Time) (trouble string, err error) {
	alive, trouble, err := p.api.vector(ctx, a.exprs[1], to)
	if trouble != "" || err != nil {
		return a.says(trouble), err
	}
	if len(alive) == 0 {
		return "prometheus has no " + a.total.name + " that the expression of the " + a.name + " matches", nil
	}
	for i := len(a.exprs) - 1; i >= 0; i-- {
		if i == 0 && a.exprs[0] == a.exprs[1] {
			break
		}
		streams, trouble, err := p.api.matrix(ctx, within(a.exprs[i], since, to), to)
		if trouble != "" || err != nil {
			return a.says(trouble), err
		}
		if trouble, err := a.take(streams); trouble != "" || err != nil {
			return a.says(trouble), err
		}
	}
	a.lives(alive)
	if trouble, err := p.lost(ctx, a, to); trouble != "" || err != nil {
		return a.says(trouble), err
	}
	if trouble, err := p.starts(ctx, a, since, to); trouble != "" || err != nil {
		return a.says(trouble), err
	}
	a.sum(!since.IsZero())
	return "", nil
}

// within asks for the samples of a selector since the last look.
func within(selector string, since, to time.Time) string {
	return fmt.Sprintf("%s[%ds]", selector, span(since, to)/time.Second)
}

// span is how far back samples are asked for: to the last look, and further by
// what may have come in late.
func span(since, to time.Time) time.Duration {
	if since.IsZero() || to.Before(since) {
		return lookback
	}
	return min(to.Sub(since).Truncate(time.Second)+lookback, maxRange)
}

// lost finds out about targets that were counted and now have no series of the
// total. One that Prometheus still asks is down, or says nothing any more, and
// part of an arm is not the arm; one that it does not know is gone for good,
// as pods go.
func (p *prom) lost(ctx context.Context, a *promArm, to time.Time) (trouble string, err error) {
	gone := a.gone()
	switch {
	case len(gone) == 0:
		return "", nil
	case len(gone) > maxLost:
		return fmt.Sprintf("prometheus has lost %d instances at once", len(gone)), nil
	}
	up, trouble, err := p.api.vector(ctx, of("up", gone), to)
	if trouble != "" || err != nil {
		return trouble, err
	}
	for _, s := range up {
		id := targetOf(labelsIn(s.Metric))
		if _, ours := gone[id.key()]; !ours {
			continue
		}
		if s.Value == 0 {
			return "prometheus cannot reach an instance", nil
		}
		return "an instance has no " + a.total.name + " any more", nil
	}
	return "", nil
}

// starts asks when the processes that were counted before began.
func (p *prom) starts(ctx context.Context, a *promArm, since, to time.Time) (trouble string, err error) {
	if len(a.before) == 0 || len(a.before) > maxLost {
		return "", nil // then a reset is what falls, as everywhere
	}
	streams, trouble, err := p.api.matrix(ctx, within(of(startName, a.before), since, to), to)
	a.began(streams)
	return trouble, err
}
