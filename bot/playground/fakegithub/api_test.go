package fakegithub_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// get asks for a path as a plain client does.
func (w *world) get(token, path string, headers ...string) (*http.Response, string) {
	w.t.Helper()
	return w.call(http.MethodGet, token, path, "", headers...)
}

func (w *world) call(method, token, path, body string, headers ...string) (*http.Response, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.ctx, method, w.api.URL+path, strings.NewReader(body))
	w.must(err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	r.Header.Set("Accept", "application/vnd.github+json")
	r.Header.Set("User-Agent", "roundtrip")
	r.Header.Set("X-GitHub-Api-Version", "2022-11-28")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	w.must(err)
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	w.must(err)
	return resp, string(b)
}

// TestEveryRoute asks for all that there is, so that all of it is held against
// GitHub's description.
func TestEveryRoute(t *testing.T) {
	w := newWorld(t)
	w.SetRole(shop, "bob", "maintain")
	w.Require(shop, "main", "build")
	w.RequireByRuleset(shop, "main", "lint")
	v := w.open("ann")
	w.must(second(w.Push(shop, v.Branch, "ann", "And more", map[string]string{"docs/a.md": "a\n", "README.md": ""})))
	w.must(second(w.Push(shop, "release/1", "bob", "Cut", map[string]string{"VERSION": "1\n"})))
	v = w.look(v.Number)
	id, err := w.Comment(shop, v.Number, "bob", "Nice.")
	w.must(err)
	w.must(w.Status(shop, v.Head, "ci/old", "success"))
	run, err := w.Check(shop, v.Head, "build", "completed", "failure")
	w.must(err)
	issue := w.OpenIssue(shop, "ann", "It is slow", "Very.")
	w.must(w.Label(shop, v.Number, "bob", "small"))
	token, app := w.token(nil), w.jwt(nil)
	_, body := w.call("POST", token, "/repos/acme/shop/deployments", `{"ref":"`+v.Head+`","required_contexts":[],"auto_merge":false,"environment":"staging"}`)
	var made struct{ ID int64 }
	w.must(json.Unmarshal([]byte(body), &made))
	_, _ = w.call("POST", token, fmt.Sprintf("/repos/acme/shop/deployments/%d/statuses", made.ID), `{"state":"in_progress"}`)
	_, _ = w.Deliver(w.ctx)
	n := fmt.Sprint(v.Number)
	for _, path := range []string{
		"", "/contents/shop/cart.go", "/contents/shop/cart.go?ref=main", "/contents/", "/contents/shop", "/branches/main", "/branches/release%2F1",
		"/rules/branches/main", "/rules/branches/release%2F1", "/git/ref/heads/main", "/git/ref/heads/release/1", "/compare/main..." + v.Branch, "/compare/" + v.Branch + "...main",
		"/activity", "/activity?ref=refs/heads/main&direction=asc&per_page=1", "/commits", "/commits?sha=" + v.Branch + "&per_page=1",
		"/commits/" + v.Head, "/commits/main", "/commits/" + v.Head + "/pulls", "/collaborators/bob/permission", "/collaborators/ann/permission", "/pulls", "/pulls?state=all&per_page=1",
		"/pulls/" + n, "/pulls/" + n + "/files", "/pulls/" + n + "/commits", "/issues/" + n, fmt.Sprintf("/issues/%d", issue),
		"/issues/" + n + "/comments", "/issues/" + n + "/reactions", fmt.Sprintf("/issues/comments/%d", id), fmt.Sprintf("/issues/comments/%d/reactions", id),
		fmt.Sprintf("/check-runs/%d", run), fmt.Sprintf("/check-runs/%d/annotations", run), "/commits/" + v.Head + "/check-runs", "/commits/" + v.Head + "/check-runs?filter=all&check_name=build&status=completed",
		"/commits/" + v.Head + "/check-suites", "/commits/" + v.Head + "/status", "/commits/" + v.Head + "/statuses", "/deployments",
		"/deployments?environment=staging", fmt.Sprintf("/deployments/%d", made.ID), fmt.Sprintf("/deployments/%d/statuses", made.ID),
	} {
		if resp, body := w.get(token, "/repos/acme/shop"+path); resp.StatusCode != 200 {
			t.Errorf("GET %s: %d %s", path, resp.StatusCode, body)
		}
	}
	for _, path := range []string{"/rate_limit", "/users/ann", "/installation/repositories"} {
		if resp, body := w.get(token, path); resp.StatusCode != 200 {
			t.Errorf("GET %s: %d %s", path, resp.StatusCode, body)
		}
	}
	for _, path := range []string{"/app", "/app/installations", fmt.Sprintf("/app/installations/%d", w.repo.Installation), "/repos/acme/shop/installation", "/app/hook/deliveries", "/app/hook/deliveries?status=failure", "/app/hook/deliveries/700001"} {
		if resp, body := w.get(app, path); resp.StatusCode != 200 {
			t.Errorf("GET %s: %d %s", path, resp.StatusCode, body)
		}
	}
	for route, n := range map[string]string{"/issues/" + n + "/reactions": "heart", fmt.Sprintf("/issues/comments/%d/reactions", id): "eyes"} {
		if resp, body := w.call("POST", token, "/repos/acme/shop"+route, `{"content":"`+n+`"}`); resp.StatusCode != 201 {
			t.Errorf("POST %s: %d %s", route, resp.StatusCode, body)
		}
		if resp, body := w.call("POST", token, "/repos/acme/shop"+route, `{"content":"`+n+`"}`); resp.StatusCode != 200 {
			t.Errorf("again POST %s: %d %s", route, resp.StatusCode, body)
		}
	}
	if resp, body := w.call("POST", token, "/repos/acme/shop/statuses/"+v.Head, `{"state":"pending","context":"mine"}`); resp.StatusCode != 201 {
		t.Errorf("status: %d %s", resp.StatusCode, body)
	}
	if resp, body := w.call("DELETE", token, fmt.Sprintf("/repos/acme/shop/issues/comments/%d", id), ""); resp.StatusCode != 204 {
		t.Errorf("delete: %d %s", resp.StatusCode, body)
	}
}

