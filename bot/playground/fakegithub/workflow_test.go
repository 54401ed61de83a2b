package fakegithub_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

const deployWorkflow = "run-name: \"${{ inputs.verb }} ${{ inputs.deploy_id }}\"\non:\n  workflow_dispatch:\n    inputs:\n      verb: {}\n      deploy_id: {}\n"

func TestWorkflowsAreDispatchedWatchedAndCancelled(t *testing.T) {
	w := newWorld(t)
	w.AddRepo("acme/tools", map[string]string{".github/workflows/deploy.yml": deployWorkflow, ".github/workflows/ci.yml": "on: push\n"})
	token := w.token(nil)
	const runs, dispatch = "/repos/acme/tools/actions/runs", "/repos/acme/tools/actions/workflows/%s/dispatches"
	start := func(file, body string) (int, string) {
		resp, text := w.call(http.MethodPost, token, fmt.Sprintf(dispatch, file), body)
		return resp.StatusCode, text
	}
	var seen []fakegithub.Dispatch
	w.OnDispatch(func(d fakegithub.Dispatch) string { seen = append(seen, d); return d.Inputs["verb"] })
	for _, c := range []struct {
		file, body string
		status     int
		says       string
	}{
		{"deploy.yml", `{"ref":"main","inputs":{"deploy_id":"7"},"return_run_details":true}`, 200, `"workflow_run_id":950001`},
		{"deploy.yml", `{"ref":"main","inputs":{"verb":"failure"}}`, 204, ""},
		{"deploy.yml", `{"ref":"main","inputs":{"other":"7"}}`, 422, "Unexpected inputs"},
		{"deploy.yml", `{"ref":"nowhere"}`, 422, "No ref found"},
		{"ci.yml", `{"ref":"main"}`, 422, "workflow_dispatch"},
		{"none.yml", `{"ref":"main"}`, 404, "Not Found"},
	} {
		if status, text := start(c.file, c.body); status != c.status || !strings.Contains(text, c.says) {
			t.Errorf("%s %s: %d %s", c.file, c.body, status, text)
		}
	}
	if len(seen) != 2 || seen[0].Title != " 7" || seen[0].Workflow != "deploy.yml" {
		t.Errorf("%+v", seen)
	}
	if _, text := w.get(token, runs+"?event=workflow_dispatch"); !strings.Contains(text, `"total_count":2`) || !strings.Contains(text, `"conclusion":"failure"`) {
		t.Error(text)
	}
	one := fmt.Sprintf("%s/%d", runs, seen[0].ID)
	if _, text := w.get(token, one); !strings.Contains(text, `"status":"in_progress"`) {
		t.Error(text)
	}
	for _, want := range []int{http.StatusAccepted, http.StatusConflict} {
		if resp, text := w.call(http.MethodPost, token, one+"/cancel", ""); resp.StatusCode != want {
			t.Errorf("cancel: %d %s", resp.StatusCode, text)
		}
	}
	if err := w.EndWorkflow("acme/tools", seen[0].ID, "success"); err == nil {
		t.Error("what was cancelled ended well")
	}
}
