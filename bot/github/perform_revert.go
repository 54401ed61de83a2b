package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// revertPerformer opens the pull request that takes a change back, once. GitHub
// names its branch revert-N-… after the change: by that, or by our mark, it is
// found again, whoever opened it.
type revertPerformer struct{ c *Client }

// Kind is bot.OpenRevert's.
func (*revertPerformer) Kind() string { return bot.OpenRevert{}.Kind() }

// errNoContents is why GitHub mints no token for a revert.
var errNoContents = errors.New("the app needs the repository permission Contents, read and write, to open reverts")

// revertDocument asks for a revert: REST has no such call.
const revertDocument = `mutation OpenRevert($input: RevertPullRequestInput!) {
  revertPullRequest(input: $input) { revertPullRequest { number url } }
}`

// Perform looks for the revert, sees that the change is still what the branch
// ends with, and opens it. The receipt is the new pull request's number.
func (p *revertPerformer) Perform(ctx context.Context, job bot.Job) (bot.Receipt, error) {
	e, ok := job.Effect.(bot.OpenRevert)
	if !ok {
		return bot.Receipt{}, wrongKind(p, job.Effect)
	}
	doing := "open a revert of " + e.Ref.String()
	r, done, err := p.find(ctx, e)
	if done && r.More == closed {
		err = bot.Permanent{Err: fmt.Errorf("#%s took it back and was closed without a merge: reopen it", r.ID)}
	}
	switch {
	case err != nil:
		return bot.Receipt{}, p.refused(doing, err)
	case done:
		return r, nil
	}
	id, err := p.still(ctx, e)
	if err != nil {
		return bot.Receipt{}, p.refused(doing, err)
	}
	r, err = p.open(ctx, e, id)
	return r, p.refused(doing, err)
}

// closed without a merge.
const closed = "closed"

type wireRevert struct {
	Number int    `json:"number"`
	State  string `json:"state"`
	Merged string `json:"merged_at"`
	Body   string `json:"body"`
	URL    string `json:"html_url"`
	Head   struct {
		Ref  string `json:"ref"`
		Repo *struct {
			ID int64 `json:"id"`
		} `json:"repo"`
	} `json:"head"`
}

// find looks through the pull requests that are newer than the change.
func (p *revertPerformer) find(ctx context.Context, e bot.OpenRevert) (r bot.Receipt, found bool, err error) {
	q := url.Values{"state": {"all"}, "base": {e.Branch}, "sort": {"created"}, "direction": {"desc"}}
	err = pages(ctx, p.c, e.Ref.Repo, path(e.Ref.Repo, "pulls"), q, func(list []wireRevert) bool {
		for _, w := range list {
			if w.Number <= e.Ref.Number {
				return false
			}
			if p.reverts(w, e) {
				if w.Merged != "" {
					w.State = "merged"
				}
				r, found = receipt(int64(w.Number), w.State, w.URL), true
				return false
			}
		}
		return true
	})
	return r, found, err
}

// reverts reports whether a pull request of this repository's own branches
// takes the change back.
func (p *revertPerformer) reverts(w wireRevert, e bot.OpenRevert) bool {
	own := w.Head.Repo != nil && w.Head.Repo.ID == e.Ref.Repo.ID
	return own && (strings.HasPrefix(w.Head.Ref, fmt.Sprintf("revert-%d-", e.Ref.Number)) || marked(w.Body, p.marks(e)))
}

func (p *revertPerformer) marks(e bot.OpenRevert) []string { return p.c.marks(e.Ref, "revert") }

// still sees that the change's commit is the branch's head. It answers the
// change's id in GraphQL.
func (p *revertPerformer) still(ctx context.Context, e bot.OpenRevert) (string, error) {
	head, err := p.c.Head(ctx, e.Ref.Repo, e.Branch)
	if err != nil {
		return "", err
	}
	var pull struct {
		Node   string `json:"node_id"`
		Merged bool   `json:"merged"`
		SHA    string `json:"merge_commit_sha"`
	}
	if _, err := p.c.get(ctx, e.Ref.Repo, path(e.Ref.Repo, "pulls", strconv.Itoa(e.Ref.Number)), &pull); err != nil {
		return "", err
	}
	switch {
	case head != e.SHA:
		return "", bot.Permanent{Err: fmt.Errorf("%s is at %s now, not at %s", e.Branch, head.Short(), e.SHA.Short())}
	case !pull.Merged || pull.SHA != string(e.SHA) || pull.Node == "":
		return "", bot.Permanent{Err: fmt.Errorf("it was not merged as %s", e.SHA.Short())}
	}
	return pull.Node, nil
}

func (p *revertPerformer) open(ctx context.Context, e bot.OpenRevert, id string) (bot.Receipt, error) {
	client, err := p.c.may(e.Ref.Repo, reverting)
	if err != nil {
		return bot.Receipt{}, err
	}
	var made struct {
		Revert struct {
			Opened *struct {
				Number int    `json:"number"`
				URL    string `json:"url"`
			} `json:"revertPullRequest"`
		} `json:"revertPullRequest"`
	}
	input := map[string]any{"pullRequestId": id, "title": e.Title, "body": shorten(e.Body, maxComment) + "\n\n" + p.marks(e)[0], "draft": false}
	if err := graphQL(ctx, client, revertDocument, map[string]any{"input": input}, &made); err != nil {
		p.c.forget(e.Ref.Repo, reverting) // it may be given more: the next token will have it
		return bot.Receipt{}, err
	}
	if made.Revert.Opened == nil || made.Revert.Opened.Number == 0 {
		return bot.Receipt{}, errors.New("GitHub opened no pull request")
	}
	return receipt(int64(made.Revert.Opened.Number), "open", made.Revert.Opened.URL), nil
}

// refused says what the operator has to do where the app may not.
func (*revertPerformer) refused(doing string, err error) error {
	var known bot.Permanent
	var wait bot.RetryAfter
	var f failure
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return bot.Permanent{Err: fmt.Errorf("%s: %w", doing, err)}
	case errors.As(err, &known):
		err = bot.Permanent{Err: fmt.Errorf("%s: %w", doing, known.Err)}
	case errors.As(err, &wait):
		return bot.RetryAfter{After: wait.After, Err: fmt.Errorf("%s: %w", doing, wait.Err)}
	default:
		err = writeError(doing, err)
	}
	if errors.As(err, &f) && (f.minting && f.status == http.StatusUnprocessableEntity || f.status == http.StatusForbidden && !f.limited) || errors.Is(err, errForbidden) {
		return bot.Permanent{Err: fmt.Errorf("%s: %w", doing, errNoContents)}
	}
	return err
}
