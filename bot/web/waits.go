package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// wait is something that goes no further until a person does something.
type wait struct {
	Mood  string    // bad, wait
	What  string    // in a few words
	Why   string    // with the number and the rule
	Who   string    // whose turn it is
	Paste string    // a line that helps, if there is one
	Path  string    // of the page about it
	Since time.Time // the longest wait comes first
}

// waits are all that wait for somebody: what is broken first.
func (l look) waits(repos []repoView) ([]wait, error) {
	var all []wait
	for _, r := range repos {
		all = append(all, fileWaits(r.File)...)
		for _, b := range r.Builds {
			all = append(all, redWaits(b)...)
		}
		for _, p := range r.Places {
			all = append(all, rolloutWaits(p)...)
		}
	}
	for _, state := range []string{bot.TaskDoubtful, bot.TaskFailed} {
		tasks, err := l.read.Tasks(l.ctx, state, 20)
		if err != nil {
			return nil, err
		}
		for _, t := range tasks {
			w, open, err := l.taskWait(t)
			if err != nil {
				return nil, err
			}
			if open {
				all = append(all, w)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b wait) int {
		return cmp.Or(strings.Compare(a.Mood, b.Mood), a.Since.Compare(b.Since))
	})
	return all, nil
}

func fileWaits(f fileDoc) []wait {
	if len(f.Mistakes) == 0 {
		return nil
	}
	return []wait{{
		Mood: "wait", What: "The file of " + string(f.Repo.Name) + " is wrong", Since: f.At,
		Why: strings.Join(f.Mistakes, "; "), Who: "whoever changed .github/roundtrip.yml; until then deploys do not start",
	}}
}

func redWaits(b policies.Build) []wait {
	if b.Health != policies.Red {
		return nil
	}
	w := wait{
		Mood: "bad", What: fmt.Sprintf("%s of %s is red", b.Branch, b.Repo.Name), Why: b.Why(), Since: b.Since,
		Who: "nobody has taken it yet", Paste: "/main claim",
	}
	if b.Claimed != (bot.Person{}) {
		w.Who, w.Paste = b.Claimed.Name()+" takes care of it since "+words.Clock(b.ClaimedAt), ""
	}
	return []wait{w}
}

func rolloutWaits(p place) (all []wait) {
	if p.Dirty != "" {
		who, line := p.wayOut()
		all = append(all, wait{
			Mood: "bad", What: fmt.Sprintf("Nobody knows what runs in %s of %s", p.Environment, p.Service), Why: p.Dirty, Who: who, Paste: line,
		})
	}
	r := p.Running
	if r == nil {
		return all
	}
	deadline := r.Began.Add(r.Stage.Timeouts.Rollout)
	w := wait{Mood: "wait", Path: rolloutPath(r.ID), Since: r.Began, Who: fmt.Sprintf("whoever may deploy; %s began it", r.By.Name())}
	switch r.State {
	case deploy.Waiting:
		w.What, w.Paste = fmt.Sprintf("%s holds in %s at %d %%", r.Release.Service, r.Stage.Name, r.Weight()), p.line("promote")
		w.Why = r.Why + "; it goes back by itself on " + words.Moment(deadline)
	case deploy.Resting:
		w.What, w.Paste = fmt.Sprintf("%s rests in %s at %d %%", r.Release.Service, r.Stage.Name, r.Weight()), p.line("promote")
		w.Why = "healthy, waits for promotion; it goes back by itself on " + words.Moment(deadline)
	default:
		return all
	}
	return append(all, w)
}
