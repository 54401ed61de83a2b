package handlers

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

var commitName = regexp.MustCompile(`^@[0-9a-fA-F]{7,40}$`)

// justBefore is how long it may take from looking at a change to the comment
// on it: what somebody else pushed within that time is not taken as seen.
const justBefore = 30 * time.Second

// sight is who asks, when, the commit they named (empty: none), and the line
// by which they ask for a commit beyond doubt.
type sight struct {
	by    bot.Login
	at    time.Time
	named string
	line  func(commit bot.SHA) string
}

// bind says which commit a command means: the change's head as it was when
// the command was written. A comment carries no commit, so a push that came
// after it, or in the same second, must not slip in; nor one of somebody else
// that came while it was written. Webhooks come late and in any order, so
// GitHub is asked what it remembers of the branch, and only its own times
// count; a commit's dates are its author's to choose.
func (h *Handlers) bind(ctx context.Context, c bot.Change, s sight) (bot.SHA, error) {
	head := c.Head
	if c.Merged {
		head = c.MergeSHA
	}
	switch {
	case head == "":
		return "", bot.Refusal{Message: fmt.Sprintf("GitHub does not say which commit #%d is", c.Ref.Number), Advice: "Ask again in a minute."}
	case s.named != "" && !strings.HasPrefix(string(head), strings.ToLower(s.named)):
		return "", s.unseen(head, bot.Refusal{Message: fmt.Sprintf("%s is not the commit of #%d; that is %s", clip(s.named, 12), c.Ref.Number, head.Short())})
	case len(s.named) == fullSHA: // whoever names the whole commit has seen it
		return head, nil
	case c.Merged && c.MergedAt.After(s.at): // who wrote it meant the head, and main has more
		return "", s.unseen(head, bot.Refusal{Message: fmt.Sprintf("#%d was merged after your comment, so you may not have meant what came of that on the branch", c.Ref.Number)})
	case c.Merged: // nobody pushes to what is merged
		return head, nil
	}
	came, by, known, err := h.GitHub.PushedAt(ctx, c.Ref.Repo, c.HeadRef, c.Head)
	if err != nil && !hopeless(err) {
		return "", err
	}
	if !known || err != nil { // GitHub Enterprise Server did not always have that list
		return "", s.unseen(head, bot.Refusal{Message: fmt.Sprintf("GitHub does not say when %s became the head of #%d, so I cannot tell whether you have seen it", head.Short(), c.Ref.Number)})
	}
	// Of GitHub's times nobody knows the fraction of a second.
	switch before := s.at.Truncate(time.Second).Sub(came.Truncate(time.Second)); {
	case before <= 0:
		return "", s.unseen(head, bot.Refusal{Message: fmt.Sprintf("%s was pushed to #%d at the time of your comment or after it, so you may not have seen it", head.Short(), c.Ref.Number)})
	case before <= justBefore && (by == "" || !strings.EqualFold(string(by), string(s.by))):
		return "", s.unseen(head, bot.Refusal{Message: fmt.Sprintf("%s came to #%d only %s before your comment, and not from you, so you may not have seen it", head.Short(), c.Ref.Number, words.For(before))})
	}
	return head, nil
}

// fullSHA is how many digits name a commit beyond doubt: fewer can be ground
// out for a commit that is pushed later.
const fullSHA = 40

// unseen adds to a refusal how to ask for the commit that is there now.
func (s sight) unseen(head bot.SHA, r bot.Refusal) error {
	r.Message += ". Look at what is there now; this line means that commit and no other"
	r.Advice = s.line(head)
	return r
}

// target is the change that a command is about, as GitHub has it now.
func (h *Handlers) target(ctx context.Context, a *asked) (bot.Change, error) {
	if a.ref.IsZero() {
		return bot.Change{}, bot.Refusal{Message: fmt.Sprintf("say which change you mean; `/%s` needs its number", a.cmd.Verb), Advice: fmt.Sprintf("/%s %s#12", a.cmd.Verb, a.repo.Name), Puzzled: true}
	}
	c, err := h.GitHub.Change(ctx, a.ref)
	if errors.Is(err, bot.ErrNotFound) {
		return c, bot.Refusal{Message: fmt.Sprintf("there is no change #%d in %s", a.ref.Number, a.repo.Name), Advice: "/status"}
	}
	if err != nil {
		return c, err
	}
	switch {
	case !c.Open && !c.Merged:
		return c, bot.Refusal{Message: fmt.Sprintf("#%d is closed and was not merged", c.Ref.Number), Advice: "Reopen it, or ask from the change that took its place."}
	case c.Merged && c.Default != "" && c.BaseRef != c.Default:
		return c, bot.Refusal{Message: fmt.Sprintf("#%d was merged into %s, and only what is on %s is deployed from there on", c.Ref.Number, words.Code(c.BaseRef), words.Code(c.Default)), Advice: "Open a change against the default branch."}
	case c.Draft:
		return c, bot.Refusal{Message: fmt.Sprintf("#%d is a draft", c.Ref.Number), Advice: "Press Ready for review, then ask again."}
	case c.Fork() && !c.Merged:
		return c, bot.Refusal{Message: fmt.Sprintf("#%d comes from a fork, and a fork's commits are never deployed", c.Ref.Number), Advice: "Ask somebody with the role `write` to push the branch to this repository and open a change from there."}
	}
	return c, nil
}
