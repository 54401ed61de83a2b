package fakegithub_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-github/v60/github"
)

func TestRefusals(t *testing.T) {
	w := newWorld(t)
	v := w.open("ann")
	token := w.token(nil)
	ci, err := w.Check(shop, v.Head, "build", "in_progress", "")
	w.must(err)
	comments := fmt.Sprintf("/issues/%d/comments", v.Number)
	long, _ := json.Marshal(map[string]string{"body": strings.Repeat("ü", 65537)})
	fits, _ := json.Marshal(map[string]string{"body": strings.Repeat("ü", 65536)})
	for _, c := range []struct {
		name, method, path, body string
		want                     int
	}{
		{"a comment without a body", "POST", comments, `{}`, 422},
		{"a blank comment", "POST", comments, `{"body":" "}`, 422},
		{"a comment that is too long", "POST", comments, string(long), 422},
		{"a comment that just fits", "POST", comments, string(fits), 201},
		{"no JSON", "POST", comments, `{`, 400},
		{"a wrong type", "POST", comments, `{"body":7}`, 422},
		{"an unknown member", "POST", comments, `{"body":"x","colour":"red"}`, 201},
		{"a comment on nothing", "POST", "/issues/99/comments", `{"body":"x"}`, 404},
		{"an unknown comment", "PATCH", "/issues/comments/7", `{"body":"x"}`, 404},
		{"a run without a name", "POST", "/check-runs", `{"head_sha":"` + v.Head + `"}`, 422},
		{"a run of nothing", "POST", "/check-runs", `{"name":"a","head_sha":"0123"}`, 422},
		{"an annotation without its line", "POST", "/check-runs", `{"name":"a","head_sha":"` + v.Head + `","output":{"title":"t","summary":"s","annotations":[{"path":"a","message":"m","annotation_level":"failure"}]}}`, 422},
		{"an annotation of an odd level", "POST", "/check-runs", `{"name":"a","head_sha":"` + v.Head + `","output":{"title":"t","summary":"s","annotations":[{"path":"a","start_line":1,"end_line":1,"message":"m","annotation_level":"error"}]}}`, 422},
		{"an annotation that ends before it begins", "POST", "/check-runs", `{"name":"a","head_sha":"` + v.Head + `","output":{"title":"t","summary":"s","annotations":[{"path":"a","start_line":2,"end_line":1,"message":"m","annotation_level":"notice"}]}}`, 422},
		{"an odd status", "POST", "/check-runs", `{"name":"a","status":"done","head_sha":"` + v.Head + `"}`, 422},
		{"an odd conclusion", "POST", "/check-runs", `{"name":"a","conclusion":"fine","head_sha":"` + v.Head + `"}`, 422},
		{"completed without a conclusion", "POST", "/check-runs", `{"name":"a","status":"completed","head_sha":"` + v.Head + `"}`, 422},
		{"an output without a summary", "POST", "/check-runs", `{"name":"a","output":{"title":"x"},"head_sha":"` + v.Head + `"}`, 422},
		{"another app's run", "PATCH", fmt.Sprintf("/check-runs/%d", ci), `{"conclusion":"success"}`, 403},
		{"an odd reaction", "POST", fmt.Sprintf("/issues/%d/reactions", v.Number), `{"content":"shrug"}`, 422},
		{"a deployment of nothing", "POST", "/deployments", `{"ref":"nowhere"}`, 422},
		{"a deployment while checks run", "POST", "/deployments", `{"ref":"` + v.Head + `"}`, 409},
		{"a deployment that needs a check", "POST", "/deployments", `{"ref":"main","required_contexts":["build"]}`, 409},
		{"a state of no deployment", "POST", "/deployments/7/statuses", `{"state":"success"}`, 404},
		{"a file that is not there", "GET", "/contents/none", "", 404},
		{"a branch that is not there", "GET", "/branches/none", "", 404},
		{"somebody nobody knows", "GET", "/collaborators/nobody/permission", "", 404},
		{"an unknown way", "PUT", "/pulls/1", "", 404},
	} {
		resp, body := w.call(c.method, token, "/repos/acme/shop"+c.path, c.body)
		if resp.StatusCode != c.want {
			t.Errorf("%s: %d %s, want %d", c.name, resp.StatusCode, body, c.want)
		}
		var f map[string]any
		if err := json.Unmarshal([]byte(body), &f); c.want >= 400 && (err != nil || f["status"] != fmt.Sprint(c.want) || f["message"] == "" || f["documentation_url"] == "") {
			t.Errorf("%s is refused with %s", c.name, body)
		}
	}
}

func TestRoles(t *testing.T) {
	w := newWorld(t)
	w.AddPerson("eve")
	for _, c := range [][3]string{{"triage", "read", "triage"}, {"maintain", "write", "maintain"}, {"admin", "admin", "admin"}, {"none", "none", "none"}, {"read", "read", "read"}, {"write", "write", "write"}} {
		w.SetRole(shop, "Bob", c[0])
		p, _, err := w.client.Repositories.GetPermissionLevel(w.ctx, "acme", "shop", "bob")
		w.must(err)
		if p.GetPermission() != c[1] || p.GetUser().GetRoleName() != c[2] {
			t.Errorf("%s: %v", c[0], p)
		}
	}
	p, _, err := w.client.Repositories.GetPermissionLevel(w.ctx, "acme", "shop", "eve")
	w.must(err)
	if p.GetPermission() != "none" {
		t.Errorf("eve: %v", p)
	}
}

