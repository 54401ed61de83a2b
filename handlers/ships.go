package handlers

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// ships says what a deployment is the first to hold: the commits since what
// was live before, each with its change where we know it. A history that
// GitHub cannot compare is said to be unknown; it does not hold up the rollout.
func (h *Handlers) ships(ctx context.Context, r deploy.Rollout, d *flow.Deployment) error {
	repo := r.Release.Repo
	commits, err := h.GitHub.Compare(ctx, repo, r.Stable, r.Release.SHA)
	if hopeless(err) {
		d.Unknown = err.Error()
		return nil
	}
	if err != nil {
		return err
	}
	s := shipment{h: h, repo: repo, known: map[int]changeDoc{}}
	owner := 0 // of the commits that led to the one just seen
	for _, c := range slices.Backward(commits) {
		number, tip, err := s.changeOf(ctx, c)
		if err != nil {
			return err
		}
		switch {
		case number == 0 && c.SHA == r.Release.SHA:
			number, owner = r.Release.Change.Number, r.Release.Change.Number
		case number == 0:
			number = owner
		case tip:
			owner = number
		default:
			owner = 0 // squashed: what came before it is not its own
		}
		d.Ships = append(d.Ships, flow.Shipped{SHA: c.SHA, Number: number, Kind: commitKind(c), Authored: c.Authored})
	}
	slices.Reverse(d.Ships)
	return s.dates(ctx, d)
}

func hopeless(err error) bool {
	var permanent bot.Permanent
	return errors.Is(err, bot.ErrNotFound) || errors.As(err, &permanent)
}

// shipment finds the changes of commits.
type shipment struct {
	h     *Handlers
	repo  bot.RepoRef
	known map[int]changeDoc
}

// changeOf finds a commit's change; tip says that the change's own commits
// come right before it: it is its head, or the merge of it.
func (s shipment) changeOf(ctx context.Context, c bot.Commit) (number int, tip bool, err error) {
	doc, known, err := s.h.changeAt(ctx, s.repo, c.SHA)
	if err != nil || !known {
		return 0, false, err
	}
	number = doc.Change.Ref.Number
	s.known[number] = doc
	return number, doc.Change.Head == c.SHA || c.Parents > 1, nil
}

// dates adds when each change was opened and its first commit was written. A
// squash writes a new commit with a new date, so the change's own commits are
// asked for: GitHub keeps them.
func (s shipment) dates(ctx context.Context, d *flow.Deployment) error {
	for _, number := range slices.Sorted(maps.Keys(s.known)) {
		c := s.known[number].Change
		d.Hotfix = d.Hotfix || slices.Contains(c.Labels, "hotfix") || strings.HasPrefix(c.HeadRef, "hotfix/")
		own := slices.ContainsFunc(d.Ships, func(x flow.Shipped) bool { return x.SHA == c.Head })
		var first time.Time
		if !own && c.Base != "" && c.Head != "" {
			commits, err := s.h.GitHub.Compare(ctx, s.repo, c.Base, c.Head)
			if err != nil && !hopeless(err) {
				return err
			}
			first = firstOf(commits)
		}
		for i := range d.Ships {
			if d.Ships[i].Number == number {
				d.Ships[i].Opened, d.Ships[i].First = c.Opened, first
			}
		}
	}
	return nil
}

func firstOf(commits []bot.Commit) (first time.Time) {
	for _, c := range commits {
		if c.Parents < 2 && !c.Authored.IsZero() && (first.IsZero() || c.Authored.Before(first)) {
			first = c.Authored
		}
	}
	return first
}

func commitKind(c bot.Commit) string {
	switch {
	case c.Parents > 1:
		return "merge"
	case strings.HasPrefix(c.Title, "Revert "):
		return "revert"
	case strings.HasSuffix(string(c.Author), "[bot]"):
		return "bot"
	}
	return "human"
}

var revertsLine = regexp.MustCompile(`(?m)^Reverts ([\w.-]+/[\w.-]+)?#([0-9]{1,9})\s*$`)

// reverts is the change that a revert takes back, as GitHub's button writes it
// into the body; 0 when it does not say.
func reverts(c bot.Change) int {
	m := revertsLine.FindStringSubmatch(strings.ReplaceAll(c.Body, "\r\n", "\n"))
	if m == nil || m[1] != "" && !strings.EqualFold(m[1], string(c.Ref.Repo.Name)) {
		return 0
	}
	n, err := strconv.Atoi(m[2])
	if err != nil {
		return 0
	}
	return n
}
