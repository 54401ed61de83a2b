package executor

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// look reads the runs of an order's slot: its own, and the highest fence. Only
// what we dispatched ourselves is believed: others may choose their titles. A
// list that is cut off before the order's start says nothing: bot.Doubtful.
func (x *actionsSlot) look(ctx context.Context, o bot.StageOrder) (d deployment, err error) {
	if err := ctx.Err(); err != nil {
		return d, fmt.Errorf("look for %s: %w", o.Key, err)
	}
	n, begun, odd := 0, false, ""
	err = x.w.Dispatched(ctx, o.Repo, oldest(o), func(w bot.WorkflowRun) bool {
		n++
		r, fence, ok := parseTitle(w.Title)
		if !ok || !w.Ours || !strings.HasPrefix(r.Key, o.Slot()+"/") {
			return n < maxListed
		}
		d.fence = max(d.fence, fence)
		switch {
		case r.Key != o.Key:
			return n < maxListed
		case !w.Default || w.File != o.Executor.Name:
			odd = w.URL
			return false
		}
		r.SHA = o.SHA
		d.runs = append(d.runs, x.of(w, r))
		begun = r.Verb == "start" // what is older is not this one's
		return !begun && n < maxListed
	})
	if err != nil {
		return d, fmt.Errorf("look for %s: %w", o.Key, err)
	}
	if odd != "" { // the file or the default branch was renamed meanwhile
		return d, bot.Doubtful{Err: fmt.Errorf("look for %s: a run of ours with its name is not of %s on the default branch: %s", o.Key, line(o.Executor.Name, 100), odd)}
	}
	slices.Reverse(d.runs)
	if err := x.unlisted(ctx, o, &d); err != nil {
		return d, err
	}
	begun = begun || slices.ContainsFunc(d.runs, func(r run) bool { return r.Verb == "start" })
	if n >= maxListed && !begun {
		return d, bot.Doubtful{Err: fmt.Errorf("look for %s: it is not among the newest %d dispatched runs of %s, so nobody knows whether it was ever started", o.Key, maxListed, o.Repo.Name)}
	}
	return d, nil
}

// oldest is when the first run of an order may have been made, by GitHub's
// clock.
func oldest(o bot.StageOrder) time.Time {
	if o.Since.IsZero() {
		return o.Since
	}
	return o.Since.Add(-apart)
}

// unlisted adds what was dispatched and is not listed yet, and forgets what is.
func (x *actionsSlot) unlisted(ctx context.Context, o bot.StageOrder, d *deployment) error {
	for _, title := range slices.Sorted(maps.Keys(x.sent)) {
		s := x.sent[title]
		listed := slices.ContainsFunc(d.runs, func(r run) bool {
			return r.id == s.id || s.id == 0 && r.Verb == s.Verb && r.Weight == s.Weight && !r.Began.Before(s.Began.Add(-appears))
		})
		late := x.now().Sub(s.Began) > appears
		switch {
		case s.Key != o.Key && !late:
		case listed, !s.sure && late, s.Key != o.Key:
			delete(x.sent, title)
		case !s.sure: // perhaps
		case s.id == 0:
			if late {
				s.state, s.message = failed, "GitHub took the dispatch and has no run of it"
			}
			d.runs = append(d.runs, s.run)
		default:
			w, err := x.w.Run(ctx, o.Repo, s.id)
			if err != nil {
				return fmt.Errorf("look for %s: %w", o.Key, err)
			}
			d.runs = append(d.runs, x.of(w, s.run))
		}
	}
	return nil
}

// of says what GitHub's words for a run mean.
func (x *actionsSlot) of(w bot.WorkflowRun, r run) run {
	r.id, r.url, r.Began, r.told = w.ID, w.URL, w.At, x.told[w.ID]
	switch {
	case w.Status != "completed":
		r.state = running
	case w.Conclusion == "success":
		r.state = ended
	default:
		r.state, r.message = failed, fmt.Sprintf("the workflow run ended as %s: %s", line(w.Conclusion, 40), w.URL)
	}
	return r
}

// fenced refuses an order that was replaced.
func (d deployment) fenced(o bot.StageOrder) error {
	if o.Fence < d.fence {
		return permanent("%s: a newer rollout of this environment was seen, so this one moves nothing any more", o.Key)
	}
	return nil
}
