package campaign

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// Checks has n checks pass on one change and answers what that cost GitHub's
// API, tokens not counted.
func (p Pace) Checks(ctx context.Context, n int) (requests map[string]int, err error) {
	w := p.Serve.World
	number, err := w.OpenChange(fakegithub.NewChange{Author: "alice", Title: "A change with many checks"}, playground.Size{Added: 9})
	if err != nil {
		return nil, err
	}
	return p.Counted(ctx, func() error {
		for i := range n {
			if err := w.Report(checkName(i), fmt.Sprintf("#%d", number), "success"); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkName of the i-th; the first two are those that the repository requires.
func checkName(i int) string {
	if i < 2 {
		return []string{"build", "unit"}[i]
	}
	return fmt.Sprintf("check %d", i+1)
}

// Counted is what f cost GitHub's API, from rest to rest.
func (p Pace) Counted(ctx context.Context, f func() error) (requests map[string]int, err error) {
	if err := p.rest(ctx); err != nil {
		return nil, err
	}
	p.Serve.World.GitHub.ResetRequests()
	if err := errors.Join(f(), p.rest(ctx)); err != nil {
		return nil, err
	}
	return p.Serve.World.GitHub.Requests(), nil
}

// rest waits until no webhook is on its way and nothing is left to do.
func (p Pace) rest(ctx context.Context) error {
	for until := time.Now().Add(p.Patience); ctx.Err() == nil && time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		if len(p.Serve.World.GitHub.Waits()) > 0 {
			continue
		}
		if still, err := quiet(ctx, p.Books); err != nil || still {
			return err
		}
	}
	return errors.Join(context.Cause(ctx), fmt.Errorf("it did not come to rest within %s", p.Patience))
}
