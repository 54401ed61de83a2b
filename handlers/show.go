package handlers

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// show keeps the one comment on the change and the one message in chat up to
// date, and adds to the message's thread what people may want to follow. The
// slot is as the rollout leaves it.
func (h *Handlers) show(ctx context.Context, s Settings, r deploy.Rollout, slot deploy.Slot, plan *bot.Plan) error {
	been, err := h.been(ctx, r.Release, s.Pipeline)
	if err != nil {
		return err
	}
	view := viewOf(r, s.Pipeline, been, slot)
	if err := errors.Join(h.judgedBefore(ctx, r, &view), h.takes(ctx, r, &view)); err != nil {
		return err
	}
	h.display(r, s, view, strconv.Itoa(r.Turn), threadLine(r, view), plan)
	return nil
}

// display puts a view of a rollout, and a line for the thread if there is one,
// where people look. The line is of the rollout's turn, or of whatever else
// there is one line of.
func (h *Handlers) display(r deploy.Rollout, s Settings, view words.Rollout, of, line string, plan *bot.Plan) {
	do := plan.Do
	if r.Asked {
		do = plan.Answer
	}
	if !r.Release.Change.IsZero() {
		do(bot.KeepComment{Ref: r.Release.Change, Place: "rollout/" + r.Release.Service, Body: view.Comment()})
		if back, ok := wentBack(r, view); ok {
			do(bot.KeepComment{Ref: r.Release.Change, Place: "back/" + r.ID, Body: back.Comment()})
		}
	}
	channel := s.Notify.ForDeploys()
	if channel == "" {
		return
	}
	text, blocks := view.Message()
	place := "rollout/" + r.ID
	do(bot.KeepMessage{Repo: r.Release.Repo, Channel: channel, Place: place, Text: text, Blocks: blocks})
	if line != "" {
		do(bot.KeepMessage{Repo: r.Release.Repo, Channel: channel, Place: place + "/" + of, Thread: place, Text: line})
	}
}

// judgedBefore shows with a stage that is not judged itself what production
// said while the same release was in the stage before.
func (h *Handlers) judgedBefore(ctx context.Context, r deploy.Rollout, view *words.Rollout) error {
	if view.Windows > 0 || r.Kind != deploy.KindDeploy {
		return nil
	}
	before, ok, err := h.canaryOf(ctx, r)
	if err != nil || !ok {
		return err
	}
	seen := viewOf(before, deploy.Pipeline{}, nil, deploy.Slot{})
	view.Metrics, view.Windows, view.Watched, view.Source, view.Judged = seen.Metrics, seen.Windows, seen.Watched, seen.Source, string(before.Stage.Name)
	return nil
}

// takes says with a rollback which release it takes away.
func (h *Handlers) takes(ctx context.Context, r deploy.Rollout, view *words.Rollout) error {
	if r.Kind != deploy.KindRollback || r.Undoes == "" {
		return nil
	}
	undone, _, err := h.rollout(ctx, r.Undoes)
	if err == nil {
		view.Away = words.TookAway(r.Stable, undone.Release.Change, r.State == deploy.Succeeded)
	}
	return err
}

// wentBack is what the author of a change hears in a comment of its own when
// a rollout of it went back and nobody had asked: one for each rollout.
func wentBack(r deploy.Rollout, view words.Rollout) (words.Back, bool) {
	if r.Kind != deploy.KindDeploy || r.State != deploy.RolledBack && r.State != deploy.RollbackFailed {
		return words.Back{}, false
	}
	return words.Back{
		Author: r.Release.Author, Service: r.Release.Service, Stage: string(r.Stage.Name), SHA: r.Release.SHA, Weight: r.Weight(),
		After: r.EndedAt.Sub(r.Began), Stuck: r.State == deploy.RollbackFailed, Why: r.Why, Next: view.Next, Paste: view.Paste,
	}, true
}

// canaryOf is the rollout in which the same release was judged in a stage that
// r comes after.
func (h *Handlers) canaryOf(ctx context.Context, r deploy.Rollout) (deploy.Rollout, bool, error) {
	for _, a := range r.Stage.After {
		var d beenDoc
		found, err := h.Store.Doc(ctx, beenKey(r.Release.Repo, r.Release.Service, a.Stage), &d)
		if err != nil {
			return deploy.Rollout{}, false, err
		}
		if !found || d.SHA != r.Release.SHA {
			continue
		}
		if before, ok, err := h.rollout(ctx, d.Rollout); err != nil || ok && len(before.Watch.Windows) > 0 {
			return before, ok, err
		}
	}
	return deploy.Rollout{}, false, nil
}

// threadLine is what a transition adds to the thread; a look adds nothing.
func threadLine(r deploy.Rollout, view words.Rollout) string {
	switch r.State {
	case deploy.Starting:
		if r.Step == 0 {
			return ""
		}
		return fmt.Sprintf("%d %% of the traffic next", r.Weight())
	case deploy.Watching, deploy.Promoted:
		return ""
	}
	line := view.Mood + " " + words.Slack(view.Headline)
	if r.Why != "" && r.State != deploy.Resting {
		line += ": " + words.Slack(r.Why)
	}
	return line
}

func mistakesMessage(repo bot.RepoRef, channel string, sha bot.SHA, mistakes []string) bot.KeepMessage {
	text, blocks := words.MistakesInFile(repo.Name, ConfigPath, sha, mistakes)
	return bot.KeepMessage{Repo: repo, Channel: channel, Place: "settings/" + repo.Key(), Text: text, Blocks: blocks}
}
