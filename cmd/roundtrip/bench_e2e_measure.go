package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/campaign"
)

// measure all of it, also where something before exceeded what is demanded.
func (o e2eBench) measure(ctx context.Context, out io.Writer, p campaign.Pace) error {
	if _, _, err := p.Changes(ctx, 1, 0); err != nil { // the first asks for a token and for the file
		return err
	}
	var exceeded []error
	for _, part := range []func(context.Context, io.Writer, campaign.Pace) error{o.paced, o.far, o.crowded, o.checked} {
		if err := part(ctx, out, p); err != nil {
			var much tooMuch
			if !errors.As(err, &much) {
				return err
			}
			exceeded = append(exceeded, err)
		}
	}
	if len(exceeded) > 0 {
		return fmt.Errorf("bench e2e: %w", errors.Join(exceeded...))
	}
	return nil
}

// tooMuch is that something exceeded what is demanded.
type tooMuch string

func (e tooMuch) Error() string { return string(e) }

// within is an error where something exceeds what is demanded.
func within[N cmp.Ordered](what string, is, most N) error {
	if is > most {
		return tooMuch(fmt.Sprintf("%s: %v, which is more than %v", what, is, most))
	}
	return nil
}

// paced is people at a steady pace.
func (o e2eBench) paced(ctx context.Context, out io.Writer, p campaign.Pace) error {
	verdicts, eyes, err := o.pace(ctx, out, p, fmt.Sprintf("%d changes, %d a second", o.changes, o.rate), o.changes, o.rate)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  demanded: verdict p50 %s p99 %s, 👀 p99 %s\n", o.verdict[0], o.verdict[1], o.eyes)
	return errors.Join(within("verdict p50", verdicts.At(0.5), o.verdict[0]), within("verdict p99", verdicts.At(0.99), o.verdict[1]), within("👀 p99", eyes.At(0.99), o.eyes))
}

// few changes, one a second, of which nobody waits for another.
const few = 20

// far is how many requests a verdict waits for, one after another: by how much
// it is later when each has a way.
func (o e2eBench) far(ctx context.Context, out io.Writer, p campaign.Pace) error {
	near, _, err := o.pace(ctx, out, p, fmt.Sprintf("%d changes, one a second", few), few, 1)
	if err != nil {
		return err
	}
	p.Serve.World.GitHub.SetWay(o.way)
	defer p.Serve.World.GitHub.SetWay(0)
	away, _, err := o.pace(ctx, out, p, fmt.Sprintf("the same, each request to GitHub %s on its way", o.way), few, 1)
	if err != nil {
		return err
	}
	trips := float64(away.At(0.5)-near.At(0.5)) / float64(o.way)
	fmt.Fprintf(out, "  a verdict waits for %.2f requests, demanded: %.2f (%.1f times the %.0f that it needs)\n", trips, o.times*o.needs, o.times, o.needs)
	return within("requests one after another", trips, o.times*o.needs)
}

// crowded is many changes at once, of which none may be missing.
func (o e2eBench) crowded(ctx context.Context, out io.Writer, p campaign.Pace) error {
	_, _, err := o.pace(ctx, out, p, fmt.Sprintf("%d changes at once", o.crowd), o.crowd, 0)
	return err
}

// checked is what many checks on one change cost.
func (o e2eBench) checked(ctx context.Context, out io.Writer, p campaign.Pace) error {
	requests, err := p.Checks(ctx, o.checks)
	if err != nil {
		return err
	}
	reads, writes, which := sum(requests)
	fmt.Fprintf(out, "%d checks on one change: %d reads and %d writes (%s)\n  demanded: %d requests, %d of them writes\n", o.checks, reads, writes, which, o.requests, o.writes)
	return errors.Join(within("requests for checks", reads+writes, o.requests), within("writes for checks", writes, o.writes))
}

func (o e2eBench) pace(ctx context.Context, out io.Writer, p campaign.Pace, what string, n, rate int) (verdicts, eyes campaign.Wait, err error) {
	var events int
	var took time.Duration
	requests, err := p.Counted(ctx, func() (err error) {
		before, begun := len(p.Serve.World.GitHub.Deliveries()), time.Now()
		verdicts, eyes, err = p.Changes(ctx, n, rate)
		events, took = len(p.Serve.World.GitHub.Deliveries())-before, time.Since(begun)
		return err
	})
	if err != nil {
		return verdicts, eyes, err
	}
	reads, writes, _ := sum(requests)
	fmt.Fprintf(out, "%s (%.0f events a second): verdict p50 %s p99 %s, 👀 p50 %s p99 %s; %.1f requests a change; %d verdicts and %d 👀 missing, demanded 0\n", what,
		float64(events)/took.Seconds(), short(verdicts.At(0.5)), short(verdicts.At(0.99)), short(eyes.At(0.5)), short(eyes.At(0.99)),
		float64(reads+writes)/float64(n), verdicts.Missing, eyes.Missing)
	return verdicts, eyes, within(what+": missing", verdicts.Missing+eyes.Missing, 0)
}
