package fakegithub_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// edit opens a change that makes the cart something else.
func (w *world) edit(cart string) int {
	w.t.Helper()
	n, err := w.Open(shop, fakegithub.NewChange{Author: "ann", Title: "Edit", Files: map[string]string{"shop/cart.go": cart}})
	w.must(err)
	return n
}

func TestConflicts(t *testing.T) {
	w := newWorld(t)
	head := w.edit("package shop // a shop\n\nvar Items = 1\n")
	tail := w.edit("package shop\n\nvar Items = 2\n")
	clash := w.edit("package shop\n\nvar Items = 3\n")
	w.must(second(w.Merge(shop, head, "ann")))
	w.must(second(w.Merge(shop, tail, "ann")))
	if got := w.File(shop, "main", "shop/cart.go"); got != "package shop // a shop\n\nvar Items = 2\n" {
		t.Errorf("main holds %q", got)
	}
	if v := w.look(clash); v.Verdict != "dirty" || v.Added != 1 || v.Deleted != 1 {
		t.Errorf("the third is %+v", v)
	}
	if _, err := w.Merge(shop, clash, "ann"); err == nil || !strings.Contains(err.Error(), "conflict in shop/cart.go") {
		t.Errorf("merging it: %v", err)
	}
	pull, _, err := w.client.PullRequests.Get(w.ctx, "acme", "shop", clash)
	w.must(err)
	if pull.GetMergeable() || pull.GetMergeableState() != "dirty" {
		t.Errorf("the API says %v %s", pull.GetMergeable(), pull.GetMergeableState())
	}
}

func TestRequiredOfTheBot(t *testing.T) {
	w := newWorld(t)
	w.Require(shop, "main", "roundtrip / main")
	v := w.open("ann")
	for _, c := range []struct{ body, want string }{
		{`{"status":"in_progress"`, "roundtrip / main is in progress"},
		{`{"conclusion":"failure"`, "roundtrip / main is failing"},
	} {
		_, _ = w.call("POST", w.cached, "/repos/acme/shop/check-runs", c.body+`,"name":"roundtrip / main","head_sha":"`+v.Head+`"}`)
		if _, err := w.Merge(shop, v.Number, "ann"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.want, err)
		}
	}
	_, _ = w.call("POST", w.cached, "/repos/acme/shop/check-runs", `{"conclusion":"success","name":"roundtrip / main","head_sha":"`+v.Head+`"}`)
	w.must(second(w.Merge(shop, v.Number, "ann")))
	if err := w.Reopen(shop, v.Number, "ann"); err == nil {
		t.Error("what is merged was opened again")
	}
}

// TestForksAreNotNamed: checks on a fork's head name neither its branch nor
// its change, as GitHub's do not.
func TestForksAreNotNamed(t *testing.T) {
	w := newWorld(t)
	n, err := w.Open(shop, fakegithub.NewChange{Author: "eve", Title: "T", Files: map[string]string{"x": "1\n"}, Fork: true})
	w.must(err)
	v := w.look(n)
	w.must(second(w.Check(shop, v.Head, "build", "in_progress", "")))
	hooks := w.deliver()
	var f struct {
		Run struct {
			PullRequests []any `json:"pull_requests"`
			Suite        struct {
				Branch *string `json:"head_branch"`
			} `json:"check_suite"`
		} `json:"check_run"`
	}
	w.must(json.Unmarshal(hooks[1].body, &f))
	if names(hooks) != "pull_request.opened check_run.created" || len(f.Run.PullRequests) != 0 || f.Run.Suite.Branch != nil {
		t.Errorf("told %s: %+v", names(hooks), f)
	}
	w.must(second(w.Push(shop, v.Branch, "eve", "More", map[string]string{"y": "1\n"})))
	if got := names(w.deliver()); got != "pull_request.synchronize" || w.look(n).Added != 2 {
		t.Errorf("pushing to the fork told %q", got)
	}
}

func TestOldDeploymentsRetire(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		_, body := w.call("POST", w.cached, "/repos/acme/shop/deployments", `{"ref":"main","environment":"staging"}`)
		var d struct{ ID int64 }
		w.must(json.Unmarshal([]byte(body), &d))
		_, _ = w.call("POST", w.cached, fmt.Sprintf("/repos/acme/shop/deployments/%d/statuses", d.ID), `{"state":"success"}`)
	}
	var got []string
	for _, d := range w.Deployments(shop) {
		for _, st := range d.Statuses {
			got = append(got, st.State)
		}
	}
	if strings.Join(got, " ") != "success inactive success" {
		t.Errorf("states are %v", got)
	}
	if got := names(w.deliver()); got != "deployment.created deployment_status.created deployment.created deployment_status.created" {
		t.Errorf("told %q", got)
	}
}

// What is merged into the branch of a change is its new head.
func TestMergedIntoAChange(t *testing.T) {
	w := newWorld(t)
	below := w.open("ann")
	above, err := w.Open(shop, fakegithub.NewChange{Author: "bob", Title: "More", Base: below.Branch, Files: map[string]string{"shop/more.go": "package shop\n"}})
	w.must(err)
	w.deliver()
	sha, err := w.Merge(shop, above, "bob")
	w.must(err)
	if now := w.look(below.Number); now.Head != sha {
		t.Errorf("its head is %s, and %s was merged into it", now.Head, sha)
	}
	if got := names(w.deliver()); !strings.Contains(got, "pull_request.synchronize") {
		t.Errorf("told: %s", got)
	}
}
