package github_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

const dispatchPath = "/repos/acme/shop/actions/workflows/deploy.yml/dispatches"

// TestADispatchAsksForNoMoreThanItNeeds: the default branch, the run's id, and
// a token of its own, which alone may touch workflows.
func TestADispatchAsksForNoMoreThanItNeeds(t *testing.T) {
	w := newWorld(t)
	w.on("GET /repos/acme/shop", 200, `{"id":1296269,"default_branch":"trunk"}`)
	w.on("POST "+dispatchPath, 200, `{"workflow_run_id":77,"run_url":"x","html_url":"y"}`)
	c := w.client(t)
	id, err := c.Workflows().Dispatch(t.Context(), shop, "deploy.yml", map[string]string{"sha": shaA})
	if err != nil || id != 77 {
		t.Fatalf("%d, %v", id, err)
	}
	body := w.writes()[0].json(t)
	if body["ref"] != "trunk" || body["return_run_details"] != true || body["inputs"].(map[string]any)["sha"] != shaA {
		t.Errorf("%v", body)
	}
	if len(w.mints) != 1 {
		t.Fatalf("%d tokens", len(w.mints))
	}
	if asked := w.mints[0].Body; !strings.Contains(asked, `"actions":"write"`) || strings.Contains(asked, "contents") || !strings.Contains(asked, "1296269") {
		t.Errorf("the token: %s", asked)
	}
	w.on("GET /repos/acme/shop/contents/x", 200, `text`)
	if _, err := c.File(t.Context(), shop, "x"); len(w.mints) != 2 || strings.Contains(w.mints[1].Body, "actions") {
		t.Errorf("%v; tokens: %v", err, w.mints)
	}
}

func TestOlderServersDispatchToo(t *testing.T) {
	for name, knows := range map[string]bool{"it passes over the field": true, "it refuses the field": false} {
		w := newWorld(t)
		w.on("GET /repos/acme/shop", 200, `{"default_branch":"main"}`)
		w.HandleFunc("POST "+dispatchPath, func(rw http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if !knows && strings.Contains(string(body), "return_run_details") {
				answer(rw, 422, `{"message":"Invalid request. \"return_run_details\" is not a permitted key."}`)
				return
			}
			rw.WriteHeader(204)
		})
		if id, err := w.client(t).Workflows().Dispatch(t.Context(), shop, "deploy.yml", nil); err != nil || id != 0 {
			t.Errorf("%s: %d, %v", name, id, err)
		}
	}
}

