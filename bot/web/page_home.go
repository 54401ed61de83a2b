package web

import (
	"net/http"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// homeView is what is now.
type homeView struct {
	Waits   []wait
	Repos   []repoView
	Waiting int // effects that are still to be carried out
	Held    int // effects that were held because we only observe
	Lost    int // deliveries that were given up, ever
	Newest  []lost
	Behind  *behindView // nil: what GitHub sent is here
}

// place is a slot: what is live there, and what moves.
type place struct {
	Service, Environment string
	Live                 *deploy.Placed
	Dirty                string
	Running              *deploy.Rollout
	Last                 *deploy.Rollout // that began there
	slot                 deploy.Slot
}

// line is a command about the place. It names the service even where there is
// only one: a page does not know the file.
func (p place) line(verb string) string {
	stage := p.Environment // unless the file calls it something else
	if p.Last != nil {
		stage = string(p.Last.Stage.Name)
	}
	return "/" + verb + " " + p.Service + ":" + stage
}

// wayOut says whose turn it is where nobody knows what runs, and the line that
// helps: back to what was good or, where there is nothing, forward to a commit
// that is named in full. There is no line where the last one is refused.
func (p place) wayOut() (who, line string) {
	forward := "somebody who can look. There is nothing to go back to: "
	if _, back := p.slot.Back(); back {
		return "somebody who can look; then bring back what was good", p.line("rollback")
	}
	if p.Last == nil || p.slot.IsBad(p.Last.Release.SHA) {
		return forward + "deploy a repair and name its commit in full, as in " + p.line("deploy") + " @…", ""
	}
	return forward + "deploy what you trust and name its commit in full", p.line("deploy") + " @" + string(p.Last.Release.SHA)
}

func home(l look, _ *http.Request) (content, error) {
	var v homeView
	var err error
	if v.Repos, err = l.repoViews(); err != nil {
		return content{}, err
	}
	if v.Waits, err = l.waits(v.Repos); err != nil {
		return content{}, err
	}
	if v.Newest, err = l.lost(); err != nil {
		return content{}, err
	}
	if v.Behind, err = l.behind(); err != nil {
		return content{}, err
	}
	inbox, outbox, err := l.read.Count(l.ctx)
	v.Lost = inbox[bot.LetterFailed]
	v.Waiting, v.Held = outbox[bot.TaskWaiting]+outbox[bot.TaskPerforming], outbox[bot.TaskHeld]
	c := content{Title: "Now", View: v}
	if len(v.Repos) == 1 {
		c.Repo = v.Repos[0].Repo.Name
	}
	return c, err
}

// place says what a slot holds. A slot in which nothing ever was has no
// repository, and nothing to show.
func (l look) place(s deploy.Slot) (p place, repo bot.RepoRef, err error) {
	p.slot, p.Live, p.Dirty = s, s.Live, s.Dirty
	if s.Live != nil {
		repo = s.Live.Release.Repo
	}
	if p.Running, err = l.rollout(s.Running); err != nil {
		return p, repo, err
	}
	if p.Last, err = l.rollout(s.Last()); err != nil {
		return p, repo, err
	}
	if p.Last != nil {
		repo = p.Last.Release.Repo
	}
	p.Service, p.Environment = parts(s.Key)
	return p, repo, nil
}

// lately is how far back home looks for what was touched.
const lately = 14 * 24 * time.Hour

// touched is a change that moved lately.
type touched struct {
	bot.Change
	State string
	At    time.Time
}

// recent are the changes that moved lately, the newest first.
func (l look) recent(repo bot.RepoRef) (changes []touched, err error) {
	facts, err := l.read.Facts(l.ctx, bot.FactQuery{Repo: repo, Kinds: []string{"change.updated", "change.merged", "change.closed"}, From: l.now.Add(-lately)})
	if err != nil {
		return nil, err
	}
	seen := map[int]bool{}
	for _, f := range slices.Backward(facts) {
		n := numberIn(f)
		if n == 0 || seen[n] || len(changes) == 8 {
			continue
		}
		seen[n] = true
		var d changeDoc
		found, err := l.read.Doc(l.ctx, changeKey(repo, n), &d)
		if err != nil {
			return nil, err
		}
		if found {
			changes = append(changes, touched{d.Change, changeState(d.Change), f.At})
		}
	}
	return changes, nil
}
