package executor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// ended says how a run ended; one that has not is asked about again.
func (x *actionsSlot) ended(o bot.StageOrder, r run) error {
	switch r.state {
	case ended:
		return nil
	case failed:
		x.told[r.id] = true
		return permanent("%s %s: %s", r.Verb, o.Key, r.message)
	}
	wait := min(max(10*time.Second, x.now().Sub(r.Began)/4), 2*time.Minute)
	return bot.RetryAfter{After: wait, Err: fmt.Errorf("%s %s: the workflow still runs: %s", r.Verb, o.Key, r.url)}
}

// stop cancels a run, and waits until it has ended.
func (x *actionsSlot) stop(ctx context.Context, o bot.StageOrder, r run) error {
	if r.id == 0 {
		return bot.RetryAfter{After: 10 * time.Second, Err: fmt.Errorf("abort %s: the run to cancel is not listed yet", o.Key)}
	}
	if err := x.w.Cancel(ctx, o.Repo, r.id); err != nil {
		return fmt.Errorf("abort %s: %w", o.Key, err)
	}
	now, err := x.w.Run(ctx, o.Repo, r.id)
	if err != nil {
		return fmt.Errorf("abort %s: %w", o.Key, err)
	}
	if r = x.of(now, r); r.state == running {
		return bot.RetryAfter{After: 5 * time.Second, Err: fmt.Errorf("abort %s: its %s is being cancelled", o.Key, r.Verb)}
	}
	return nil
}

// dispatch starts a run and remembers it until it is listed.
func (x *actionsSlot) dispatch(ctx context.Context, o bot.StageOrder, verb string) (run, error) {
	title := runTitle(o, verb)
	r := run{Key: o.Key, SHA: o.SHA, Verb: verb, Weight: o.Weight, Began: x.now(), state: running}
	inputs := map[string]string{
		"deploy_id": title, "verb": verb, "sha": string(o.SHA), "environment": o.Environment, "stage": string(o.Stage),
		"weight": strconv.Itoa(o.Weight), "fence": strconv.Itoa(o.Fence),
	}
	if len(o.Params) > 0 { // only then need the workflow know it
		text, err := json.Marshal(o.Params)
		if err != nil {
			return r, fmt.Errorf("%s %s: %w", verb, o.Key, err)
		}
		inputs["params"] = string(text)
	}
	id, err := x.w.Dispatch(ctx, o.Repo, o.Executor.Name, inputs)
	if err != nil {
		if !errors.As(err, &bot.Permanent{}) && ctx.Err() == nil {
			x.sent[title] = sent{run: r}
		}
		return r, fmt.Errorf("%s %s: %w", verb, o.Key, err)
	}
	r.id = id
	x.sent[title] = sent{run: r, sure: true}
	if id == 0 {
		return r, nil
	}
	now, err := x.w.Run(ctx, o.Repo, id)
	if err != nil {
		return r, nil //nolint:nilerr // it was started; the next look reads it
	}
	if got, _, ok := parseTitle(now.Title); !ok || got.Key != o.Key || got.Verb != verb {
		if err := x.w.Cancel(ctx, o.Repo, id); err != nil {
			return r, fmt.Errorf("%s %s: %w", verb, o.Key, err)
		}
		delete(x.sent, title)
		return r, permanent("%s %s: %s has no run-name that ends with ${{ inputs.deploy_id }}, so nobody could find its run again; it was cancelled: %s",
			verb, o.Key, line(o.Executor.Name, 100), now.URL)
	}
	return x.of(now, r), nil
}
