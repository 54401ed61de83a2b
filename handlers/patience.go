package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// Whoever may comment on a public repository could have us write without end
// by writing what is refused. So many refusals an hour are answered; whoever
// may write there is no stranger and is always answered.
const (
	patience    = 3
	patienceFor = time.Hour
)

// patienceDoc is when one person was last told no in comments of a repository.
type patienceDoc struct {
	bot.Version
	Repo   bot.RepoRef `json:"repo"`
	Login  bot.Login   `json:"login"`
	Refuse []time.Time `json:"refused"` // answered, oldest first; no more than the limit
}

// DocKey is the same however GitHub writes the login: its case means nothing.
func (d patienceDoc) DocKey() string {
	return fmt.Sprintf("patience/%s/%s", d.Repo.Key(), strings.ToLower(string(d.Login)))
}

// refuses notes one more refusal; speaks says whether it is answered.
func (d patienceDoc) refuses(now time.Time) (after patienceDoc, speaks bool) {
	d.Refuse = slices.DeleteFunc(slices.Clone(d.Refuse), func(at time.Time) bool { return now.Sub(at) >= patienceFor })
	if len(d.Refuse) >= patience {
		return d, false
	}
	d.Refuse = append(d.Refuse, now)
	return d, true
}

// refuse answers a command that does not run, unless a stranger has heard
// enough. The ledger learns of every one. What is whispered in chat only who
// asked can see, and it is answered always.
func (h *Handlers) refuse(ctx context.Context, d bot.Delivery[bot.CommandGiven], repo bot.RepoRef, by bot.Person, verb string, r bot.Refusal, plan *bot.Plan) error {
	fact := map[string]any{"text": clip(d.Event.Text, 200), "why": r.Message}
	if d.Event.From == bot.FromSlack {
		plan.Answer(bot.Whisper{Command: d.ID, URL: d.Event.Reply, Text: words.ChatRefused(r)})
	} else {
		speaks, err := h.speaks(ctx, d, by, plan)
		if err != nil {
			return err
		}
		if speaks {
			h.reply(d, r.Reaction().Name, words.Refused(r), plan)
		} else {
			fact["silent"] = true
			plan.Answers = slices.DeleteFunc(plan.Answers, func(e bot.Effect) bool { return e == bot.Effect(eyesOn(d)) })
		}
	}
	plan.Learn(bot.NewFact("command.refused", repo, verb, d.At, fact).Asked(by))
	return nil
}

// speaks asks GitHub who it is only when patience is at its end.
func (h *Handlers) speaks(ctx context.Context, d bot.Delivery[bot.CommandGiven], by bot.Person, plan *bot.Plan) (bool, error) {
	repo := d.Event.Ref.Repo
	doc := patienceDoc{Repo: repo, Login: by.Login}
	if _, err := h.Store.Doc(ctx, doc.DocKey(), &doc); err != nil {
		return false, err
	}
	after, speaks := doc.refuses(d.At)
	if speaks {
		plan.Keep(after)
		return true, nil
	}
	role, err := h.GitHub.Role(ctx, repo, by.Login)
	if err != nil {
		return false, fmt.Errorf("ask what %s may do in %s: %w", by.Login, repo.Name, err)
	}
	return role >= bot.RoleWrite, nil
}

// eyesOn a comment says that we read it.
func eyesOn(d bot.Delivery[bot.CommandGiven]) bot.React {
	return bot.React{Repo: d.Event.Ref.Repo, Comment: d.Event.Comment, Reaction: bot.Eyes}
}
