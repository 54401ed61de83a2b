package campaign

import (
	"context"
	"errors"
	"fmt"
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

// Work starts serve, lets f measure it, and ends it, which took so long.
func (p Pace) Work(f func(*Process) error) (ended time.Duration, err error) {
	one := make(replicas, 1)
	defer one.end()
	if err := one.start(0, p.Serve); err != nil {
		return 0, err
	}
	err = f(one[0].Load())
	begun := time.Now()
	if code := one[0].Load().Interrupt(); code != 0 {
		err = errors.Join(err, fmt.Errorf("serve ended with %d when it was interrupted:\n%s", code, one[0].Load().Said()))
	}
	return time.Since(begun), err
}
