package github_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var takeBack = bot.OpenRevert{Ref: change, Branch: "main", SHA: shaA, Title: `Revert "Gifts"`, Body: "Reverts acme/shop#12"}

const (
	revertOpened = `{"data":{"revertPullRequest":{"revertPullRequest":{"number":13,"url":"https://github.example/acme/shop/pull/13"}}}}`
	mergedPull   = `{"node_id":"PR_12","merged":true,"merge_commit_sha":"` + shaA + `"}`
)

// revertible is a GitHub where the change was merged as the head of main.
func revertible(t *testing.T, opened string) *world {
	w := newWorld(t)
	w.on("GET /repos/acme/shop/pulls", 200, opened)
	w.on("GET /repos/acme/shop/branches/main", 200, `{"commit":{"sha":"`+shaA+`"}}`)
	w.on("GET /repos/acme/shop/pulls/12", 200, mergedPull)
	return w
}

// One mutation, with a token of its own which alone may write contents, and a
// mark by which it is found again.
func TestARevertIsOpened(t *testing.T) {
	w := revertible(t, `[]`)
	w.on("POST /graphql", 200, revertOpened)
	r, err := perform(t, w.client(t), bot.Job{Effect: takeBack})
	if err != nil || r.ID != "13" || r.URL == "" {
		t.Fatalf("%+v, %v", r, err)
	}
	writes := w.writes()
	if len(writes) != 1 {
		t.Fatalf("%v", writes)
	}
	input := writes[0].json(t)["variables"].(map[string]any)["input"].(map[string]any)
	body := input["body"].(string)
	if input["pullRequestId"] != "PR_12" || input["title"] != takeBack.Title || !strings.HasPrefix(body, takeBack.Body+"\n\n<!-- roundtrip ") {
		t.Errorf("%v", input)
	}
	if len(w.mints) != 2 || strings.Contains(w.mints[0].Body, `"contents":"write"`) || !strings.Contains(w.mints[1].Body, `"contents":"write"`) {
		t.Errorf("tokens: %v", w.mints)
	}
	again := revertible(t, `[{"number":13,"state":"open","body":"`+strings.ReplaceAll(body, "\n", `\n`)+`","head":{"ref":"anything","repo":{"id":1296269}}}]`)
	if r, err := perform(t, again.client(t), bot.Job{Effect: takeBack, Attempt: 2}); err != nil || r.ID != "13" || len(again.writes()) > 0 {
		t.Errorf("found by its mark: %+v, %v, %v", r, err, again.writes())
	}
}

// What is there already is not opened again; what is gone or moved is not
// taken back.
func TestRevertsThatAreNotOpened(t *testing.T) {
	own := `"head":{"ref":"revert-12-gifts","repo":{"id":1296269}}`
	for name, c := range map[string]struct {
		opened, head, pull string
		id, says           string // a receipt, or a permanent refusal
	}{
		"opened by somebody":       {`[{"number":13,"state":"open",` + own + `}]`, shaA, mergedPull, "13", ""},
		"opened and merged":        {`[{"number":13,"state":"closed","merged_at":"2026-03-09T10:00:00Z",` + own + `}]`, shaA, mergedPull, "13", ""},
		"opened and given up":      {`[{"number":13,"state":"closed",` + own + `}]`, shaA, mergedPull, "", "#13 took it back"},
		"another commit is on top": {`[]`, shaB, mergedPull, "", "is at bbbbbbb now"},
		"merged as something else": {`[]`, shaA, `{"node_id":"PR_12","merged":true,"merge_commit_sha":"` + shaB + `"}`, "", "it was not merged as aaaaaaa"},
		"never merged":             {`[]`, shaA, `{"node_id":"PR_12","merged":false,"merge_commit_sha":"` + shaA + `"}`, "", "it was not merged"},
	} {
		w := newWorld(t)
		w.on("GET /repos/acme/shop/pulls", 200, c.opened)
		w.on("GET /repos/acme/shop/branches/main", 200, `{"commit":{"sha":"`+c.head+`"}}`)
		w.on("GET /repos/acme/shop/pulls/12", 200, c.pull)
		r, err := perform(t, w.client(t), bot.Job{Effect: takeBack})
		if r.ID != c.id || errors.As(err, &bot.Permanent{}) != (c.says != "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if len(w.writes()) > 0 {
			t.Errorf("%s: it wrote %v", name, w.writes())
		}
	}
}

