package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/bench"
	"github.com/roundtrip-bot/roundtrip/bot/playground/campaign"
)

// measure all of it, also where something before exceeded what is demanded, and
// answer its memory at rest.
func (o soakBench) measure(ctx context.Context, out io.Writer, s *campaign.Soak) (rest int64, err error) {
	if err := s.Open(ctx, o.changes); err != nil {
		return 0, err
	}
	if rest, err = s.Server.Memory(); err != nil {
		return 0, err
	}
	fmt.Fprintf(out, "at rest, with %d open changes: %s\n", o.changes, mebibytes(rest))
	paced, err := o.paced(ctx, out, s)
	if err != nil {
		return rest, err
	}
	long, err := o.long(ctx, out, s)
	if err != nil {
		return rest, err
	}
	full, err := o.queue(ctx, out, s, rest)
	return rest, errors.Join(paced, long, full, err)
}

// paced is the same webhooks at the same pace to a bare receiver and to ours.
func (o soakBench) paced(ctx context.Context, out io.Writer, s *campaign.Soak) (exceeded, err error) {
	n := int(float64(o.rate) * o.each.Seconds())
	s.Stream.PerSecond = o.rate
	defer func() { s.Stream.PerSecond = 0 }()
	bare, err := bench.Served(ctx, bench.Bare(s.Stream.Secret), func(url string) (bench.Took, error) {
		s.Stream.Event = "pull_request"
		return s.Stream.Send(ctx, url, s.Ready(n))
	})
	if err != nil {
		return nil, err
	}
	ours, err := s.Send(ctx, "pull_request", s.Ready(n))
	if err != nil {
		return nil, err
	}
	times := float64(ours.At(0.99)) / float64(max(bare.At(0.99), time.Nanosecond))
	fmt.Fprintf(out, "%d a second: bare p50 %s p99 %s, ours p50 %s p99 %s, %.1f times, demanded %.1f; %d refused, demanded 0\n", o.rate,
		short(bare.At(0.5)), short(bare.At(0.99)), short(ours.At(0.5)), short(ours.At(0.99)), times, o.slower, ours.Refused())
	return errors.Join(within("p99 at a pace", times, o.slower), within("refused at a pace", ours.Refused(), 0)), nil
}

// long is very many webhooks, all worked on.
func (o soakBench) long(ctx context.Context, out io.Writer, s *campaign.Soak) (exceeded, err error) {
	begun := time.Now()
	memory, refused, err := s.Long(ctx, o.events)
	if err != nil {
		return nil, err
	}
	quarter := len(memory) / 4
	second, last := campaign.Median(memory[quarter:max(2*quarter, 1)]), campaign.Median(memory[3*quarter:])
	grown := float64(last) / float64(second)
	fmt.Fprintf(out, "%d webhooks worked on, %.0f a second: %s in the second quarter, %s in the last, %.2f times, demanded %.2f; %d refused, demanded 0\n", o.events,
		float64(o.events)/time.Since(begun).Seconds(), mebibytes(second), mebibytes(last), grown, o.grown, refused)
	return errors.Join(within("memory in the last quarter", grown, o.grown), within("refused in the long run", refused, 0)), nil
}

// queue is very many that wait.
func (o soakBench) queue(ctx context.Context, out io.Writer, s *campaign.Soak, rest int64) (exceeded, err error) {
	q, err := s.Queue(ctx, o.queued)
	if err != nil {
		return nil, err
	}
	return errors.Join(o.tellQueue(out, "for a GitHub that does not answer", q, rest), within("too few that wait", o.queued-q.Letters-q.Effects, o.queued/20)), nil
}

// againHeard are heard by the next process.
const againHeard = 1000

// again is the next process with that queue.
func (o soakBench) again(ctx context.Context, out io.Writer, s *campaign.Soak, rest int64) error {
	q, err := s.Again(ctx, min(againHeard, o.queued), min(10*time.Second, o.each))
	if err != nil {
		return err
	}
	return o.tellQueue(out, "after it was started again", q, rest)
}

func (o soakBench) tellQueue(out io.Writer, when string, q campaign.Queued, rest int64) error {
	times := float64(q.Peak) / float64(max(rest, 1))
	fmt.Fprintf(out, "%d deliveries and %d effects wait %s: at most %s, %.2f times that at rest, demanded %.2f; %d refused, demanded 0\n",
		q.Letters, q.Effects, when, mebibytes(q.Peak), times, o.full, q.Refused)
	return errors.Join(within("memory with a queue", times, o.full), within("refused with a queue", q.Refused, 0))
}

func mebibytes(n int64) string { return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20)) }
