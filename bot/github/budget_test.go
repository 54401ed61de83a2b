package github

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestWhatABudgetIsKeptFor(t *testing.T) {
	in := func(d time.Duration) time.Time { return noon.Add(d) }
	for name, tc := range map[string]struct {
		b                       budget
		urgent, usual, cosmetic time.Duration
	}{
		"nobody said":               {budget{}, 0, 0, 0},
		"plenty":                    {budget{limit: 5000, left: 4000, reset: in(time.Hour)}, 0, 0, 0},
		"just more than a fifth":    {budget{limit: 5000, left: 1001, reset: in(time.Hour)}, 0, 0, 0},
		"a fifth":                   {budget{limit: 5000, left: 1000, reset: in(time.Hour)}, 0, 0, time.Hour},
		"a twentieth":               {budget{limit: 5000, left: 250, reset: in(20 * time.Minute)}, 0, 20 * time.Minute, 20 * time.Minute},
		"the last":                  {budget{limit: 5000, left: 1, reset: in(time.Minute)}, 0, time.Minute, time.Minute},
		"nothing":                   {budget{limit: 5000, left: 0, reset: in(time.Minute)}, time.Minute, time.Minute, time.Minute},
		"overspent":                 {budget{limit: 5000, left: -3, reset: in(time.Minute)}, time.Minute, time.Minute, time.Minute},
		"a clock that is behind":    {budget{limit: 5000, left: 250, reset: in(4 * time.Hour), heard: in(-20 * time.Minute)}, 0, 40 * time.Minute, 40 * time.Minute},
		"a clock that was set back": {budget{limit: 5000, left: 0, reset: in(24 * time.Hour), heard: in(23 * time.Hour)}, 0, 0, 0},
		"it is counted anew":        {budget{limit: 5000, left: 0, reset: noon}, 0, 0, 0},
	} {
		for p, want := range map[bot.Priority]time.Duration{bot.Urgent: tc.urgent, bot.Usual: tc.usual, bot.Cosmetic: tc.cosmetic} {
			if got := tc.b.waits(p, noon); got != want {
				t.Errorf("%s: priority %d waits %s, want %s", name, p, got, want)
			}
		}
	}
}

// Answers overtake one another; what is told of an hour that is over is late.
func TestTheLowestThatWasToldCounts(t *testing.T) {
	now := budget{limit: 5000, left: 40, reset: noon}
	for _, tc := range []struct{ told, want budget }{
		{budget{limit: 5000, left: 39, reset: noon}, budget{limit: 5000, left: 39, reset: noon}},
		{budget{limit: 5000, left: 41, reset: noon}, now},
		{budget{limit: 5000, left: 4999, reset: noon.Add(time.Hour)}, budget{limit: 5000, left: 4999, reset: noon.Add(time.Hour)}},
		{budget{limit: 5000, left: 0, reset: noon.Add(-time.Hour)}, now},
	} {
		if got := now.with(tc.told); got != tc.want {
			t.Errorf("told %v: %v", tc.told, got)
		}
	}
	if got := (budget{}).with(now); got != now {
		t.Errorf("told first: %v", got)
	}
}

func TestAWindowSlides(t *testing.T) {
	w := &window{span: time.Minute, limit: 80}
	now := noon
	for range 70 {
		w.add(now)
		now = now.Add(500 * time.Millisecond)
	}
	if b := w.budget(now); b.left != 10 || !b.reset.Equal(noon.Add(time.Minute)) {
		t.Errorf("after 35 s: %+v", b)
	}
	if b := w.budget(noon.Add(61 * time.Second)); b.left != 14 { // two seconds' worth have left it
		t.Errorf("after 61 s: %+v", b)
	}
	if b := w.budget(noon.Add(time.Hour)); b.left != 80 {
		t.Errorf("after an hour: %+v", b)
	}
	for range 79 { // a clock that is set back begins anew, and it slides on from there
		w.add(now)
	}
	if b := w.budget(now.Add(2 * time.Minute)); b.left != 80 {
		t.Errorf("after a clock that was set back: %+v", b)
	}
}

func TestWhatIsContent(t *testing.T) {
	for path, want := range map[string]bool{
		"POST /repos/a/b/issues/1/comments": true, "POST /repos/a/b/pulls": true,
		"PATCH /repos/a/b/issues/comments/1": false, "GET /repos/a/b/issues/1/comments": false, "POST /repos/a/b/check-runs": false,
	} {
		var method, where string
		for i := range path {
			if path[i] == ' ' {
				method, where = path[:i], path[i+1:]
			}
		}
		r, err := http.NewRequestWithContext(t.Context(), method, "https://api.github.com"+where, nil)
		if err != nil || notifies(r) != want {
			t.Errorf("%s: %v (%v)", path, notifies(r), err)
		}
	}
}

// Limits that are over are forgotten once there are many, those in force are not.
func TestLimitsThatAreOverAreForgotten(t *testing.T) {
	now := noon
	c := &Client{o: Options{Now: func() time.Time { return now }}, api: &url.URL{}, limits: map[int64]*limits{}}
	for i := range int64(maxLimits) {
		c.limitsOf(i).until = noon.Add(time.Minute)
	}
	c.limitsOf(3).core = budget{limit: 5000, left: 40, reset: noon.Add(time.Hour)}
	c.limitsOf(4).hour.add(noon)
	c.limitsOf(5000)
	if len(c.limits) != maxLimits+1 {
		t.Errorf("%d of those in force are kept", len(c.limits))
	}
	now = noon.Add(2 * time.Minute)
	c.limitsOf(5001)
	if _, kept := c.limits[3]; !kept || c.limits[4] == nil || len(c.limits) != 4 { // the app itself, too
		t.Errorf("%d are kept", len(c.limits))
	}
}
