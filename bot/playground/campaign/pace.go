package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// Pace is people who go on at a steady pace, whether we keep up or not, and
// measures how long each waits for us.
type Pace struct {
	Serve    Serve
	Books    Books         // opens the database beside serve
	Patience time.Duration // for the last of what they wait for
}

// Wait is what people waited for: from the moment at which GitHub had
// something to tell us until it was written.
type Wait struct {
	Each    []time.Duration // ascending
	Missing int             // of those that waited for ever
}

// At is how long the share q waited at most.
func (w Wait) At(q float64) time.Duration {
	if len(w.Each) == 0 {
		return 0
	}
	return w.Each[min(int(q*float64(len(w.Each))), len(w.Each)-1)]
}

// asked is something that somebody waits for, and what answers it: a commit
// its first verdict, a comment its first reaction.
type asked struct {
	at      time.Time
	answers string
}

// verdict is the check that is one.
const verdict = "roundtrip / batch"

// Changes opens n changes, so many a second, 0: all at once, and says how long
// each waited for its first verdict. On every fifth somebody asks /status, and
// waits for 👀.
func (p Pace) Changes(ctx context.Context, n, perSecond int) (verdicts, eyes Wait, err error) {
	w := p.Serve.World
	var changes, commands []asked
	begun := time.Now()
	for i := range n {
		if perSecond > 0 {
			time.Sleep(time.Until(begun.Add(time.Duration(i) * time.Second / time.Duration(perSecond))))
		}
		at := w.Now()
		number, err := w.OpenChange(fakegithub.NewChange{Author: "alice", Title: fmt.Sprintf("Pace %d of %d", begun.UnixNano(), i)}, playground.Size{Added: 3 + i%90})
		if err != nil {
			return verdicts, eyes, err
		}
		c, err := w.GitHub.Change(playground.Repo, number)
		if err != nil {
			return verdicts, eyes, err
		}
		changes = append(changes, asked{at, c.Head})
		if i%5 != 0 {
			continue
		}
		at = w.Now()
		id, err := w.GitHub.Comment(playground.Repo, number, "alice", "/status")
		if err != nil {
			return verdicts, eyes, err
		}
		commands = append(commands, asked{at, fmt.Sprintf("/repos/%s/issues/comments/%d/reactions", playground.Repo, id)})
	}
	if verdicts, err = p.wait(ctx, changes); err == nil {
		eyes, err = p.wait(ctx, commands)
	}
	return verdicts, eyes, err
}

// firstAnswers is when each was first answered, by what it is for.
func firstAnswers(writes []fakegithub.Write) map[string]time.Time {
	first := map[string]time.Time{}
	for _, w := range writes {
		key := w.Path
		if strings.HasSuffix(w.Path, "/check-runs") {
			var run struct {
				Name string `json:"name"`
				SHA  string `json:"head_sha"`
			}
			if json.Unmarshal(w.Body, &run) != nil || run.Name != verdict {
				continue
			}
			key = run.SHA
		}
		if _, known := first[key]; !known && w.Status/100 == 2 {
			first[key] = w.Time
		}
	}
	return first
}

// wait for all answers, at most for the patience.
func (p Pace) wait(ctx context.Context, list []asked) (w Wait, err error) {
	until := time.Now().Add(p.Patience)
	for {
		w = Wait{}
		first := firstAnswers(p.Serve.World.GitHub.Writes())
		for _, a := range list {
			if at, ok := first[a.answers]; ok {
				w.Each = append(w.Each, at.Sub(a.at))
			} else {
				w.Missing++
			}
		}
		if w.Missing == 0 || ctx.Err() != nil || time.Now().After(until) {
			slices.Sort(w.Each)
			return w, context.Cause(ctx)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

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

// Work starts serve, lets f measure it, and ends it, which took so long.
func (p Pace) Work(f func() error) (ended time.Duration, err error) {
	one := make(replicas, 1)
	defer one.end()
	if err := one.start(0, p.Serve); err != nil {
		return 0, err
	}
	err = f()
	begun := time.Now()
	if code := one[0].Load().Interrupt(); code != 0 {
		err = errors.Join(err, fmt.Errorf("serve ended with %d when it was interrupted:\n%s", code, one[0].Load().Said()))
	}
	return time.Since(begun), err
}
