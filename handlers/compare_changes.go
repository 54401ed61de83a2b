package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// changes that are open, or were when we last heard of them. Of a list that
// breaks off those that came are compared, and nothing is said of the others.
func (c *comparison) changes(ctx context.Context) error {
	open, listErr := c.GitHub.OpenChanges(ctx, c.doc.Repo, "", 0)
	for _, now := range open {
		if err := c.opened(ctx, now); err != nil {
			return err
		}
	}
	if listErr != nil {
		return listErr
	}
	for _, doc := range c.open {
		if !slices.ContainsFunc(open, func(o bot.Change) bool { return o.Ref.Number == doc.Change.Ref.Number }) {
			if err := c.closed(ctx, doc.Change.Ref, doc.V); err != nil {
				return err
			}
		}
	}
	return c.checksOf(ctx, open)
}

// opened compares a change that is open. A list says less than an event: what
// differs is read whole.
func (c *comparison) opened(ctx context.Context, now bot.Change) error {
	doc, known, err := c.change(ctx, now.Ref)
	if err != nil || known && same(doc.Change, now) || doc.Merged || !c.may(1) {
		return err
	}
	if now, err = c.GitHub.Change(ctx, now.Ref); err != nil || !now.Open {
		return unlessGone(err) // the next time
	}
	e := bot.ChangeUpdated{Action: "edited", Change: now}
	switch {
	case !known:
		e.Action, e.By = "opened", bot.Person{Login: now.Author, Bot: now.AuthorBot}
	case !doc.Change.Open:
		e.Action = "reopened"
	case doc.Change.Head != now.Head:
		e.Action = "synchronize"
	}
	c.saw(fmt.Sprintf("change/%d/%s/%s", now.Ref.Number, now.Head, now.Updated.Format("20060102T150405")), doc.V, e)
	return nil
}

// same: nothing differs by which a change is judged or shown.
func same(a, b bot.Change) bool {
	return a.Head == b.Head && a.BaseRef == b.BaseRef && a.Open == b.Open && a.Draft == b.Draft && a.Title == b.Title && a.Body == b.Body &&
		slices.Equal(slices.Sorted(slices.Values(a.Labels)), slices.Sorted(slices.Values(b.Labels)))
}

// merges, and other ends of changes since the last time, also of those that we
// never heard of. What was closed before the first time is not our affair.
func (c *comparison) merges(ctx context.Context) error {
	c.may(1)
	list, err := c.GitHub.Closed(ctx, c.doc.Repo)
	if err != nil || len(list) == 0 {
		return err
	}
	from := c.doc.Closed
	for _, now := range slices.Backward(list) { // what is left is before the first the next time
		if !from.IsZero() && !now.Updated.Before(from) {
			doc, known, err := c.change(ctx, now.Ref)
			if err != nil {
				return err
			}
			if c.left < 1 {
				return nil
			}
			if !known || doc.Change.Open || now.Merged && !doc.Merged {
				if err := c.closed(ctx, now.Ref, doc.V); err != nil {
					return err
				}
			}
		}
		if now.Updated.After(c.doc.Closed) {
			c.doc.Closed = now.Updated
		}
	}
	return nil
}

// closed tells of a change that is open no more.
func (c *comparison) closed(ctx context.Context, ref bot.ChangeRef, version int) error {
	if !c.may(1) {
		return nil
	}
	now, err := c.GitHub.Change(ctx, ref)
	if err != nil || now.Open {
		return unlessGone(err)
	}
	c.saw(fmt.Sprintf("closed/%d/%s", now.Ref.Number, now.Updated.Format("20060102T150405")), version, bot.ChangeClosed{Change: now, By: now.MergedBy})
	return nil
}

func unlessGone(err error) error {
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	return err
}

// checksOf open changes, from the one after that which was looked at last, for
// as long as we may ask.
func (c *comparison) checksOf(ctx context.Context, open []bot.Change) error {
	slices.SortFunc(open, func(a, b bot.Change) int { return a.Ref.Number - b.Ref.Number })
	from := slices.IndexFunc(open, func(o bot.Change) bool { return o.Ref.Number > c.doc.After })
	if from < 0 {
		from = 0
	}
	for _, o := range slices.Concat(open[from:], open[:from]) {
		if c.left < 2 {
			return nil
		}
		if err := unlessGone(c.checks(ctx, o.Head, bot.CheckReported{Repo: c.doc.Repo, Changes: []int{o.Ref.Number}})); err != nil {
			return err
		}
		c.doc.After = o.Ref.Number
	}
	return nil
}
