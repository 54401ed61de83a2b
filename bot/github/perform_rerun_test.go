package github_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var unitAgain = bot.RunAgain{Repo: shop, Branch: "main", Check: "unit", SHA: shaA, App: 15368, Run: 41}

const runsOf = "GET /repos/acme/shop/commits/" + shaA + "/check-runs"

func ranBefore(slug string, ids ...int) string {
	var runs []string
	for _, id := range ids {
		runs = append(runs, fmt.Sprintf(`{"id":%d,"name":"unit","app":{"id":15368,"slug":%q}}`, id, slug))
	}
	return `{"total_count":1,"check_runs":[` + strings.Join(append(runs, `{"id":99,"name":"unit","app":{"id":7,"slug":"other"}}`), ",") + `]}`
}

// A job of Actions is repeated through its workflow, by a token that may; any
// other check by asking its app.
func TestACheckRunsAgain(t *testing.T) {
	for slug, where := range map[string]string{
		"github-actions": "POST /repos/acme/shop/actions/jobs/41/rerun",
		"circleci":       "POST /repos/acme/shop/check-runs/41/rerequest",
	} {
		w := newWorld(t)
		w.on(runsOf, 200, ranBefore(slug, 40, 41))
		w.on(where, 201, `{}`)
		r, err := perform(t, w.client(t), bot.Job{Effect: unitAgain})
		if err != nil || r.ID != "41" || len(w.writes()) != 1 {
			t.Errorf("%s: %+v, %v, %v", slug, r, err, w.writes())
		}
		last := w.mints[len(w.mints)-1].Body
		if strings.Contains(last, `"actions":"write"`) != (slug == "github-actions") {
			t.Errorf("%s: a token for %s", slug, last)
		}
	}
}

// A run that is newer than the one that was known is taken for the one that was
// asked for: after a crash, or when somebody was faster.
func TestARunThatIsThere(t *testing.T) {
	w := newWorld(t)
	w.on(runsOf, 200, ranBefore("github-actions", 41, 42))
	if r, err := perform(t, w.client(t), bot.Job{Effect: unitAgain, Attempt: 2}); err != nil || r.ID != "42" || len(w.writes()) > 0 {
		t.Errorf("%+v, %v, %v", r, err, w.writes())
	}
}

// What cannot be had is said so; a workflow that runs still is waited for.
func TestARunThatIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		runs   string
		status int
		answer string
		later  bool
		says   string
	}{
		"it never ran":            {ranBefore("x"), 201, `{}`, false, "it never ran there"},
		"a permission is missing": {ranBefore("github-actions", 41), 403, `{"message":"Resource not accessible by integration"}`, false, "Actions, read and write"},
		"its workflow runs still": {ranBefore("github-actions", 41), 403, `{"message":"This workflow is already running"}`, true, "already running"},
		"it is too old":           {ranBefore("github-actions", 41), 422, `{"message":"Unable to retry this workflow run because it was created over a month ago"}`, false, "over a month ago"},
	} {
		w := newWorld(t)
		w.on(runsOf, 200, c.runs)
		w.on("POST /repos/acme/shop/actions/jobs/41/rerun", c.status, c.answer)
		_, err := perform(t, w.client(t), bot.Job{Effect: unitAgain})
		var later bot.RetryAfter
		if err == nil || errors.As(err, &later) != c.later || errors.As(err, &bot.Permanent{}) == c.later || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
