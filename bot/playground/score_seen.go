package playground

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// Seen is what there is to judge now.
func (w *World) Seen(ctx context.Context) (Seen, error) {
	w.mu.Lock()
	books, asked := w.books, w.asked
	w.mu.Unlock()
	s := Seen{Bot: w.GitHub.BotLogin(), Asked: asked, Stable: map[string]string{}, Canary: map[string]string{}}
	if books == nil {
		return s, errors.New("the bot is away")
	}
	// Rest is asked about first and last: what moved in between proves nothing.
	before, err := atRest(ctx, books, w.Now())
	if err != nil {
		return s, err
	}
	s.Calls, s.Targets = w.Prod.Calls(), w.Prod.Deployments()
	for _, name := range []string{Staging, Production} {
		is := live(w.shopOf(name))
		s.Stable[name], s.Canary[name] = is.Stable, is.Canary
	}
	s.Changes, s.Deployments = w.GitHub.Changes(Repo), w.GitHub.Deployments(Repo)
	for _, c := range w.Slack.Channels() {
		s.Messages = append(s.Messages, w.Slack.Messages(c.Name)...)
	}
	if s.Accepted, s.Lost, err = w.acceptedBy(ctx, books); err != nil {
		return s, err
	}
	s.MainGreen = w.mainGreen()
	after, err := atRest(ctx, books, w.Now())
	s.Quiet = before && after
	return s, err
}

// atRest: nothing is due, in hand, or to be tried again.
func atRest(ctx context.Context, b Books, now time.Time) (bool, error) {
	inbox, outbox, err := b.Count(ctx)
	if err != nil || inbox[bot.LetterNew]+inbox[bot.LetterHandling]+outbox[bot.TaskWaiting]+outbox[bot.TaskPerforming] > 0 {
		return false, err
	}
	if n, err := b.Retrying(ctx); err != nil || n > 0 {
		return false, err
	}
	due, waits, err := b.NextDue(ctx)
	return err == nil && (!waits || due.After(now)), err
}

// acceptedBy lists what was accepted, once each, with what became of it. What
// did not come and was fetched is accepted, too; what was not fetched is lost.
func (w *World) acceptedBy(ctx context.Context, books Books) (list []Accepted, lost []Lost, err error) {
	silent, err := refusedSilently(ctx, books)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	for _, d := range w.GitHub.Deliveries() {
		if seen[d.ID] {
			continue
		}
		a := Accepted{ID: d.ID, Event: strings.TrimSpace(d.Event + " " + d.Action), State: bot.LetterDone}
		if d.Event == "issue_comment" && d.Action == "created" {
			a.CommentID, a.Comment = commentIn(d.Body)
		}
		a.Head, a.Silent = headIn(d), silent[bot.GitHubLetter(d.ID)]
		if !w.known(d.ID) {
			l, have, err := books.Letter(ctx, bot.GitHubLetter(d.ID))
			if err != nil {
				return nil, nil, err
			}
			if d.State != fakegithub.Delivered && !have {
				if settled(d) && !d.Sent.IsZero() {
					seen[d.ID], lost = true, append(lost, Lost{a.ID, a.Event, w.overdue(d.Sent)})
				}
				continue
			}
			a.Error = l.Error
			if a.State = l.State; l.State == bot.LetterDone || l.State == bot.LetterIgnored {
				w.know(d.ID)
			}
		}
		seen[d.ID] = true
		list = append(list, a)
	}
	return list, lost, nil
}

// overdue: what was sent then had an hour in which nothing hindered the bot
// from asking for it.
func (w *World) overdue(sent time.Time) bool {
	since, smooth := w.smooth()
	if since.Before(sent) {
		since = sent
	}
	return smooth && w.Now().After(since.Add(time.Hour))
}

// refusedSilently are the deliveries with commands that were.
func refusedSilently(ctx context.Context, books Books) (map[string]bool, error) {
	facts, err := books.Facts(ctx, bot.FactQuery{Kinds: []string{"command.refused"}})
	silent := map[string]bool{}
	for _, f := range facts {
		var data struct {
			Silent bool `json:"silent"`
		}
		silent[f.Cause] = json.Unmarshal(f.Data, &data) == nil && data.Silent
	}
	return silent, err
}

// known: what is done stays done, and is not looked up again.
func (w *World) known(id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.done[id]
}

func (w *World) know(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done == nil {
		w.done = map[string]bool{}
	}
	w.done[id] = true
}
