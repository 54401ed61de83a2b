package github_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var unitAgain = bot.RunAgain{Repo: shop, Branch: "main", Check: "unit", SHA: shaA, App: 15368, Run: 41}

const runsOf = "GET /repos/acme/shop/commits/" + shaA + "/check-runs"

func ranBefore(slug string, ids ...int) string {
	var runs []string
	for _, id := range ids {
		runs = append(runs, fmt.Sprintf(`{"id":%d,"name":"unit","status":"completed","check_suite":{"id":5},"app":{"id":15368,"slug":%q}}`, id, slug))
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
		w.workflow("push", "jobs: {unit: {}}", "")
		r, err := perform(t, w.client(t), bot.Job{Effect: unitAgain})
		if asked := w.reruns(); err != nil || r.ID != "41" || len(asked) != 1 || asked[0] != where {
			t.Errorf("%s: %+v, %v, %v", slug, r, err, asked)
		}
		may := func(c call) bool { return strings.Contains(c.Body, `"actions":"write"`) }
		if slices.ContainsFunc(w.mints, may) != (slug == "github-actions") {
			t.Errorf("%s: tokens for %v", slug, w.mints)
		}
	}
}

// workflow of the job, for an event and by its text, with another beside it on
// the default branch.
func (w *world) workflow(event, text, beside string) {
	tree := func(files ...string) string {
		var list []string
		for i := 0; i < len(files); i += 2 {
			list = append(list, fmt.Sprintf(`{"path":".github/workflows/%s","object":{"text":%q,"isTruncated":false}}`, files[i], files[i+1]))
		}
		return `{"entries":[` + strings.Join(list, ",") + `]}`
	}
	w.on("GET /repos/acme/shop/actions/jobs/41", 200, `{"id":41,"run_id":7,"name":"unit"}`)
	w.HandleFunc("GET /repos/acme/shop/actions/runs/7", func(rw http.ResponseWriter, _ *http.Request) {
		is := "completed"
		if len(w.reruns()) > 0 {
			is = w.after
		}
		answer(rw, 200, fmt.Sprintf(`{"id":7,"path":".github/workflows/ci.yml@main","event":%q,"status":%q}`, event, is))
	})
	w.on("POST /graphql", 200, `{"data":{"repository":{"then":`+tree("ci.yml", text)+`,"now":`+tree("ci.yml", text, "release.yml", beside)+`}}}`)
}

// reruns that were asked for.
func (w *world) reruns() (asked []string) {
	for _, c := range w.writes() {
		if c.Path != "/graphql" {
			asked = append(asked, c.String())
		}
	}
	return asked
}

// GitHub runs the jobs that need one again with it: where its workflow does not
// show that none does, nothing is asked for.
func TestAJobThatIsNotAlone(t *testing.T) {
	for name, c := range map[string]struct{ event, text, beside, says string }{
		"another needs it":        {"push", "needs: unit", "", "again on aaaaaaa of acme/shop: unit of .github/workflows/ci.yml is needed"},
		"another waits for all":   {"push", "jobs", "workflow_run", ".github/workflows/release.yml waits for it"},
		"its workflow is another": {"pull_request", "jobs", "", "it ran for pull_request"},
		"its workflow is gone":    {"push", "", "", "nothing is known"},
	} {
		w := newWorld(t)
		w.on(runsOf, 200, ranBefore("github-actions", 41))
		w.on("POST /repos/acme/shop/actions/jobs/41/rerun", 201, `{}`)
		w.workflow(c.event, c.text, c.beside)
		_, err := perform(t, w.client(t), bot.Job{Effect: unitAgain})
		if err == nil || !errors.As(err, &bot.Permanent{}) || !strings.Contains(err.Error(), c.says) || len(w.reruns()) > 0 {
			t.Errorf("%s: %v, and %v", name, err, w.reruns())
		}
	}
}

// setsOff stands for whoever reads workflows.
func setsOff(check, path, text string, beside map[string]string) string {
	switch {
	case text == "":
		return "nothing is known"
	case strings.Contains(text, "needs: "+check):
		return check + " of " + path + " is needed"
	}
	for _, other := range slices.Sorted(maps.Keys(beside)) {
		if strings.Contains(beside[other], "workflow_run") {
			return other + " waits for it"
		}
	}
	return ""
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
		"its workflow runs still": {ranBefore("github-actions", 41), 403, `{"message":"The workflow run containing this job is already running"}`, true, "runs still"},
		"it is too old":           {ranBefore("github-actions", 41), 422, `{"message":"Unable to retry this workflow run because it was created over a month ago"}`, false, "over a month ago"},
	} {
		w := newWorld(t)
		w.on(runsOf, 200, c.runs)
		w.on("POST /repos/acme/shop/actions/jobs/41/rerun", c.status, c.answer)
		w.after = map[bool]string{true: "in_progress", false: "completed"}[c.later]
		w.workflow("push", "jobs: {unit: {}}", "")
		_, err := perform(t, w.client(t), bot.Job{Effect: unitAgain})
		var later bot.RetryAfter
		if err == nil || errors.As(err, &later) != c.later || errors.As(err, &bot.Permanent{}) == c.later || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A workflow of which other jobs run still is not asked, and waited for.
func TestAWorkflowThatRunsIsNotAsked(t *testing.T) {
	w := newWorld(t)
	w.on(runsOf, 200, ranBefore("github-actions", 41))
	w.on("GET /repos/acme/shop/actions/jobs/41", 200, `{"id":41,"run_id":7}`)
	w.on("GET /repos/acme/shop/actions/runs/7", 200, `{"id":7,"path":".github/workflows/ci.yml","event":"push","status":"queued"}`)
	_, err := perform(t, w.client(t), bot.Job{Effect: unitAgain})
	if !errors.As(err, &bot.RetryAfter{}) || len(w.reruns()) > 0 {
		t.Errorf("%v, %v", err, w.reruns())
	}
}

// When nobody knows whether an app was asked, its suite tells: GitHub has it
// queued from then on, and the run stays as it is.
func TestAnAppIsNotAskedTwice(t *testing.T) {
	for suite, asked := range map[string]int{`{"id":5,"status":"queued"}`: 0, `{"id":5,"status":"completed"}`: 1, `{"id":5,"status":"in_progress"}`: 1} {
		w := newWorld(t)
		w.on(runsOf, 200, ranBefore("circleci", 41))
		w.on("GET /repos/acme/shop/check-suites/5", 200, suite)
		w.on("POST /repos/acme/shop/check-runs/41/rerequest", 201, `{}`)
		r, err := perform(t, w.client(t), bot.Job{Effect: unitAgain, Attempt: 2})
		if err != nil || r.ID != "41" || len(w.reruns()) != asked {
			t.Errorf("%s: %+v, %v, %v", suite, r, err, w.reruns())
		}
	}
}
