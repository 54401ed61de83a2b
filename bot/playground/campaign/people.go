package campaign

import (
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// mostOpen changes that are not deployed are there at a time; then the oldest
// is merged or closed.
const mostOpen = 20

// people are a team at work: each change is opened and checked, many are asked
// about, some are deployed to staging.
type people struct {
	world *playground.World
	n     int   // changes so far
	open  []int // that may be merged or closed
}

// act opens the next change and does what comes with it.
func (p *people) act() error {
	p.n++
	c, err := p.world.OpenChange(fakegithub.NewChange{Author: "alice", Title: fmt.Sprintf("Change number %d", p.n)}, playground.Size{Added: 3 + p.n%90})
	if err != nil {
		return err
	}
	for _, check := range []string{"build", "unit"} {
		if err := p.world.Report(check, fmt.Sprintf("#%d", c), "success"); err != nil {
			return err
		}
	}
	if p.n%3 == 0 {
		if _, err := p.world.GitHub.Comment(playground.Repo, c, "bob", "/status"); err != nil {
			return err
		}
	}
	if p.n%5 == 1 {
		return p.deploy(c)
	}
	p.open = append(p.open, c)
	return p.finish()
}

// deploy a change, and at every other lose what the deploy target answers next:
// the failure that makes one order twice.
func (p *people) deploy(number int) error {
	c, err := p.world.GitHub.Change(playground.Repo, number)
	if err != nil {
		return err
	}
	if p.n%10 == 1 {
		p.world.Prod.LoseAnswers(1)
	}
	_, err = p.world.GitHub.Comment(playground.Repo, number, "alice", "/deploy staging @"+c.Head)
	return err
}

// finish the oldest change when too many are open: every other one is merged,
// the rest is closed.
func (p *people) finish() error {
	if len(p.open) <= mostOpen {
		return nil
	}
	oldest := p.open[0]
	p.open = p.open[1:]
	if oldest%2 == 0 {
		return p.world.GitHub.Close(playground.Repo, oldest, "alice")
	}
	_, err := p.world.GitHub.Merge(playground.Repo, oldest, "alice")
	return err
}