func TestPaging(t *testing.T) {
	w := newWorld(t)
	v := w.open("ann")
	for i := range 120 {
		w.must(second(w.Comment(shop, v.Number, "bob", fmt.Sprint("n", i))))
		w.must(second(w.Check(shop, v.Head, fmt.Sprint("check ", i), "completed", "success")))
	}
	var all []*github.IssueComment
	o := &github.IssueListCommentsOptions{ListOptions: github.ListOptions{PerPage: 1000}}
	pages := 0
	for {
		list, resp, err := w.client.Issues.ListComments(w.ctx, "acme", "shop", v.Number, o)
		w.must(err)
		all, pages = append(all, list...), pages+1
		if resp.NextPage == 0 {
			break
		}
		if resp.LastPage != 2 {
			t.Errorf("the last page is %d", resp.LastPage)
		}
		o.Page = resp.NextPage
	}
	if len(all) != 120 || pages != 2 || all[119].GetBody() != "n119" {
		t.Errorf("%d comments on %d pages", len(all), pages)
	}
	runs, resp, err := w.client.Checks.ListCheckRunsForRef(w.ctx, "acme", "shop", v.Head, &github.ListCheckRunsOptions{ListOptions: github.ListOptions{PerPage: 50, Page: 3}})
	w.must(err)
	if runs.GetTotal() != 120 || len(runs.CheckRuns) != 20 || resp.NextPage != 0 || resp.PrevPage != 2 || resp.FirstPage != 1 {
		t.Errorf("%d of %d runs, %+v", len(runs.CheckRuns), runs.GetTotal(), resp)
	}
}

func TestActivity(t *testing.T) {
	w := newWorld(t)
	v := w.open("ann")
	var list []struct {
		Ref, Before, After string
		Kind               string `json:"activity_type"`
	}
	resp, body := w.get(w.cached, "/repos/acme/shop/activity?per_page=1")
	w.must(json.Unmarshal([]byte(body), &list))
	if len(list) != 1 || list[0].Ref != "refs/heads/"+v.Branch || list[0].After != v.Head {
		t.Errorf("the newest is %+v", list)
	}
	_, next, _ := strings.Cut(strings.Split(resp.Header.Get("Link"), ">")[0], w.api.URL)
	_, body = w.get(w.cached, next)
	w.must(json.Unmarshal([]byte(body), &list))
	if len(list) != 1 || list[0].Ref != "refs/heads/main" || list[0].Kind != "branch_creation" || list[0].After != w.repo.Head {
		t.Errorf("the one before is %+v", list)
	}
}

func TestNotModified(t *testing.T) {
	w := newWorld(t)
	token := w.token(nil)
	resp, _ := w.get(token, "/repos/acme/shop")
	tag := resp.Header.Get("ETag")
	resp, body := w.get(token, "/repos/acme/shop", "If-None-Match", tag)
	if resp.StatusCode != 304 || body != "" || resp.Header.Get("X-RateLimit-Used") != "1" {
		t.Errorf("unchanged: %d %s, after %s requests", resp.StatusCode, body, resp.Header.Get("X-RateLimit-Used"))
	}
	if resp, _ := w.get(w.token(nil), "/repos/acme/shop", "If-None-Match", tag); resp.StatusCode != 200 {
		t.Errorf("unchanged, but for another token: %d", resp.StatusCode)
	}
	w.OpenIssue(shop, "ann", "x", "")
	if resp, _ := w.get(token, "/repos/acme/shop", "If-None-Match", tag); resp.StatusCode != 200 || resp.Header.Get("X-RateLimit-Remaining") == "" {
		t.Errorf("changed: %d", resp.StatusCode)
	}
}

func TestContents(t *testing.T) {
	w := newWorld(t)
	token := w.token(nil)
	for _, accept := range []string{"application/vnd.github.raw+json", "application/vnd.github.v3.raw", "application/vnd.github.raw"} {
		if _, body := w.get(token, "/repos/acme/shop/contents/README.md", "Accept", accept); body != "# Shop\n" {
			t.Errorf("%s: %q", accept, body)
		}
	}
	f, _, _, err := w.client.Repositories.GetContents(w.ctx, "acme", "shop", "shop/cart.go", &github.RepositoryContentGetOptions{Ref: w.repo.Head})
	w.must(err)
	if text, err := f.GetContent(); err != nil || !strings.HasPrefix(text, "package shop") {
		t.Errorf("%q, %v", text, err)
	}
	_, dir, _, err := w.client.Repositories.GetContents(w.ctx, "acme", "shop", "", nil)
	w.must(err)
	if len(dir) != 2 || dir[0].GetName() != "README.md" || dir[1].GetType() != "dir" {
		t.Errorf("the root holds %v", dir)
	}
}
