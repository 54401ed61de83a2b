package sim

import (
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// Verbs of acts.
const (
	opens    = "opens"
	pushes   = "pushes to"
	comments = "comments on"
	merges   = "merges"
	closes   = "closes"
	reopens  = "reopens"
	passes   = "sees pass on"
	fails    = "sees fail on"
	presses  = "presses"
	says     = "says"
	becomes  = "becomes"
	spoils   = "spoils the head of"
	hides    = "hides the metrics"
	shows    = "shows the metrics"
	jumps    = "jumps by"
)

// act does what is next. What the world refuses, a merge say that is not let
// in, is not done.
func (p *play) act() {
	a := p.acts[0]
	p.acts = p.acts[1:]
	err := p.do(*a)
	said := a.String()
	if err != nil {
		said += ": " + err.Error()
	}
	p.counts["acts"]++
	p.trace.add(p.since(), "people", said)
	p.changed()
}

func (p *play) do(a Act) error {
	w, g := p.world, p.world.GitHub
	switch a.Do {
	case opens:
		_, err := w.OpenChange(fakegithub.NewChange{Author: a.Who, Title: a.Text}, playground.Size{Added: 8})
		return err
	case pushes:
		return p.push(a)
	case comments:
		p.see(a.Change)
		_, err := g.Comment(playground.Repo, a.Change, a.Who, p.filled(a))
		return err
	case merges:
		_, err := g.Merge(playground.Repo, a.Change, a.Who)
		return err
	case closes:
		return g.Close(playground.Repo, a.Change, a.Who)
	case reopens:
		return g.Reopen(playground.Repo, a.Change, a.Who)
	case passes, fails:
		return p.report(a)
	case presses:
		return w.Press(p.ctx, a.Who, "#shop-deploys", a.Text, false)
	case says:
		_, err := w.Say(p.ctx, a.Who, "#shop", a.Text)
		return err
	case becomes:
		g.SetRole(playground.Repo, a.Who, a.Text)
	case hides, shows:
		w.HideMetrics(a.Do == hides)
	case spoils:
		return p.spoil(a)
	case jumps:
		return p.jump(a.Text)
	}
	return nil
}

func (p *play) push(a Act) error {
	p.pushes++
	if a.Change == 0 {
		_, err := p.world.GitHub.Push(playground.Repo, "main", a.Who, "Repair it", map[string]string{fmt.Sprintf("repair_%d.txt", p.pushes): "repaired\n"})
		return err
	}
	c, err := p.world.GitHub.Change(playground.Repo, a.Change)
	if err != nil {
		return err
	}
	files, err := p.world.Edit(c.Branch, fmt.Sprintf("more_%d", p.pushes), playground.Size{Added: 3})
	if err != nil {
		return err
	}
	_, err = p.world.GitHub.Push(playground.Repo, c.Branch, a.Who, "More of it", files)
	return err
}

// see what whoever writes on a change sees there: what is asked for then means
// that commit, or the merge's.
func (p *play) see(change int) {
	if c, err := p.world.GitHub.Change(playground.Repo, change); err == nil {
		p.askedFor[c.Head], p.askedFor[c.MergeSHA] = true, true
	}
}

// filled is a comment with the head as whoever writes sees it.
func (p *play) filled(a Act) string {
	c, err := p.world.GitHub.Change(playground.Repo, a.Change)
	if err != nil {
		return a.Text
	}
	return strings.ReplaceAll(a.Text, "HEAD", c.Head)
}

func (p *play) report(a Act) error {
	where, outcome := "main", "success"
	if a.Change > 0 {
		where = fmt.Sprintf("#%d", a.Change)
	}
	if a.Do == fails {
		outcome = "failure"
	}
	for _, check := range []string{"build", "unit"} {
		if a.Do == fails && check != "unit" {
			continue
		}
		if err := p.world.Report(check, where, outcome); err != nil {
			return err
		}
	}
	return nil
}

// spoil makes the head of a change fail in production.
func (p *play) spoil(a Act) error {
	c, err := p.world.GitHub.Change(playground.Repo, a.Change)
	if err == nil {
		p.world.Prod.Teach(c.Head, fakeprod.Behaviour{FailEvery: 2})
	}
	return err
}

// mend ends all that goes wrong; then main is healed, and all is told.
func (p *play) mend() {
	p.off = 0
	p.onLine, p.inPost, p.aimed = map[int]Fault{}, map[int]Fault{}, nil
	for _, r := range p.replicas {
		r.faults = map[int]Fault{}
	}
	p.world.GitHub.ClearFaults()
	p.world.Slack.ClearFaults()
	p.world.Prod.Unavailable(0)
	p.world.Prod.LoseAnswers(0)
	p.world.HideMetrics(false)
	_ = p.report(Act{Do: passes})
	p.trace.add(p.since(), "world", "is mended")
	p.changed()
}
