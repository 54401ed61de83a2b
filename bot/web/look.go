package web

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// look is one look at what is known, at one moment.
type look struct {
	ctx   context.Context
	read  Reader
	now   time.Time
	memo  *memo
	press bool  // there are buttons
	said  reply // what became of one that was pressed
}

// memo is what was read in a look already.
type memo struct{ rollouts map[string]*deploy.Rollout }

// changeDoc is what handlers keep of a change; only what a page shows of it is
// read.
type changeDoc struct {
	bot.Version
	Change bot.Change `json:"change"`
	Heads  []struct {
		SHA bot.SHA   `json:"sha"`
		At  time.Time `json:"at"`
	} `json:"heads"`
}

// headDoc is what handlers keep of a commit; a page shows the checks on it.
type headDoc struct {
	bot.Version
	Runs map[string]bot.CheckRun `json:"runs"`
}

// fileDoc is what handlers keep of a repository's file.
type fileDoc struct {
	bot.Version
	Repo     bot.RepoRef `json:"repo"`
	Missing  bool        `json:"missing"`
	Mistakes []string    `json:"mistakes"`
	At       time.Time   `json:"at"`
}

// each reads all documents of a prefix.
func each[D any, P interface {
	*D
	SetVersion(int)
}](l look, prefix string) (docs []D, err error) {
	keys, err := l.read.Keys(l.ctx, prefix)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		var d D
		found, err := l.read.Doc(l.ctx, key, P(&d))
		if err != nil {
			return nil, err
		}
		if found {
			docs = append(docs, d)
		}
	}
	return docs, nil
}

func (l look) files() ([]fileDoc, error) { return each[fileDoc](l, "settings/") }

func (l look) builds() ([]policies.Build, error) { return each[policies.Build](l, "build/") }

func (l look) slots() ([]deploy.Slot, error) { return each[deploy.Slot](l, "slot/") }

// rollout reads a rollout; nil when there is none of that id.
func (l look) rollout(id string) (*deploy.Rollout, error) {
	if r, ok := l.memo.rollouts[id]; ok || id == "" {
		return r, nil
	}
	var r deploy.Rollout
	found, err := l.read.Doc(l.ctx, deploy.Rollout{ID: id}.DocKey(), &r)
	if err != nil || !found {
		return nil, err
	}
	if l.memo.rollouts == nil {
		l.memo.rollouts = map[string]*deploy.Rollout{}
	}
	l.memo.rollouts[id] = &r
	return &r, nil
}

// named are the repositories that the address may mean: two installations may
// have known one name.
func (l look) named(owner, name string) (repos []bot.RepoRef, err error) {
	all, err := l.repos()
	for _, r := range all {
		if strings.EqualFold(string(r.Name), owner+"/"+name) {
			repos = append(repos, r)
		}
	}
	if err == nil && len(repos) == 0 {
		err = errNoPage
	}
	return repos, err
}

// told are the facts about rollouts, with what each says.
type told struct {
	deploy.Told
	Fact string // its kind
	At   time.Time
	By   string
}

func (l look) told(q bot.FactQuery) (all []told, err error) {
	if len(q.Kinds) == 0 {
		q.Kinds = rolloutKinds
	}
	facts, err := l.read.Facts(l.ctx, q)
	for _, f := range facts {
		t := told{Fact: f.Kind, At: f.At, By: f.By}
		if json.Unmarshal(f.Data, &t.Told) == nil { // what cannot be read tells nothing
			all = append(all, t)
		}
	}
	return all, err
}

// rolloutKinds are the facts that deploy writes.
var rolloutKinds = []string{
	"rollout.begun", "rollout.step", "rollout.waiting", "rollout.promoted", "rollout.resting",
	"rollout.stopped", "rollout.returning", "rollout.ended",
}

// Addresses of pages. Parts of them are names that others chose.
func changePath(c bot.ChangeRef) string {
	if c.IsZero() {
		return ""
	}
	return (&url.URL{Path: "/changes/" + string(c.Repo.Name) + "/" + itoa(c.Number)}).EscapedPath()
}

// RolloutPath is where a rollout's page is, for who leads there from elsewhere.
func RolloutPath(id string) string { return rolloutPath(id) }

func rolloutPath(id string) string { return (&url.URL{Path: "/rollouts/" + id}).EscapedPath() }

func reportPath(r bot.RepoName) string { return (&url.URL{Path: "/report/" + string(r)}).EscapedPath() }
