// Package contract tests the script check: a check that cannot fail proves
// nothing.
package contract

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const headers = `"request_headers":{"Accept":"application/vnd.github+json","Authorization":"token ghs_redacted","User-Agent":"roundtrip","X-GitHub-Api-Version":"2022-11-28"},"response_headers":{"Content-Type":"application/json; charset=utf-8"}`

// good is a recording, by file, in which there is nothing to find.
func good(t *testing.T) map[string]string {
	t.Helper()
	ping, err := os.ReadFile("../../bot/github/testdata/payloads/ping.none.json")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"story/exchanges.jsonl":           exchange("/repos/acme/shop/rules/branches/main", `[]`),
		"story/hooks/ping.0001.none.json": string(ping),
		"story/slack/0000.json":           `{"text":"Main is red","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"*Main* is red"}}]}`,
	}
}

func exchange(path, answer string) string {
	return `{"method":"GET","url":"https://api.github.com` + path + `","status":200,"response_body":` + answer + `,` + headers + "}\n"
}

func TestCheck(t *testing.T) {
	bin := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin+"/", "./cmd/...", "./slack/cmd/...").CombinedOutput(); err != nil {
		t.Fatalf("build the checkers: %v\n%s", err, out)
	}
	for name, c := range map[string]struct {
		change map[string]string // files put beside or in place of good ones; an empty one is left out
		finds  []string          // all that is printed; nothing when nothing is found
	}{
		"all is good": {},
		"a query of the wrong name, and an answer of another kind": {map[string]string{
			"story/exchanges.jsonl": exchange("/repos/acme/shop/rules/branches/main?staet=open", `[]`),
			"other/exchanges.jsonl": exchange("/repos/acme/shop/branches/main", `{"name":"main"}`),
		}, []string{"unknown-query-parameter", `"side":"response"`}},
		"a warning, and a webhook of another kind": {map[string]string{
			"story/exchanges.jsonl":           strings.Replace(exchange("/repos/acme/shop/rules/branches/main", `[]`), "2022-11-28", "", 1),
			"story/hooks/ping.0002.none.json": `{"zen":1}`,
		}, []string{"api-version", "webhook-schema"}},
		"a block that is none, and a mention of everybody": {map[string]string{
			"story/slack/0001.json": `{"text":"x","blocks":[{"type":"sektion"}]}`,
			"story/slack/0002.json": `{"text":"x","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"<!channel> x"}}]}`,
		}, []string{"sektion", "mass_mention"}},
		"GraphQL that the schema does not know": {map[string]string{
			"other/exchanges.jsonl": strings.Replace(exchange("/graphql", `{"data":{"viewer":{"login":"x"}}}`), `"GET"`, `"POST","request_body":{"query":"{viewer{shoeSize}}"}`, 1),
		}, []string{"graphql-document", "shoeSize"}},
		"no webhooks": {map[string]string{"story/hooks/ping.0001.none.json": ""}, []string{"there are no webhooks"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := good(t)
			maps.Copy(files, c.change)
			cmd := exec.CommandContext(t.Context(), "./check", write(t, files))
			cmd.Env = append(os.Environ(), "CONTRACT_BIN="+bin)
			out, err := cmd.CombinedOutput()
			if (err != nil) != (len(c.finds) > 0) {
				t.Errorf("check ended with %v and said:\n%s", err, out)
			}
			for _, want := range c.finds {
				if !strings.Contains(string(out), want) {
					t.Errorf("%s was not found:\n%s", want, out)
				}
			}
		})
	}
}

// write puts files into a folder and returns it.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if text == "" {
			continue
		}
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
