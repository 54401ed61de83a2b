package handlers

import (
	"errors"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// strict is a desk whose policy of size blocks.
type strict struct{ *desk }

func (k strict) judge(t *testing.T, e bot.Event) (title, conclusion string, err error) {
	t.Helper()
	for _, handler := range k.blocking().All() {
		plan, _, failed := handler.Handle(t.Context(), bot.Delivery[bot.Event]{ID: "d", At: teaTime, Event: e})
		err = errors.Join(err, failed)
		k.keep(t, plan)
		for _, e := range plan.Effects {
			if c, ok := e.(bot.SetCheck); ok && c.Name == "roundtrip / batch" {
				title, conclusion = c.Title, c.Conclusion
			}
		}
	}
	return title, conclusion, err
}

// blocking are handlers by whose file a large change waits.
func (k strict) blocking() *Handlers {
	h := k.handlers()
	h.Read = func([]byte) (Settings, []bot.Mistake) {
		s := teaSettings()
		s.Policies.Batch = policies.Defaults().Batch
		s.Policies.Batch.Mode = policies.Block
		return s, nil
	}
	return h
}

// What GitHub did not count is counted, and what nobody can count is no pass.
func TestAChangeWithoutTotals(t *testing.T) {
	size := func(lines, files int) *bot.Size { return &bot.Size{Added: lines, Files: files} }
	for name, c := range map[string]struct {
		told, read, counted *bot.Size // nil: GitHub does not say
		moved               bool
		title, conclusion   string
	}{
		"told":                          {size(7, 1), nil, nil, false, "7 lines - on target", bot.Success},
		"nothing at all":                {size(0, 0), nil, nil, false, "0 lines - on target", bot.Success},
		"read":                          {nil, size(900, 2), nil, false, "900 lines - the limit here is 400", bot.Failure},
		"read, but of a later head":     {nil, size(7, 1), nil, true, "GitHub did not say how large this is", bot.Failure},
		"read, and there are none":      {nil, nil, nil, false, "GitHub did not say how large this is", bot.Failure},
		"read as 0, and counted":        {nil, size(0, 2), size(25000, 2), false, "25000 lines - the limit here is 400", bot.Failure},
		"told 0, and counted":           {size(0, 2), nil, size(25000, 2), false, "25000 lines - the limit here is 400", bot.Failure},
		"told 0, and only renamed":      {size(0, 2), nil, size(0, 2), false, "0 lines - on target", bot.Success},
		"told 0, and cannot be counted": {size(0, 2), nil, nil, false, "GitHub did not say how large this is", bot.Failure},
		"told 0, and half is listed":    {size(0, 9), nil, size(3, 2), false, "GitHub did not say how large this is", bot.Failure},
	} {
		t.Run(name, func(t *testing.T) {
			k := strict{newDesk()}
			e := bot.ChangeUpdated{Action: "opened", Change: openChange(5, teaSHA(50))}
			e.Change.HasTotals = false
			now := e.Change
			if c.told != nil {
				e.Change = e.Change.Sized(*c.told)
			}
			if c.read != nil {
				now = now.Sized(*c.read)
			}
			if c.moved {
				now.Head = teaSHA(51)
			}
			k.changes[5] = now
			if c.counted != nil {
				k.lines = map[bot.SHA]bot.Size{teaSHA(50): *c.counted}
			}
			for _, e := range []bot.Event{e, bot.JudgeDue{Ref: e.Change.Ref}, e} {
				if title, conclusion, err := k.judge(t, e); title != c.title || conclusion != c.conclusion || err != nil {
					t.Errorf("%T: %q, %s, %v", e, title, conclusion, err)
				}
			}
			if known := c.counted != nil && c.told != nil && c.told.Files == c.counted.Files; known && k.counted != 1 {
				t.Errorf("it was counted %d times", k.counted)
			}
		})
	}
}

// Where GitHub asks us to wait nothing is said, and the delivery is tried again.
func TestAChangeThatIsMeasuredLater(t *testing.T) {
	for _, totals := range []bool{false, true} {
		k := strict{newDesk()}
		k.readErr = bot.RetryAfter{After: time.Minute, Err: errors.New("rate limit reached")}
		if title, _, err := k.judge(t, unsized(5, totals)); title != "" || !errors.Is(err, k.readErr) {
			t.Errorf("shown is %q (%v)", title, err)
		}
	}
}

// That a head could not be counted says nothing of the next one.
func TestTheNextHeadIsCounted(t *testing.T) {
	k := strict{newDesk()}
	e := unsized(5, false)
	k.changes[5] = e.Change
	k.readErr = bot.Permanent{Err: errors.New("it has too many files")}
	if title, conclusion, err := k.judge(t, e); conclusion != bot.Failure || err != nil {
		t.Fatalf("%q, %s, %v", title, conclusion, err)
	}
	e.Action, e.Before, e.Change.Head = "synchronize", e.Change.Head, teaSHA(51)
	e.Change.Updated = e.Change.Updated.Add(time.Minute)
	k.readErr, k.changes[5] = nil, e.Change.Sized(bot.Size{Added: 7, Files: 1})
	if title, conclusion, err := k.judge(t, e); conclusion != bot.Success || err != nil {
		t.Errorf("%q, %s, %v", title, conclusion, err)
	}
}