// A fork's branch may be called anything, and an older change reverts nothing.
func TestWhatIsNoRevert(t *testing.T) {
	w := revertible(t, `[{"number":14,"state":"open","head":{"ref":"revert-12-gifts","repo":{"id":5}}},{"number":13,"state":"open","head":{"ref":"revert-12-gifts","repo":null}},
		{"number":11,"state":"open","head":{"ref":"revert-12-gifts","repo":{"id":1296269}}}]`)
	w.on("POST /graphql", 200, revertOpened)
	if _, err := perform(t, w.client(t), bot.Job{Effect: takeBack}); err != nil || len(w.writes()) != 1 {
		t.Errorf("%v, %v", w.writes(), err)
	}
}

func TestWhatARevertMeets(t *testing.T) {
	gql := func(kind string) string {
		return `{"data":{"revertPullRequest":null},"errors":[{"type":"` + kind + `","path":["revertPullRequest"],"message":"no"}]}`
	}
	for name, c := range map[string]struct {
		status          int
		body            string
		permanent, wait bool
		says            string
	}{
		"a conflict":           {200, gql("UNPROCESSABLE"), true, false, "UNPROCESSABLE: no"},
		"not allowed":          {200, gql("FORBIDDEN"), true, false, "the repository permission Contents"},
		"not allowed at all":   {403, `{"message":"Resource not accessible by integration"}`, true, false, "the repository permission Contents"},
		"a limit":              {200, gql("RATE_LIMITED"), false, true, "RATE_LIMITED"},
		"something new":        {200, gql("WEATHER"), false, false, "WEATHER"},
		"an answer of nothing": {200, `{"data":{"revertPullRequest":null}}`, false, false, "opened no pull request"},
		"a fault":              {502, `<html>`, false, false, "502"},
	} {
		w := revertible(t, `[]`)
		w.on("POST /graphql", c.status, c.body)
		_, err := perform(t, w.client(t), bot.Job{Effect: takeBack})
		if errors.As(err, &bot.Permanent{}) != c.permanent || errors.As(err, &bot.RetryAfter{}) != c.wait || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An app without the permission gets no token; once it has it, none of before
// is used.
func TestARevertWithoutPermission(t *testing.T) {
	w := revertible(t, `[]`)
	may := false
	mux := http.NewServeMux()
	mux.HandleFunc("POST /app/installations/{id}/access_tokens", func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !may && strings.Contains(string(body), `"contents":"write"`) {
			answer(rw, 422, `{"message":"The permissions requested are not granted to this installation."}`)
			return
		}
		answer(rw, 201, `{"token":"`+token+`","expires_at":"2099-01-01T00:00:00Z"}`)
	})
	mux.Handle("/", w.ServeMux)
	w.ServeMux = mux
	w.on("POST /graphql", 200, revertOpened)
	c := w.client(t)
	if _, err := perform(t, c, bot.Job{Effect: takeBack}); !errors.As(err, &bot.Permanent{}) || !strings.Contains(err.Error(), "the repository permission Contents") {
		t.Errorf("%v", err)
	}
	may = true
	if _, err := perform(t, c, bot.Job{Effect: takeBack}); err != nil {
		t.Error(err)
	}
}

// An enterprise's server has GraphQL beside its REST API.
func TestWhereGraphQLIs(t *testing.T) {
	w := newWorld(t)
	for pattern, body := range map[string]string{
		"GET /api/v3/repos/acme/shop/pulls": `[]`, "GET /api/v3/repos/acme/shop/branches/main": `{"commit":{"sha":"` + shaA + `"}}`,
		"GET /api/v3/repos/acme/shop/pulls/12": mergedPull, "POST /api/graphql": revertOpened,
	} {
		w.on(pattern, 200, body)
	}
	w.on("POST /api/v3/app/installations/{id}/access_tokens", 201, `{"token":"`+token+`","expires_at":"2099-01-01T00:00:00Z"}`)
	if _, err := perform(t, newClient(t, w.url+"/api/v3", nil), bot.Job{Effect: takeBack}); err != nil {
		t.Error(err)
	}
}
