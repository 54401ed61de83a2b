package campaign

import (
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// mostOpen changes are there at a time; then the oldest is merged or closed.
const mostOpen = 30

// places to which changes are deployed, in turn: while one waits for the lease of
// a process that was killed, orders are given in the others.
var places = []string{"staging", "staging-2", "staging-3", "staging-4", "staging-5", "staging-6"}

// File is a repository's file with all the places of a campaign.
func File(file string) string {
	const staging, canary = "  staging:\n", "  canary:\n"
	from, to := strings.Index(file, staging), strings.Index(file, canary)
	all := file[:to]
	for _, p := range places[1:] {
		all += "  " + p + ":\n" + file[from+len(staging):to]
	}
	return all + file[to:]
}

// people are a team at work: each change is opened and checked, many are asked
// about, every other is deployed to one of the places.
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
	if p.n%2 == 1 {
		if err := p.deploy(c); err != nil {
			return err
		}
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
	if p.n%4 == 1 {
		p.world.Prod.LoseAnswers(1)
	}
	_, err = p.world.GitHub.Comment(playground.Repo, number, "alice", "/deploy "+places[p.n/2%len(places)]+" @"+c.Head)
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
