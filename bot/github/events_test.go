package github_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
)

var update = flag.Bool("update", false, "write the golden files anew")

const ourApp = 7

// payloads are the recorded ones, by file name.
func payloads(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/payloads/*.json")
	if err != nil || len(files) < 57 {
		t.Fatalf("%d payloads, error %v", len(files), err)
	}
	found := map[string][]byte{}
	for _, f := range files {
		if found[filepath.Base(f)], err = os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

func eventName(file string) string { name, _, _ := strings.Cut(file, "."); return name }

func open(t testing.TB, app int64, name string, body []byte) bot.Event {
	t.Helper()
	e, err := github.Open(app)(bot.Letter{Source: "github", Name: name, Body: body})
	if err != nil {
		t.Fatalf("open %s: %v", name, err)
	}
	return e
}

// with sets what lies at a path of a payload: "check_run.app.id".
func with(t testing.TB, body []byte, path string, value any) []byte {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal(body, &root); err != nil {
		t.Fatal(err)
	}
	at := root
	keys := strings.Split(path, ".")
	for _, k := range keys[:len(keys)-1] {
		next, ok := at[k].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[k] = next
		}
		at = next
	}
	at[keys[len(keys)-1]] = value
	out, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// installed gives a payload the installation that every app's delivery has.
// Some of the recorded ones came from a hook of a repository.
func installed(t testing.TB, body []byte) []byte {
	return with(t, body, "installation.id", 42)
}

// TestWhatEachPayloadBecomes is a table: the file, the event as recorded, and
// the event when it is sent to an app.
func TestWhatEachPayloadBecomes(t *testing.T) {
	var table strings.Builder
	all := payloads(t)
	for _, file := range sorted(all) {
		fmt.Fprintf(&table, "%s\n  as recorded  %s\n  to an app    %s\n", file,
			line(open(t, ourApp, eventName(file), all[file])), line(open(t, ourApp, eventName(file), installed(t, all[file]))))
	}
	const golden = "testdata/events.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := table.String(); got != string(want) {
		t.Errorf("%s differs; look at what changed with -update:\n%s", golden, got)
	}
}

func line(e bot.Event) string {
	kind, body, err := bot.EncodeEvent(e)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s %q %s", kind, e.Subject(), body)
}

func sorted(m map[string][]byte) []string { return slices.Sorted(maps.Keys(m)) }

func TestWhetherACheckIsOursDecides(t *testing.T) {
	all := payloads(t)
	const theirs = 29310
	cases := []struct {
		file string
		app  int64
		want bot.Event
	}{
		{"check_run.completed.json", ourApp, bot.CheckReported{}},
		{"check_run.created.json", ourApp, bot.CheckReported{}},
		{"check_run.completed.json", theirs, bot.Unknown{}},
		{"check_run.created.json", theirs, bot.Unknown{}},
		{"check_suite.rerequested.json", theirs, bot.RecheckAsked{}},
		{"check_suite.rerequested.json", ourApp, bot.Unknown{}},
		{"check_suite.completed.json", ourApp, bot.Unknown{}},
	}
	for _, c := range cases {
		got := open(t, c.app, eventName(c.file), installed(t, all[c.file]))
		if reflect.TypeOf(got) != reflect.TypeOf(c.want) {
			t.Errorf("%s for app %d is %T, want %T", c.file, c.app, got, c.want)
		}
		if u, ok := got.(bot.Unknown); ok && u.Why == "" {
			t.Errorf("%s for app %d: no reason given", c.file, c.app)
		}
	}
	body := with(t, installed(t, all["check_run.rerequested.json"]), "check_run.app.id", ourApp)
	if e, ok := open(t, ourApp, "check_run", body).(bot.RecheckAsked); !ok || e.SHA == "" || e.By.Login == "" {
		t.Errorf("a re-run is %#v, want a RecheckAsked with who and what", e)
	}
	body = with(t, installed(t, all["check_run.requested_action.json"]), "check_run.app.id", ourApp)
	if e, ok := open(t, ourApp, "check_run", body).(bot.CheckPressed); !ok || e.SHA == "" || e.By.Login == "" || e.Verb == "" || e.Check == "" {
		t.Errorf("a button is %#v, want a CheckPressed with who and what", e)
	}
}

func TestOnlyAFreshCommentOfItsAuthorIsACommand(t *testing.T) {
	body := installed(t, payloads(t)["issue_comment.created.json"])
	cases := map[string]struct {
		body    []byte
		command bool
	}{
		"as written":             {body, true},
		"edited":                 {with(t, body, "action", "edited"), false},
		"edited before delivery": {with(t, body, "comment.updated_at", "2019-05-15T15:20:22Z"), false},
		"sent by somebody else":  {with(t, body, "sender.login", "mallory"), false},
		"without an author":      {with(t, body, "comment.user", nil), false},
		"without an id":          {with(t, body, "comment.id", 0), false},
	}
	for name, c := range cases {
		if e, ok := open(t, ourApp, "issue_comment", c.body).(bot.CommandGiven); ok != c.command {
			t.Errorf("%s: %#v", name, e)
		}
	}
	e := open(t, ourApp, "issue_comment", with(t, body, "issue.pull_request", map[string]any{"url": "u"})).(bot.CommandGiven)
	if e.IsIssue || !e.Open || e.Ref.Number != 1 || e.Comment != 492700400 || e.By.Login != "Codertocat" || e.By.Bot {
		t.Errorf("a comment on a pull request: %#v", e)
	}
	long := open(t, ourApp, "issue_comment", with(t, body, "comment.body", strings.Repeat("é", 40_000))).(bot.CommandGiven)
	if len(long.Text) != 64<<10 || strings.ContainsRune(long.Text, '\uFFFD') {
		t.Errorf("a long comment is cut to %d bytes", len(long.Text))
	}
	app := open(t, ourApp, "issue_comment", with(t, body, "comment.performed_via_github_app", map[string]any{"id": ourApp})).(bot.CommandGiven)
	if !app.By.Bot {
		t.Error("a comment that our own app wrote is not known as a bot's")
	}
}

func TestTimesInAllTheirForms(t *testing.T) {
	body := payloads(t)["pull_request.opened.json"]
	want := time.Date(2018, 4, 25, 20, 42, 10, 0, time.UTC)
	for _, v := range []any{"2018-04-25T20:42:10Z", "2018-04-25T22:42:10+02:00", "2018-04-25 20:42:10", "2018-04-25 20:42:10 UTC", want.Unix()} {
		e := open(t, ourApp, "pull_request", with(t, body, "pull_request.updated_at", v)).(bot.ChangeUpdated)
		if !e.Change.Updated.Equal(want) {
			t.Errorf("%v is read as %v", v, e.Change.Updated)
		}
	}
	for _, v := range []any{"soon", "", nil, -1, 1e300, true, map[string]any{}} {
		e := open(t, ourApp, "pull_request", with(t, body, "pull_request.updated_at", v)).(bot.ChangeUpdated)
		if !e.Change.Updated.IsZero() {
			t.Errorf("%v is read as %v", v, e.Change.Updated)
		}
	}
}

func TestAChangeWithoutTotalsOrFork(t *testing.T) {
	body := payloads(t)["pull_request.opened.json"]
	full := open(t, ourApp, "pull_request", body).(bot.ChangeUpdated).Change
	if !full.HasTotals || full.Fork() {
		t.Errorf("as recorded: %+v", full)
	}
	if c := open(t, ourApp, "pull_request", with(t, body, "pull_request.additions", nil)).(bot.ChangeUpdated).Change; c.HasTotals || c.Added != 0 {
		t.Errorf("without additions: %+v", c)
	}
	if c := open(t, ourApp, "pull_request", with(t, body, "pull_request.head.repo", nil)).(bot.ChangeUpdated).Change; c.HeadRepo != 0 || !c.Fork() {
		t.Errorf("when the fork is gone: %+v", c)
	}
}

func TestStatusBranch(t *testing.T) {
	body := with(t, payloads(t)["status.none.json"], "branches", []any{map[string]any{"name": "changes"}, map[string]any{"name": "master"}})
	if e := open(t, ourApp, "status", body).(bot.CheckReported); e.Branch != "master" || e.Run.App != 0 || e.Run.ID != 6805126730 || !e.Run.Passed() {
		t.Errorf("%+v", e)
	}
	body = with(t, body, "repository.default_branch", "main")
	if e := open(t, ourApp, "status", body).(bot.CheckReported); e.Branch != "changes" {
		t.Errorf("without the default branch: %q", e.Branch)
	}
	if e := open(t, ourApp, "status", with(t, body, "state", "pending")).(bot.CheckReported); e.Run.Status != bot.InProgress || !e.Run.Completed.IsZero() {
		t.Errorf("pending: %+v", e.Run)
	}
}

func TestOurOwnDeploymentsAreEchoes(t *testing.T) {
	body := payloads(t)["deployment_status.created.json"]
	for name, b := range map[string][]byte{
		"by payload":      with(t, body, "deployment.payload", map[string]any{"roundtrip": "r-1"}),
		"by payload text": with(t, body, "deployment.payload", `{"roundtrip":"r-1"}`),
		"by app":          with(t, body, "deployment.performed_via_github_app", map[string]any{"id": ourApp}),
	} {
		if e, ok := open(t, ourApp, "deployment_status", b).(bot.Unknown); !ok {
			t.Errorf("%s: %#v", name, e)
		}
	}
}

func TestMalformedPayloadsAreUnknownWithAReason(t *testing.T) {
	body := payloads(t)["pull_request.opened.json"]
	for name, b := range map[string][]byte{
		"no JSON":           []byte("{"),
		"nothing":           nil,
		"a list":            []byte("[]"),
		"null":              []byte("null"),
		"a path for a sha":  with(t, body, "pull_request.head.sha", "../../secrets"),
		"a path for a name": with(t, body, "repository.full_name", "acme/.."),
		"no number":         with(t, body, "pull_request.number", 0),
		"no repository":     with(t, body, "repository", nil),
		"no installation":   with(t, body, "installation", nil),
	} {
		if u, ok := open(t, ourApp, "pull_request", b).(bot.Unknown); !ok || u.Why == "" || u.Source != "github" {
			t.Errorf("%s: %#v", name, u)
		}
	}
}

func FuzzOpen(f *testing.F) {
	for file, body := range payloads(f) {
		f.Add(eventName(file), body)
		f.Add(eventName(file), installed(f, body))
	}
	f.Fuzz(func(t *testing.T, name string, body []byte) {
		for _, app := range []int64{ourApp, 29310} {
			e, err := github.Open(app)(bot.Letter{Name: name, Body: body})
			if err != nil || e == nil {
				t.Fatalf("event %v, error %v", e, err)
			}
			kind, saved, err := bot.EncodeEvent(e)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := bot.DecodeEvent(kind, saved); err != nil {
				t.Fatal(err)
			}
			e.Subject()
		}
	})
}
