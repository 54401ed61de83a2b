package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Store is what bench grow asks of a database.
type Store interface {
	Hear(context.Context, bot.Letter) (bool, error)
	NextNew(context.Context) (bot.Letter, bool, error)
	Sort(context.Context, bot.Letter) error
	ClaimLetter(context.Context, string, time.Duration) (bot.Letter, bool, error)
	Save(context.Context, bot.Letter, bot.Plan, bool) error
	Fill(ctx context.Context, n int, past func(i int) (bot.Letter, bot.Task, bot.Fact)) error
}

// Grown is a database that holds so many handled deliveries.
type Grown struct {
	Holds int
	Store Store
	next  int // number of its next change
}

var shop = bot.RepoRef{Installation: 7, ID: 42, Name: "acme/shop"}

// change is a document such as is kept of each open one.
type change struct {
	Number int    `json:"number"`
	Title  string `json:"title"`
	Open   bool   `json:"open"`
	bot.Version
}

func (c *change) DocKey() string { return fmt.Sprintf("change/42/7#%d", c.Number) }

func (c *change) Claims() []string { return []string{fmt.Sprintf("open/42/7#%d", c.Number)} }

// Begin fills the database: deliveries that were handled, with an effect and a
// fact of each, and open changes.
func (g *Grown) Begin(ctx context.Context, open int, body []byte) error {
	err := g.Store.Fill(ctx, g.Holds, func(i int) (bot.Letter, bot.Task, bot.Fact) {
		subject, id := fmt.Sprintf("change/42/7#%d", i%open), bot.GitHubLetter(guid())
		check := bot.SetCheck{Repo: shop, SHA: bot.SHA(fmt.Sprintf("ff%038x", i)), Name: "roundtrip / batch", Conclusion: bot.Success, Title: "17 lines", Summary: "17 of 100 lines."}
		text, _ := json.Marshal(check) // text and numbers alone
		return bot.Letter{ID: id, Source: "github", Name: "pull_request", Body: body, Kind: "change.updated", Subject: subject},
			bot.Task{Kind: check.Kind(), Key: check.Key(), Group: check.Kind() + "/" + check.Key(), Body: text, Hash: fmt.Sprintf("%064x", i), Cause: id, Receipt: bot.Receipt{ID: fmt.Sprint(i)}},
			bot.NewFact("change.opened", shop, subject, time.Time{}, map[string]int{"lines": 17})
	})
	for g.next < open && err == nil {
		var p bot.Plan
		for range min(1000, open-g.next) {
			g.next++
			p.Keep(&change{Number: g.next, Title: "Add gift wrapping", Open: true})
		}
		err = g.one(ctx, p)
	}
	return err
}

// one delivery goes all its way, with a plan.
func (g *Grown) one(ctx context.Context, p bot.Plan) error {
	if err := g.accept(ctx, 1, []byte("{}")); err != nil {
		return err
	}
	letters, _, err := g.claim(ctx, 1)
	if err != nil {
		return err
	}
	return g.Store.Save(ctx, letters[0], p, false)
}

// plan is what comes of a change that was opened: it is kept, a check and a
// comment are to be written, and the ledger has a line more.
func (g *Grown) plan() (p bot.Plan) {
	g.next++
	ref := bot.ChangeRef{Repo: shop, Number: g.next}
	p.Keep(&change{Number: g.next, Title: "Add gift wrapping", Open: true})
	p.Do(
		bot.SetCheck{Repo: shop, SHA: bot.SHA(fmt.Sprintf("%040x", g.next)), Name: "roundtrip / batch", Conclusion: bot.Success, Title: "17 lines", Summary: "17 of 100 lines."},
		bot.KeepComment{Ref: ref, Place: "summary", Body: "17 of 100 lines."},
	)
	p.Learn(bot.NewFact("change.opened", shop, p.Docs[0].DocKey(), time.Unix(1_772_442_000, 0), map[string]int{"lines": 17}))
	return p
}

func (g *Grown) accept(ctx context.Context, n int, body []byte) error {
	const senders = 64
	errs := make([]error, senders)
	var all sync.WaitGroup
	for i := range senders {
		all.Go(func() {
			for j := i; j < n && errs[i] == nil; j += senders {
				fresh, err := g.Store.Hear(ctx, bot.Letter{ID: bot.GitHubLetter(guid()), Source: "github", Name: "pull_request", Body: body})
				if err == nil && !fresh {
					err = errors.New("a new delivery was taken for a repeat")
				}
				errs[i] = err
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// claim sorts n letters that were heard and claims them, which is timed.
func (g *Grown) claim(ctx context.Context, n int) (letters []bot.Letter, took time.Duration, err error) {
	for i := range n {
		l, ok, err := g.Store.NextNew(ctx)
		if err != nil || !ok {
			return nil, 0, errors.Join(fmt.Errorf("of %d letters %d are there", n, i), err)
		}
		l.State, l.Kind, l.Subject = bot.LetterReady, "change.updated", fmt.Sprintf("change/42/7#%d", g.next+i)
		if err := g.Store.Sort(ctx, l); err != nil {
			return nil, 0, err
		}
	}
	begun := time.Now()
	for i := range n {
		l, ok, err := g.Store.ClaimLetter(ctx, "bench", time.Hour)
		if err != nil || !ok {
			return nil, 0, errors.Join(fmt.Errorf("of %d letters %d could be claimed", n, i), err)
		}
		letters = append(letters, l)
	}
	return letters, time.Since(begun), nil
}