// TestEveryWebhook makes the world do all that it can tell of.
func TestEveryWebhook(t *testing.T) {
	w := newWorld(t)
	a := w.open("ann")
	var b fakegithub.ChangeView
	n, err := w.Open(shop, fakegithub.NewChange{Author: "eve", Title: "From outside", Branch: "main", Files: map[string]string{"x": "1\n"}, Fork: true, Draft: true, Labels: []string{"new"}})
	w.must(err)
	b = w.look(n)
	w.must(w.Ready(shop, n, "eve"))
	w.must(w.Draft(shop, n, "eve"))
	w.must(w.Label(shop, n, "bob", "odd"))
	w.must(w.Unlabel(shop, n, "bob", "odd"))
	w.must(w.Edit(shop, n, "eve", "Title", "Body"))
	w.must(w.Close(shop, n, "bob"))
	w.must(w.Reopen(shop, n, "bob"))
	w.must(second(w.ForcePush(shop, a.Branch, "ann", "Anew", map[string]string{"shop/cart.go": "package shop\n"})))
	w.must(second(w.Push(shop, "main", "bob", "Direct", map[string]string{"c": "1\n"})))
	id, err := w.Comment(shop, a.Number, "bob", "Nice.")
	w.must(err)
	w.must(w.EditComment(shop, id, "bob", "Nicer."))
	w.must(w.DeleteComment(shop, id, "bob"))
	issue := w.OpenIssue(shop, "ann", "Slow", "")
	w.must(w.Label(shop, issue, "ann", "bug"))
	w.must(w.Edit(shop, issue, "ann", "Very slow", "x"))
	w.must(w.Close(shop, issue, "ann"))
	w.must(w.Reopen(shop, issue, "ann"))
	w.must(second(w.Check(shop, b.Head, "build", "completed", "success")))
	w.must(w.Status(shop, b.Head, "old", "pending"))
	run, _, err := w.client.Checks.CreateCheckRun(w.ctx, "acme", "shop", github.CreateCheckRunOptions{Name: "roundtrip / batch", HeadSHA: b.Head, Conclusion: github.String("neutral")})
	w.must(err)
	w.must(w.RerunCheck(shop, run.GetID(), "eve"))
	w.must(w.RerunSuite(shop, b.Head, "eve"))
	sha, err := w.QueueGroup(shop, "main", a.Number)
	w.must(err)
	w.must(w.DropGroup(shop, sha, "dequeued"))
	sha, err = w.QueueGroup(shop, "main", a.Number)
	w.must(err)
	w.must(w.MergeGroup(shop, sha))
	w.must(w.Ready(shop, n, "eve"))
	w.must(second(w.Squash(shop, n, "bob")))
	w.must(w.Announce(shop, "suspend", "bob"))
	w.must(w.Announce(shop, "unsuspend", "bob"))
	w.must(w.Announce(shop, "created", "bob"))
	want := "push pull_request.opened pull_request.opened pull_request.ready_for_review pull_request.converted_to_draft pull_request.labeled " +
		"pull_request.unlabeled pull_request.edited pull_request.closed pull_request.reopened push pull_request.synchronize push " +
		"issue_comment.created issue_comment.edited issue_comment.deleted issues.opened issues.labeled issues.edited issues.closed issues.reopened " +
		"check_run.created check_run.completed check_suite.completed status check_run.created check_run.completed check_suite.completed check_run.rerequested check_suite.rerequested " +
		"merge_group.checks_requested merge_group.destroyed merge_group.checks_requested merge_group.destroyed pull_request.closed push " +
		"pull_request.ready_for_review pull_request.closed push installation.suspend installation.unsuspend installation.created"
	if got := names(w.deliver()); got != want {
		t.Errorf("sent\n%q, not\n%q", got, want)
	}
	if !w.look(a.Number).Merged || !w.look(n).Merged {
		t.Error("the queue and the squash merged nothing")
	}
}