func TestWhatADispatchMeets(t *testing.T) {
	for name, c := range map[string]struct {
		status    int
		body      string
		permanent bool
		says      string
	}{
		"no such workflow":       {404, `{"message":"Not Found"}`, true, "404"},
		"an input that is wrong": {422, `{"message":"Unexpected inputs provided"}`, true, "Unexpected inputs"},
		"not allowed":            {403, `{"message":"Resource not accessible by integration"}`, true, "the repository permission Actions"},
		"a fault":                {502, `<html>`, false, "502"},
	} {
		w := newWorld(t)
		w.on("GET /repos/acme/shop", 200, `{"default_branch":"main"}`)
		w.on("POST "+dispatchPath, c.status, c.body)
		_, err := w.client(t).Workflows().Dispatch(t.Context(), shop, "deploy.yml", nil)
		if errors.As(err, &bot.Permanent{}) != c.permanent || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRunsAreListedUntilEnoughIsSeen(t *testing.T) {
	w := newWorld(t)
	run := `{"id":9,"display_title":"start 7/42","status":"completed","conclusion":"success","html_url":"https://github.com/r","created_at":"2026-03-02T09:00:00Z"}`
	full := `{"total_count":150,"workflow_runs":[` + strings.TrimSuffix(strings.Repeat(run+",", 100), ",") + `]}`
	w.on("GET /repos/acme/shop", 200, `{"default_branch":"main"}`)
	asked, created := 0, ">=2026-03-02T08:30:00Z"
	since := time.Date(2026, 3, 2, 9, 30, 0, 0, time.FixedZone("", 3600))
	w.HandleFunc("GET /repos/acme/shop/actions/runs", func(rw http.ResponseWriter, r *http.Request) {
		asked++
		if q := r.URL.Query(); q.Get("event") != "workflow_dispatch" || q.Get("created") != created {
			t.Errorf("asked for %s", r.URL.RawQuery)
		}
		if asked%2 == 1 {
			answer(rw, 200, full)
			return
		}
		answer(rw, 200, `{"total_count":150,"workflow_runs":[`+run+`]}`)
	})
	n := 0
	flows := w.client(t).Workflows()
	if err := flows.Dispatched(t.Context(), shop, since, func(r bot.WorkflowRun) bool {
		n++
		return r.Title == "start 7/42" && r.Conclusion == "success" && !r.At.IsZero()
	}); err != nil || n != 101 || asked != 2 {
		t.Errorf("%d runs in %d pages, %v", n, asked, err)
	}
	created = ""
	if err := flows.Dispatched(t.Context(), shop, time.Time{}, func(bot.WorkflowRun) bool { return false }); err != nil || asked != 3 {
		t.Errorf("asked %d times, %v", asked, err)
	}
}

// TestWhoseARunIs: its actor says it, not who ran it again; and where it ran,
// its path and its branch.
func TestWhoseARunIs(t *testing.T) {
	ours := bot.WorkflowRun{File: "deploy.yml", Ours: true, Default: true}
	for name, c := range map[string]struct {
		run  string
		want bot.WorkflowRun
	}{
		"ours":            {`"path":".github/workflows/deploy.yml","head_branch":"trunk","actor":{"login":"roundtrip-test[bot]"}`, ours},
		"with its branch": {`"path":".github/workflows/deploy.yml@trunk","head_branch":"trunk","actor":{"login":"roundtrip-test[bot]"}`, ours},
		"run again":       {`"path":".github/workflows/deploy.yml","head_branch":"trunk","actor":{"login":"roundtrip-test[bot]"},"triggering_actor":{"login":"mona"}`, ours},
		"a person's":      {`"path":".github/workflows/deploy.yml","head_branch":"trunk","actor":{"login":"mona"},"triggering_actor":{"login":"roundtrip-test[bot]"}`, bot.WorkflowRun{File: "deploy.yml", Default: true}},
		"a branch's":      {`"path":".github/workflows/deploy.yml","head_branch":"main","actor":{"login":"roundtrip-test[bot]"}`, bot.WorkflowRun{File: "deploy.yml", Ours: true}},
		"another file's":  {`"path":"elsewhere/deploy.yml","head_branch":"trunk","actor":{"login":"roundtrip-test[bot]"}`, bot.WorkflowRun{Ours: true, Default: true}},
		"nobody's":        {`"path":null,"head_branch":null,"actor":null`, bot.WorkflowRun{}},
	} {
		w := newWorld(t)
		w.on("GET /repos/acme/shop", 200, `{"default_branch":"trunk"}`)
		w.on("GET /repos/acme/shop/actions/runs", 200, `{"total_count":1,"workflow_runs":[{`+c.run+`}]}`)
		if err := w.client(t).Workflows().Dispatched(t.Context(), shop, time.Time{}, func(r bot.WorkflowRun) bool {
			if r != c.want {
				t.Errorf("%s: %+v", name, r)
			}
			return true
		}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCancellingWhatHasEndedIsNoError(t *testing.T) {
	for status, fine := range map[int]bool{202: true, 409: true, 404: false, 500: false} {
		w := newWorld(t)
		w.on("POST /repos/acme/shop/actions/runs/9/cancel", status, `{}`)
		if err := w.client(t).Workflows().Cancel(t.Context(), shop, 9); (err == nil) != fine {
			t.Errorf("%d: %v", status, err)
		}
	}
}
