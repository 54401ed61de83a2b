package handlers

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// release binds what is asked for to one commit, for ever.
func (h *Handlers) release(ctx context.Context, a *asked, c bot.Change, w wish) (deploy.Release, error) {
	pipeline, err := a.pipeline()
	if err != nil {
		return deploy.Release{}, err
	}
	service, err := a.service(w)
	if err != nil {
		return deploy.Release{}, err
	}
	if err := checkParams(service, w.params); err != nil {
		return deploy.Release{}, err
	}
	r := newRelease(c, service, pipeline.Hash)
	r.Params = w.params
	r.Merged = c.Merged
	r.SHA, err = h.bind(ctx, c, sight{by: a.by.Login, at: a.d.Event.At, named: w.commit, line: func(commit bot.SHA) string {
		w.commit = string(commit)
		return a.line(w, w.service, w.stage)
	}})
	return r, err
}

func newRelease(c bot.Change, s deploy.Service, config string) deploy.Release {
	return deploy.Release{
		Repo: c.Ref.Repo, SHA: c.Head, Service: s.NameIn(c.Ref.Repo), Config: config, Change: c.Ref,
		Base: c.BaseRef, Title: c.Title, Author: c.Author, Issues: issuesOf(c), MergedAt: c.MergedAt,
	}
}

// closing are GitHub's own words by which a change says what it is for.
var closing = regexp.MustCompile(`(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)[: ]+#([0-9]{1,9})\b`)

func issuesOf(c bot.Change) (numbers []int) {
	for _, m := range closing.FindAllStringSubmatch(c.Body, 10) {
		var n int
		if _, err := fmt.Sscan(m[1], &n); err == nil && n > 0 && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	return numbers
}