// TestMoreWrites: issues, labels, and asking the CI for another try.
func TestMoreWrites(t *testing.T) {
	w := newWorld(t)
	v := w.open("ann")
	run, err := w.Check(shop, v.Head, "build", "completed", "failure")
	w.must(err)
	w.must(w.Review(shop, v.Number, "bob", "approve", "Fine."))
	w.deliver()
	for _, c := range []struct {
		method, path, body string
		want               int
	}{
		{"POST", "/issues", `{"title":"Flaky: build","body":"Twice.","labels":["flaky"]}`, 201},
		{"POST", "/issues", `{"body":"Twice."}`, 422},
		{"PATCH", "/issues/2", `{"body":"Thrice.","state":"closed"}`, 200},
		{"GET", "/issues", "", 200},
		{"GET", "/issues?state=all", "", 200},
		{"POST", "/issues/1/labels", `{"labels":["big"]}`, 200},
		{"DELETE", "/issues/1/labels/big", "", 200},
		{"DELETE", "/issues/1/labels/big", "", 404},
		{"POST", fmt.Sprintf("/check-runs/%d/rerequest", run), "", 201},
		{"GET", "/pulls/1/reviews", "", 200},
	} {
		if resp, body := w.call(c.method, w.cached, "/repos/acme/shop"+c.path, c.body); resp.StatusCode != c.want {
			t.Errorf("%s %s: %d %s", c.method, c.path, resp.StatusCode, body)
		}
	}
	if got := names(w.deliver()); got != "issues.opened issues.edited issues.closed pull_request.labeled pull_request.unlabeled" {
		t.Errorf("sent %q", got)
	}
	suite := func() (is struct{ Status, Conclusion string }) {
		var list struct {
			Suites []struct{ ID int64 } `json:"check_suites"`
		}
		_, body := w.get(w.cached, "/repos/acme/shop/commits/"+v.Head+"/check-suites?check_name=build")
		w.must(json.Unmarshal([]byte(body), &list))
		_, body = w.get(w.cached, fmt.Sprintf("/repos/acme/shop/check-suites/%d", list.Suites[0].ID))
		w.must(json.Unmarshal([]byte(body), &is))
		return is
	}
	if is := suite(); is.Status != "queued" || is.Conclusion != "" {
		t.Errorf("its suite is %+v", is)
	}
	if list := w.Reruns(shop); len(list) != 1 || list[0] != run {
		t.Errorf("asked again for %v", list)
	}
	again, err := w.Check(shop, v.Head, "build", "completed", "success")
	w.must(err)
	if is := suite(); is.Status != "completed" || is.Conclusion != "success" {
		t.Errorf("its suite is %+v after the second try", is)
	}
	if v = w.look(v.Number); again == run || len(v.Checks) != 1 || v.Checks[0].Conclusion != "success" {
		t.Errorf("after the second try: %+v", v.Checks)
	}
}
