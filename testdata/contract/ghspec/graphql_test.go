package ghspec

import (
	"encoding/json"
	"testing"
)

const revert = `mutation R($input: RevertPullRequestInput!) { revertPullRequest(input: $input) { revertPullRequest { number url state } } }`

func TestGraphQL(t *testing.T) {
	g, err := LoadGraphQL("../api.github.com.graphql.gz")
	if err != nil {
		t.Fatal(err)
	}
	good := map[string]any{"input": map[string]any{"pullRequestId": "PR_1", "draft": false}}
	data := func(text string) string { return `{"data":{"revertPullRequest":{"revertPullRequest":` + text + `}}}` }
	fine := data(`{"number":2,"url":"https://github.com/o/r/pull/2","state":"OPEN"}`)
	for name, c := range map[string]struct {
		document string
		with     map[string]any
		answer   string
		rule     string // empty: nothing is found
	}{
		"all is good":            {revert, good, fine, ""},
		"refused":                {revert, good, `{"data":{"revertPullRequest":null},"errors":[{"type":"UNPROCESSABLE","path":["revertPullRequest"],"locations":[{"line":1,"column":1}],"message":"no"}]}`, ""},
		"nothing was reverted":   {revert, good, `{"data":{"revertPullRequest":{"revertPullRequest":null}}}`, ""},
		"no such mutation":       {`mutation { revertAll { x } }`, nil, fine, "graphql-document"},
		"no such variable":       {revert, map[string]any{"input": map[string]any{"pullRequest": "PR_1"}}, fine, "graphql-variables"},
		"a variable is missing":  {revert, map[string]any{}, fine, "graphql-variables"},
		"a member too few":       {revert, good, data(`{"number":2,"state":"OPEN"}`), "graphql-data"},
		"a member too many":      {revert, good, data(`{"number":2,"url":"x","state":"OPEN","merged":true}`), "graphql-data"},
		"of another kind":        {revert, good, data(`{"number":"2","url":"x","state":"OPEN"}`), "graphql-data"},
		"no value of the list":   {revert, good, data(`{"number":2,"url":"x","state":"open"}`), "graphql-data"},
		"null where none may be": {revert, good, data(`{"number":null,"url":"x","state":"OPEN"}`), "graphql-data"},
		"neither data nor error": {revert, good, `{}`, "graphql-body"},
		"an error of nothing":    {revert, good, `{"errors":[{}]}`, "graphql-errors"},
	} {
		body, _ := json.Marshal(map[string]any{"query": c.document, "variables": c.with})
		found := g.Check(body, 200, []byte(c.answer))
		if (len(found) > 0) != (c.rule != "") || len(found) > 0 && found[0].Rule != c.rule {
			t.Errorf("%s: %+v", name, found)
		}
	}
	if found := (*GraphQL)(nil).Check([]byte(`{"query":"{viewer{login}}"}`), 200, []byte(`{}`)); len(found) != 1 {
		t.Error("without a schema it passes")
	}
}
