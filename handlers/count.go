package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
)

// linesCounted are the lines of a change that count, at a head, towards a
// branch and by rules; or how often they were asked for in vain.
type linesCounted struct {
	Head  bot.SHA `json:"head"`
	Base  string  `json:"base"`
	Rules string  `json:"rules"`
	// Attributes name the .gitattributes of the branch that they were counted by.
	Attributes string        `json:"attributes,omitempty"`
	Told       words.Counted `json:"told"`
	Tries      int           `json:"tries,omitempty"` // in vain; 0: they are counted
	Never      bool          `json:"never,omitempty"` // asking again cannot help
	Why        string        `json:"why,omitempty"`   // the newest reason
}

// by reports whether these are of a change as it is now, by these rules.
func (l *linesCounted) by(c bot.Change, rules string) bool {
	return l != nil && l.Head == c.Head && l.Base == c.BaseRef && l.Rules == rules
}

// countLines counts which lines of a change count, once for each head and the
// rules of its base, where the totals do not decide. What cannot be counted is
// judged by its totals, which are no less, and asked for again later; only where
// GitHub asks us to wait, or the attempt is over, the judgement waits. Whoever
// asked for it again has it counted anew.
func (h *Handlers) countLines(ctx context.Context, doc *changeDoc, s policies.BatchSettings, now time.Time, again string, plan *bot.Plan) (changed bool, err error) {
	c := doc.Change
	if !s.Judges(c.Author) || !c.HasTotals || s.Decided(c) {
		changed = doc.Lines != nil
		doc.Lines = nil
		return changed, nil
	}
	rules, err := rulesOf(s)
	if err != nil {
		return false, fmt.Errorf("note the rules for %s: %w", c.Ref, err)
	}
	old := doc.Lines
	attributes, err := h.attributesNow(ctx, c, now, plan)
	if err == nil && again == "" && old.by(c, rules) && (old.Never || old.Tries == 0 && old.Attributes == attributes.name()) {
		return false, nil
	}
	doc.Lines = &linesCounted{Head: c.Head, Base: c.BaseRef, Rules: rules, Attributes: attributes.name()}
	ok := false
	if err == nil {
		ok, err = h.linesOf(ctx, doc, s, attributes)
	}
	switch {
	case errors.As(err, &bot.RetryAfter{}), ctx.Err() != nil:
		return false, fmt.Errorf("count the lines of %s: %w", c.Ref, errors.Join(err, ctx.Err()))
	case err != nil || !ok:
		if old.by(c, rules) {
			doc.Lines.Tries = old.Tries
		}
		doc.linesInVain(err, now, plan)
	}
	return true, nil
}

// rulesOf is all that a count depends on in a repository's file.
func rulesOf(s policies.BatchSettings) (string, error) {
	text, err := json.Marshal(struct {
		Count   []lines.As
		Weights map[lines.Kind]float64
		Scopes  []policies.Scope
		Header  lines.Header `json:",omitempty"`
	}{s.Count, s.Weights, s.Scopes, s.Header})
	return string(text), err
}

// linesInVain notes that the lines could not be counted, and has the change
// judged again when they may be.
func (d *changeDoc) linesInVain(cause error, now time.Time, plan *bot.Plan) {
	l := d.Lines
	l.Never = errors.As(cause, &bot.Permanent{})
	if cause != nil {
		l.Why = cause.Error()
	}
	if l.Tries < len(askAgain) && !l.Never {
		plan.Wake(bot.Timer{
			ID: fmt.Sprintf("judge/lines/%s/%d", d.Change.Ref.Key(), now.UnixMilli()), At: now.Add(askAgain[l.Tries]),
			Event: bot.JudgeDue{Ref: d.Change.Ref, Why: "lines"},
		})
	}
	l.Tries++
}

// told is what people are told of the count; nil where there is none of the
// change as it is now, by the rules in force.
func (d changeDoc) told(s policies.BatchSettings) (*words.Counted, error) {
	rules, err := rulesOf(s)
	if err != nil || !d.Lines.by(d.Change, rules) || d.Lines.Tries > 0 {
		return nil, err
	}
	return &d.Lines.Told, nil
}

// uncounted is why there is none, where somebody said it.
func (d changeDoc) uncounted() string {
	if d.Lines == nil || d.Lines.Tries == 0 || d.Lines.Head != d.Change.Head {
		return ""
	}
	return d.Lines.Why
}

// linesOf lists the files of a change and counts them.
func (h *Handlers) linesOf(ctx context.Context, doc *changeDoc, s policies.BatchSettings, d attributesDoc) (ok bool, err error) {
	c := doc.Change
	files, ok, err := h.GitHub.ChangedFiles(ctx, c.Ref, c.Head, c.Lines())
	if err != nil || !ok {
		return false, err
	}
	r, why := d.rules(s.Rules())
	doc.Lines.Told = s.Told(lines.Of(files, c.Lines(), r), c.Files)
	doc.Lines.Told.Why = why
	return true, nil
}
