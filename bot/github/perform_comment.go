package github

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// commentPerformer keeps one comment of each place up to date.
type commentPerformer struct{ c *Client }

// Kind is bot.KeepComment's.
func (*commentPerformer) Kind() string { return bot.KeepComment{}.Kind() }

// Perform writes the comment that a receipt names; without one, or when that
// comment was deleted, it looks for the comment that carries the place's mark
// and makes one when there is none. Whenever it looks, and always when somebody
// may have made one beside us, the oldest stays and the others are deleted,
// or the receipt says why not.
func (p *commentPerformer) Perform(ctx context.Context, job bot.Job) (bot.Receipt, error) {
	e, ok := job.Effect.(bot.KeepComment)
	if !ok {
		return bot.Receipt{}, wrongKind(p, job.Effect)
	}
	doing := fmt.Sprintf("write comment %s on %s", e.Place, e.Ref)
	marks := p.c.marks(e.Ref, e.Place)
	body := shorten(e.Body, maxComment) + "\n\n" + marks[0]
	if id := lastID(job.Last); id != 0 && !job.Beside {
		r, err := p.edit(bot.WithPriority(ctx, bot.Cosmetic), e, id, body) // people see what is there
		if err = writeError(doing, err); !gone(err) {
			return r, err
		}
	}
	r, err := p.keep(ctx, e, marks, body)
	if gone(writeError(doing, err)) { // between the look and the write
		r, err = p.keep(ctx, e, marks, body)
	}
	return r, writeError(doing, err)
}

func (p *commentPerformer) keep(ctx context.Context, e bot.KeepComment, marks []string, body string) (r bot.Receipt, err error) {
	found, err := p.find(ctx, e, marks)
	switch {
	case err != nil:
		return bot.Receipt{}, err
	case len(found) == 0:
		return p.create(ctx, e, body)
	}
	oldest := slices.MinFunc(found, func(a, b wireComment) int { return cmp.Compare(a.ID, b.ID) })
	r = receipt(oldest.ID, "", oldest.URL)
	if !same(oldest.Body, body) {
		r, err = p.edit(ctx, e, oldest.ID, body)
	}
	for _, w := range found {
		if err == nil && w.ID != oldest.ID {
			var why string
			why, err = p.remove(ctx, e, w.ID)
			r.Twice = joined(r.Twice, why)
		}
	}
	return r, err
}

// remove takes away a comment that is there twice, or says why it stays.
func (p *commentPerformer) remove(ctx context.Context, e bot.KeepComment, id int64) (stays string, err error) {
	err = p.c.remove(ctx, e.Ref.Repo, path(e.Ref.Repo, "issues", "comments", strconv.FormatInt(id, 10)))
	return staying(fmt.Sprintf("delete comment %d", id), err)
}

// same passes over what GitHub does to line ends.
func same(a, b string) bool {
	plain := func(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
	return plain(a) == plain(b)
}

type wireComment struct {
	ID   int64    `json:"id"`
	Body string   `json:"body"`
	URL  string   `json:"html_url"`
	User wireUser `json:"user"`
}

// find looks through all comments for those of ours with a mark. A mark alone
// is not enough: everybody can read and copy it.
func (p *commentPerformer) find(ctx context.Context, e bot.KeepComment, marks []string) (found []wireComment, err error) {
	self, err := p.c.self(ctx)
	if err != nil {
		return nil, err
	}
	where := path(e.Ref.Repo, "issues", strconv.Itoa(e.Ref.Number), "comments")
	err = pages(ctx, p.c, e.Ref.Repo, where, url.Values{}, func(list []wireComment) bool {
		for _, w := range list {
			if strings.EqualFold(w.User.Login, string(self)) && marked(w.Body, marks) {
				found = append(found, w)
			}
		}
		return true
	})
	return found, err
}

func (p *commentPerformer) create(ctx context.Context, e bot.KeepComment, body string) (bot.Receipt, error) {
	client, err := p.c.of(e.Ref.Repo)
	if err != nil {
		return bot.Receipt{}, err
	}
	name := e.Ref.Repo.Name
	made, _, err := client.Issues.CreateComment(ctx, name.Owner(), name.Name(), e.Ref.Number, &gh.IssueComment{Body: &body})
	if err != nil {
		return bot.Receipt{}, err
	}
	return receipt(made.GetID(), "", made.GetHTMLURL()), nil
}

func (p *commentPerformer) edit(ctx context.Context, e bot.KeepComment, id int64, body string) (bot.Receipt, error) {
	client, err := p.c.of(e.Ref.Repo)
	if err != nil {
		return bot.Receipt{}, err
	}
	name := e.Ref.Repo.Name
	made, _, err := client.Issues.EditComment(ctx, name.Owner(), name.Name(), id, &gh.IssueComment{Body: &body})
	if err != nil {
		return bot.Receipt{}, err
	}
	return receipt(id, "", made.GetHTMLURL()), nil
}
