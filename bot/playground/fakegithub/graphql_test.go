package fakegithub_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

type gqlAnswer struct {
	Data   map[string]map[string]json.RawMessage `json:"data"`
	Errors []struct{ Type, Message string }      `json:"errors"`
}

// ask sends a document with the client's token.
func (w *world) ask(token, document string, variables map[string]any) (a gqlAnswer, status int) {
	w.t.Helper()
	body, _ := json.Marshal(map[string]any{"query": document, "variables": variables})
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.api.URL+"/api/graphql", bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	_ = json.NewDecoder(resp.Body).Decode(&a) // an answer of another kind is empty
	return a, resp.StatusCode
}

const revertIt = `mutation R($input: RevertPullRequestInput!) { # takes it back
  revertPullRequest(input: $input) { __typename pullRequest { number } made: revertPullRequest { number id url title headRefName } } }`

// merged is a change of one file that was merged.
func (w *world) merged(files map[string]string) (number int, id string) {
	w.t.Helper()
	number, err := w.Open(shop, fakegithub.NewChange{Author: "alice", Title: "Gifts", Branch: "gifts", Files: files})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Merge(shop, number, "alice"); err != nil {
		w.t.Fatal(err)
	}
	pull, _, err := w.client.PullRequests.Get(w.ctx, "acme", "shop", number)
	if err != nil {
		w.t.Fatal(err)
	}
	return number, pull.GetNodeID()
}

func TestARevertPullRequest(t *testing.T) {
	w := newWorld(t)
	before, _, err := w.client.Repositories.GetCommit(w.ctx, "acme", "shop", "main", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, id := w.merged(map[string]string{"shop/gift.go": "package shop\n"})
	a, status := w.ask(w.cached, revertIt, map[string]any{"input": map[string]any{"pullRequestId": id, "body": "Because."}})
	if status != 200 || len(a.Errors) > 0 || !strings.Contains(string(a.Data["revertPullRequest"]["made"]), `"headRefName":"revert-1-gifts"`) {
		t.Fatalf("%d %+v", status, a)
	}
	made, _, err := w.client.PullRequests.Get(w.ctx, "acme", "shop", 2)
	if err != nil || made.GetTitle() != `Revert "Gifts"` || made.GetBody() != "Because." || made.GetUser().GetLogin() != "roundtrip[bot]" {
		t.Fatalf("%v, %v", made, err)
	}
	head, _, err := w.client.Repositories.GetCommit(w.ctx, "acme", "shop", made.GetHead().GetSHA(), nil)
	if err != nil || head.GetCommit().GetTree().GetSHA() != before.GetCommit().GetTree().GetSHA() {
		t.Errorf("the tree is not the one of before: %v", err)
	}
	if _, err := w.Revert(shop, 1, "bob"); err != nil {
		t.Error("GitHub lets people revert twice: ", err)
	}
	if again, _, _ := w.client.PullRequests.Get(w.ctx, "acme", "shop", 3); again.GetHead().GetRef() != "revert-1-gifts-1" {
		t.Errorf("the second is on %s", again.GetHead().GetRef())
	}
}

func TestRevertsThatGitHubRefuses(t *testing.T) {
	w := newWorld(t)
	_, id := w.merged(map[string]string{"shop/cart.go": "package shop\n\nvar Items = 2\n"})
	open, err := w.Open(shop, fakegithub.NewChange{Author: "bob", Title: "Open", Files: map[string]string{"x": "y\n"}})
	if err != nil {
		t.Fatal(err)
	}
	pull, _, _ := w.client.PullRequests.Get(w.ctx, "acme", "shop", open)
	if _, err := w.Push(shop, "main", "bob", "On top", map[string]string{"shop/cart.go": "package shop\n\nvar Items = 3\n"}); err != nil {
		t.Fatal(err)
	}
	reader := w.token(&github.InstallationTokenOptions{Permissions: &github.InstallationPermissions{Contents: github.String("read"), PullRequests: github.String("write")}})
	for name, c := range map[string]struct{ token, document, id, kind, says string }{
		"a conflict":          {w.cached, revertIt, id, "UNPROCESSABLE", "conflicts"},
		"not merged":          {w.cached, revertIt, pull.GetNodeID(), "UNPROCESSABLE", "not merged"},
		"no such change":      {w.cached, revertIt, "PR_none", "NOT_FOUND", "global id"},
		"without permission":  {reader, revertIt, id, "FORBIDDEN", "not accessible by integration"},
		"a field of nowhere":  {w.cached, `{ viewer { shoeSize } }`, "", "", "Field 'shoeSize' doesn't exist on type 'User'"},
		"no document":         {w.cached, `mutation {`, "", "", "Parse error"},
		"nothing is selected": {w.cached, `query { }`, "", "", "Parse error"},
	} {
		a, status := w.ask(c.token, c.document, map[string]any{"input": map[string]any{"pullRequestId": c.id}})
		if status != 200 || len(a.Errors) != 1 || a.Errors[0].Type != c.kind || !strings.Contains(a.Errors[0].Message, c.says) {
			t.Errorf("%s: %d %+v", name, status, a)
		}
	}
	if list, _, _ := w.client.PullRequests.List(w.ctx, "acme", "shop", nil); len(list) != 1 {
		t.Errorf("%d are open", len(list))
	}
	if _, status := w.ask("ghs_wrong", revertIt, nil); status != http.StatusUnauthorized {
		t.Errorf("a wrong token is answered %d", status)
	}
}

func TestAQueryOfAPullRequest(t *testing.T) {
	w := newWorld(t)
	number, id := w.merged(map[string]string{"a": "b\n"})
	a, _ := w.ask(w.cached, `query($n: Int!) { repository(owner: "acme", name: "shop") { nameWithOwner pullRequest(number: $n) { id state } } viewer { login } }`, map[string]any{"n": number})
	if string(a.Data["repository"]["pullRequest"]) != `{"id":"`+id+`","state":"MERGED"}` || string(a.Data["viewer"]["login"]) != `"roundtrip[bot]"` {
		t.Errorf("%+v", a)
	}
}

// A permission that is taken away is taken from tokens as well.
func TestAPermissionIsTakenAway(t *testing.T) {
	w := newWorld(t)
	_, id := w.merged(map[string]string{"a": "b\n"})
	w.Grant("contents", "read")
	if a, _ := w.ask(w.cached, revertIt, map[string]any{"input": map[string]any{"pullRequestId": id}}); len(a.Errors) != 1 || a.Errors[0].Type != "FORBIDDEN" {
		t.Errorf("%+v", a)
	}
}
