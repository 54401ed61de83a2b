package handlers

import (
	"context"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// beenDoc is which release is in a stage, healthy, and since when.
type beenDoc struct {
	bot.Version
	Repo    bot.RepoRef   `json:"repo"`
	Service string        `json:"service"`
	Stage   bot.StageName `json:"stage"`
	SHA     bot.SHA       `json:"sha"` // empty: the last one went back
	Since   time.Time     `json:"since"`
	Rollout string        `json:"rollout"`
}

func beenKey(repo bot.RepoRef, service string, stage bot.StageName) string {
	return fmt.Sprintf("been/%s/%s/%s", repo.Key(), service, stage)
}

func (d beenDoc) DocKey() string { return beenKey(d.Repo, d.Service, d.Stage) }

// been says since when the very same release has been in which stage.
func (h *Handlers) been(ctx context.Context, r deploy.Release, p deploy.Pipeline) (map[bot.StageName]time.Time, error) {
	since := map[bot.StageName]time.Time{}
	for _, s := range p.Stages {
		var d beenDoc
		found, err := h.Store.Doc(ctx, beenKey(r.Repo, r.Service, s.Name), &d)
		if err != nil {
			return nil, err
		}
		if found && d.SHA == r.SHA {
			since[s.Name] = d.Since
		}
	}
	return since, nil
}
