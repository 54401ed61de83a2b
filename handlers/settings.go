package handlers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// ConfigPath is where a repository's file stands, on its default branch.
const ConfigPath = ".github/roundtrip.yml"

// settingsDoc is a repository's file as last read, and the last one that was
// right: policies go on with that one, deploys do not.
type settingsDoc struct {
	bot.Version
	Repo     bot.RepoRef `json:"repo"`
	Text     []byte      `json:"text"`
	Missing  bool        `json:"missing"`
	Good     []byte      `json:"good,omitempty"`
	HasGood  bool        `json:"has_good"`
	Mistakes []string    `json:"mistakes,omitempty"`
	Notes    []bot.Note  `json:"notes,omitempty"` // the mistakes, for beside their lines
	At       time.Time   `json:"at"`
}

func settingsKey(repo bot.RepoRef) string { return "settings/" + repo.Key() }

func (d settingsDoc) DocKey() string { return settingsKey(d.Repo) }

// settings are those in force for a repository, and what is wrong with the
// newest version of its file. The file is read once; pushes that touch it
// have it read again; what was decided by the version before and is not saved
// yet is then decided anew.
func (h *Handlers) settings(ctx context.Context, repo bot.RepoRef, now time.Time, plan *bot.Plan) (Settings, []string, error) {
	for _, doc := range plan.Docs { // about to be kept: that is the newest
		if d, ok := doc.(settingsDoc); ok && d.Repo.ID == repo.ID {
			return h.inForce(d), d.Mistakes, nil
		}
	}
	var d settingsDoc
	found, err := h.Store.Doc(ctx, settingsKey(repo), &d)
	if err != nil {
		return Settings{}, nil, err
	}
	if !found {
		if d, err = h.readSettings(ctx, repo, d, now); err != nil {
			return Settings{}, nil, err
		}
		plan.Keep(d)
		plan.Wake(h.timetable(d, now)...)
		return h.inForce(d), d.Mistakes, nil
	}
	plan.See(settingsKey(repo), d.V)
	return h.inForce(d), d.Mistakes, nil
}

func (h *Handlers) inForce(d settingsDoc) Settings {
	if !d.HasGood {
		s, _ := h.Read(nil)
		return s
	}
	s, _ := h.Read(d.Good)
	return s
}

// readSettings asks GitHub for the file and keeps the last good version.
func (h *Handlers) readSettings(ctx context.Context, repo bot.RepoRef, old settingsDoc, now time.Time) (settingsDoc, error) {
	d := settingsDoc{Version: old.Version, Repo: repo, Good: old.Good, HasGood: old.HasGood, At: now}
	text, err := h.GitHub.File(ctx, repo, ConfigPath)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		d.Missing, d.Good, d.HasGood = true, nil, false
		return d, nil
	}
	mistakes, err := h.mistakes(text, err)
	if err != nil {
		return d, fmt.Errorf("read %s of %s: %w", ConfigPath, repo.Name, err)
	}
	d.Text, d.Mistakes, d.Notes = text, written(mistakes), words.Notes(mistakes)
	if len(d.Mistakes) == 0 {
		d.Good, d.HasGood = text, true
	}
	return d, nil
}

// mistakes are all that is wrong with a text. That GitHub has no such text to
// give, because it is too large or no file, is one, too.
func (h *Handlers) mistakes(text []byte, err error) ([]bot.Mistake, error) {
	var never bot.Permanent
	switch {
	case errors.As(err, &never):
		return []bot.Mistake{{File: ConfigPath, Message: "it cannot be read", Hint: never.Error()}}, nil
	case err != nil:
		return nil, err
	}
	_, mistakes := h.Read(text)
	return mistakes, nil
}

// written are mistakes as people read them, one a line.
func written(mistakes []bot.Mistake) (list []string) {
	for _, m := range mistakes {
		list = append(list, m.String())
	}
	return list
}

// reread takes a new version of the file in force, shows on the commit whether
// it is right, ends what it asks for no more, and judges all open changes of the repository again.
func (h *Handlers) reread(ctx context.Context, repo bot.RepoRef, d bot.Delivery[bot.Pushed]) (plan bot.Plan, err error) {
	var old settingsDoc
	if _, err := h.Store.Doc(ctx, settingsKey(repo), &old); err != nil {
		return plan, err
	}
	fresh, err := h.readSettings(ctx, repo, old, d.At)
	if err != nil {
		return plan, err
	}
	plan.Keep(fresh)
	plan.Wake(h.timetable(fresh, d.At)...)
	plan.Learn(bot.NewFact("settings.changed", repo, ConfigPath, d.At, map[string]any{"sha": d.Event.After, "mistakes": fresh.Mistakes}).Asked(d.Event.By))
	if !fresh.Missing {
		plan.Do(fileCheck(repo, d.Event.After, "", inForceFile(fresh), ""))
	}
	if channel := h.inForce(fresh).Notify.Channel; len(fresh.Mistakes) > 0 && channel != "" {
		plan.Do(mistakesMessage(repo, channel, d.Event.After, fresh.Mistakes))
	}
	if err := h.watchBy(ctx, repo, h.inForce(old), h.inForce(fresh), d, &plan); err != nil {
		return plan, err
	}
	rejudge(bot.JudgeAllDue{Repo: repo, Why: "settings/" + d.ID}, d.At, &plan)
	return plan, nil
}
