package handlers

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/deploy/judge"
)

// show keeps the one comment on the change and the one message in chat up to
// date, and adds to the message's thread what people may want to follow.
func (h *Handlers) show(ctx context.Context, s Settings, r deploy.Rollout, slot deploy.Slot, now time.Time, plan *bot.Plan) error {
	been, err := h.been(ctx, r.Release, s.Pipeline)
	if err != nil {
		return err
	}
	view := viewOf(r, s.Pipeline, been, now)
	if err := h.judgedBefore(ctx, r, &view); err != nil {
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
	seen := viewOf(before, deploy.Pipeline{}, nil, before.EndedAt)
	view.Metrics, view.Windows, view.Watched, view.Judged = seen.Metrics, seen.Windows, seen.Watched, string(before.Stage.Name)
	return nil
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

func viewOf(r deploy.Rollout, p deploy.Pipeline, been map[bot.StageName]time.Time, now time.Time) words.Rollout {
	v := words.Rollout{
		Service: r.Release.Service, Stage: string(r.Stage.Name), Environment: r.Stage.Environment, SHA: r.Release.SHA,
		Title: r.Release.Title, Change: r.Release.Change, By: r.By.Name(), Merged: !r.Asked, Why: r.Why, URL: r.URL, Trouble: r.Watch.Trouble,
	}
	v.Headline, v.Mood = headline(r)
	if r.State == deploy.Resting && strings.Contains(v.Headline, v.Why) {
		v.Why = "" // the headline says it
	}
	v.Path = path(r, p, been)
	if !r.Placed.IsZero() {
		v.Watched = end(r, now).Sub(r.Placed)
	}
	for _, f := range r.Verdict().Findings {
		v.Metrics = append(v.Metrics, metricView(f, r.Watch.Windows[f.Metric.Name]))
		v.Windows = max(v.Windows, f.Verdict.Windows)
	}
	v.Next, v.Paste = next(r, p)
	v.Buttons = offers(r)
	return v
}

func end(r deploy.Rollout, now time.Time) time.Time {
	if !r.EndedAt.IsZero() {
		return r.EndedAt
	}
	return now
}

func headline(r deploy.Rollout) (line, mood string) {
	what := r.Release.Service
	where, there := fmt.Sprintf("%s to %s", what, r.Stage.Name), fmt.Sprintf("%s in %s", what, r.Stage.Name)
	if r.Kind == deploy.KindRollback {
		where = fmt.Sprintf("%s back to %s", what, r.Release.SHA.Short())
	}
	switch r.State {
	case deploy.Starting:
		return fmt.Sprintf("Bringing %s - %d %%", where, r.Weight()), "▶"
	case deploy.Watching:
		return fmt.Sprintf("Watching %s at %d %%", there, r.Weight()), "▶"
	case deploy.Waiting:
		return fmt.Sprintf("Holding %s at %d %% - somebody must decide", there, r.Weight()), "⏸"
	case deploy.Resting:
		return fmt.Sprintf("Healthy: %s at %d %% - waits for promotion", there, r.Weight()), "✅"
	case deploy.Finishing:
		return fmt.Sprintf("Bringing %s - the rest of the traffic", where), "▶"
	case deploy.Returning:
		return fmt.Sprintf("Rolling back: %s at %d %%", there, r.Weight()), "⛔"
	case deploy.Succeeded:
		return fmt.Sprintf("Live in %s - %s %s, 100 %% since %s", r.Stage.Environment, what, r.Release.SHA.Short(), words.Moment(r.EndedAt)), "✅"
	case deploy.Promoted:
		return fmt.Sprintf("Promoted %s from %s", what, r.Stage.Name), "✅"
	case deploy.RolledBack:
		return fmt.Sprintf("Rolled back: %s at %d %%, after %s", there, r.Weight(), words.For(r.EndedAt.Sub(r.Began))), "⛔"
	case deploy.Aborted:
		return fmt.Sprintf("Stopped: %s, after %s", there, words.For(r.EndedAt.Sub(r.Began))), "⛔"
	case deploy.Failed:
		return fmt.Sprintf("Not started: %s", there), "⛔"
	case deploy.RollbackFailed:
		return fmt.Sprintf("Could not go back: %s - somebody must look", there), "🆘"
	}
	return where, "▶"
}

func path(r deploy.Rollout, p deploy.Pipeline, been map[bot.StageName]time.Time) (steps []words.Step) {
	for _, s := range p.Stages {
		step := words.Step{Name: string(s.Name), Mark: "○"}
		if _, ok := been[s.Name]; ok {
			step.Mark = "✅"
		}
		if s.Name == r.Stage.Name {
			step.Mark, step.Note = mark(r.State), fmt.Sprintf("%d %%", r.Weight())
		}
		steps = append(steps, step)
	}
	return steps
}

func mark(s deploy.State) string {
	switch s {
	case deploy.Succeeded, deploy.Promoted, deploy.Resting:
		return "✅"
	case deploy.RolledBack, deploy.Aborted, deploy.Failed, deploy.RollbackFailed, deploy.Returning:
		return "⛔"
	case deploy.Waiting:
		return "⏸"
	}
	return "▶"
}

func metricView(f deploy.Finding, windows []bot.Window) words.Metric {
	v := f.Verdict
	m := words.Metric{
		Name: f.Metric.Name, Floor: f.Metric.Floor, Ratio: v.Ratio, Low: v.Low, High: v.High,
		StableBad: v.StableBad, StableTotal: v.StableTotal, CanaryBad: v.CanaryBad, CanaryTotal: v.CanaryTotal,
	}
	var shares []float64
	for _, w := range windows {
		if w.Missing == "" && w.CanaryTotal > 0 {
			shares = append(shares, w.CanaryBad/w.CanaryTotal)
		}
	}
	m.Spark = words.Spark(shares, 8)
	switch {
	case f.Metric.Observe:
		m.Verdict = "👀 observed only"
	case v.Outcome == judge.Fail:
		m.Verdict = "⛔ worse"
	case v.Outcome == judge.Pass:
		m.Verdict = "✅ no worse"
	default:
		m.Verdict = "⏸ cannot tell yet"
	}
	return m
}

// next says whether the reader must act, and what to paste if so.
func next(r deploy.Rollout, p deploy.Pipeline) (string, []string) {
	following, more := p.Next(r.Stage.Name)
	switch r.State {
	case deploy.Starting, deploy.Watching, deploy.Finishing:
		return "nothing to do; `/abort` stops it.", nil
	case deploy.Returning:
		return "nothing to do; the traffic goes back to " + stable(r) + ".", nil
	case deploy.Waiting:
		return "look at the numbers; `/promote` lets it go on, `/abort` takes it back. It goes back by itself " + deadline(r) + ".", []string{"/promote", "/abort"}
	case deploy.Resting:
		if more {
			return fmt.Sprintf("bring it to %s. It goes back by itself %s.", following.Name, deadline(r)), []string{"/promote"}
		}
		return "no stage follows; it goes back by itself " + deadline(r) + ".", []string{"/abort"}
	case deploy.Succeeded:
		if more {
			return fmt.Sprintf("bring it to %s.", following.Name), []string{"/deploy " + string(following.Name)}
		}
		return "nothing to do; `/rollback` takes it back.", nil
	case deploy.RolledBack:
		if !r.Blamed {
			return "all traffic is on " + stable(r) + "; ask again when you are ready.", []string{"/deploy " + string(r.Stage.Name)}
		}
		return "all traffic is on " + stable(r) + "; push a repair and deploy it. This commit is refused here from now on.", nil
	case deploy.RollbackFailed:
		return "look where the traffic is, then bring back what was good.", []string{"/rollback " + string(r.Stage.Name)}
	case deploy.Aborted, deploy.Failed:
		return "ask again when you are ready.", []string{"/deploy " + string(r.Stage.Name)}
	}
	return "", nil
}

// stable is what has the traffic that the release does not.
func stable(r deploy.Rollout) string {
	if r.Stable == "" {
		return "what ran before"
	}
	return "`" + r.Stable.Short() + "`"
}

// deadline is when a rollout that waits for a person is given up.
func deadline(r deploy.Rollout) string {
	return "at " + words.Moment(r.Began.Add(r.Stage.Timeouts.Rollout))
}

func mistakesMessage(repo bot.RepoRef, channel string, sha bot.SHA, mistakes []string) bot.KeepMessage {
	text, blocks := words.MistakesInFile(repo.Name, ConfigPath, sha, mistakes)
	return bot.KeepMessage{Repo: repo, Channel: channel, Place: "settings/" + repo.Key(), Text: text, Blocks: blocks}
}
