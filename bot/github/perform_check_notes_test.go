package github_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// appending is the fake GitHub, which keeps what a check run was ever given,
// as GitHub does.
type appending struct {
	*fakegithub.Server
	url  string
	repo bot.RepoRef
	head bot.SHA
	sent []string // writes of checks
	cut  bool     // the next answer to one is lost

	token string // as the bot sends it
}

func newAppending(t *testing.T) *appending {
	t.Helper()
	block, _ := pem.Decode(key())
	k, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	noErr(t, err)
	a := &appending{Server: fakegithub.New(fakegithub.Options{AppID: ourApp, PublicKey: k.Public().(*rsa.PublicKey), Now: time.Now})}
	s := httptest.NewServer(http.HandlerFunc(a.hear))
	t.Cleanup(s.Close)
	a.SetURLs(s.URL, s.URL)
	a.url = s.URL
	info := a.AddRepo("acme/shop", map[string]string{"README.md": "A shop.\n"})
	a.repo = bot.RepoRef{Installation: info.Installation, ID: info.ID, Name: "acme/shop"}
	head, err := a.Push("acme/shop", "main", "ann", "A file", map[string]string{".github/roundtrip.yml": "version: 2\nstagse: {}\n"})
	noErr(t, err)
	a.head = bot.SHA(head)
	return a
}

func (a *appending) hear(rw http.ResponseWriter, r *http.Request) {
	a.token = r.Header.Get("Authorization")
	if strings.Contains(r.URL.Path, "/check-runs") && r.Method != http.MethodGet {
		a.sent = append(a.sent, r.Method)
		if a.cut {
			a.cut = false
			a.ServeHTTP(httptest.NewRecorder(), r)
			answer(rw, 502, `{}`)
			return
		}
	}
	a.ServeHTTP(rw, r)
}

func (a *appending) check(notes ...bot.Note) bot.SetCheck {
	return bot.SetCheck{Repo: a.repo, SHA: a.head, Name: "roundtrip / config", Status: bot.Completed, Conclusion: bot.Failure, Title: "Mistakes", Summary: "Some.", Notes: notes}
}

// beside is what people see beside the lines: the notes of the newest run.
func (a *appending) beside(t *testing.T) (lines []string) {
	t.Helper()
	var runs struct {
		Runs []struct{ ID int64 } `json:"check_runs"`
	}
	a.read(t, fmt.Sprintf("/commits/%s/check-runs", a.head), &runs)
	if len(runs.Runs) != 1 {
		t.Fatalf("GitHub counts %d runs of the name", len(runs.Runs))
	}
	var notes []struct {
		Path    string `json:"path"`
		Start   int    `json:"start_line"`
		End     int    `json:"end_line"`
		Column  int    `json:"start_column"`
		Level   string `json:"annotation_level"`
		Message string `json:"message"`
	}
	a.read(t, fmt.Sprintf("/check-runs/%d/annotations?per_page=100", runs.Runs[0].ID), &notes)
	for _, n := range notes {
		lines = append(lines, fmt.Sprintf("%s %s:%d-%d:%d %s", n.Level, n.Path, n.Start, n.End, n.Column, n.Message))
	}
	return lines
}

func (a *appending) read(t *testing.T, path string, into any) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/repos/acme/shop"+path, nil)
	r.Header.Set("Authorization", a.token)
	r.Header.Set("User-Agent", "a reader")
	rw := httptest.NewRecorder()
	a.ServeHTTP(rw, r)
	if err := json.Unmarshal(rw.Body.Bytes(), into); err != nil || rw.Code != 200 {
		t.Fatalf("%s: %d %s, %v", path, rw.Code, rw.Body, err)
	}
}

func (a *appending) performs(t *testing.T, job bot.Job) bot.Receipt {
	t.Helper()
	r, err := perform(t, newClient(t, a.url, nil), job)
	noErr(t, err)
	return r
}

var (
	wrongVersion = bot.Note{Path: ".github/roundtrip.yml", Line: 1, Column: 10, Message: "version: 2 is too large; write 1 or less"}
	wrongKey     = bot.Note{Path: ".github/roundtrip.yml", Line: 2, Column: 1, Message: "stagse: unknown key; did you mean stages?"}
)

const (
	besideVersion = "failure .github/roundtrip.yml:1-1:10 version: 2 is too large; write 1 or less"
	besideKey     = "failure .github/roundtrip.yml:2-2:1 stagse: unknown key; did you mean stages?"
)

// TestEachMistakeIsBesideItsLineOnce, however often the check is written: an
// update would append them, so it brings none.
func TestEachMistakeIsBesideItsLineOnce(t *testing.T) {
	a := newAppending(t)
	e := a.check(wrongVersion, wrongKey)
	r := a.performs(t, bot.Job{Effect: e})
	e.Title, e.Again = "Mistakes, still", "somebody pressed re-run"
	again := a.performs(t, bot.Job{Effect: e, Last: r})
	if diff := cmp.Diff([]string{besideVersion, besideKey}, a.beside(t)); diff != "" || again.ID != r.ID || !slices.Equal(a.sent, []string{"POST", "PATCH"}) {
		t.Error(diff, r, again, a.sent)
	}
}

// TestOtherMistakesAreANewRun, which takes the place of the old one; so is
// having none any more.
func TestOtherMistakesAreANewRun(t *testing.T) {
	a := newAppending(t)
	r := a.performs(t, bot.Job{Effect: a.check(wrongVersion, wrongKey)})
	for _, c := range []struct {
		notes []bot.Note
		want  []string
	}{{[]bot.Note{wrongKey}, []string{besideKey}}, {nil, nil}, {[]bot.Note{wrongVersion}, []string{besideVersion}}} {
		r = a.performs(t, bot.Job{Effect: a.check(c.notes...), Last: r})
		if diff := cmp.Diff(c.want, a.beside(t)); diff != "" {
			t.Errorf("%v: %s", c.notes, diff)
		}
	}
	if !slices.Equal(a.sent, []string{"POST", "POST", "POST", "POST"}) {
		t.Errorf("%v", a.sent)
	}
}

// TestAMistakeIsNotSaidTwiceAfterALostAnswer: GitHub had made the run, and it
// is found by what it was made with.
func TestAMistakeIsNotSaidTwiceAfterALostAnswer(t *testing.T) {
	a := newAppending(t)
	a.cut = true
	if _, err := perform(t, newClient(t, a.url, nil), bot.Job{Effect: a.check(wrongKey)}); err == nil {
		t.Fatal("a 502 counts as done")
	}
	r := a.performs(t, bot.Job{Effect: a.check(wrongKey), Attempt: 2})
	if diff := cmp.Diff([]string{besideKey}, a.beside(t)); diff != "" || !slices.Equal(a.sent, []string{"POST", "PATCH"}) {
		t.Error(diff, a.sent)
	}
	a.performs(t, bot.Job{Effect: a.check(wrongVersion), Attempt: 2, Last: r})
	if diff := cmp.Diff([]string{besideVersion}, a.beside(t)); diff != "" {
		t.Error(diff)
	}
}

// TestNoMoreMistakesThanGitHubTakes: it would refuse them all.
func TestNoMoreMistakesThanGitHubTakes(t *testing.T) {
	a := newAppending(t)
	var notes []bot.Note
	for i := range 80 {
		notes = append(notes, bot.Note{Path: "f", Line: i + 1, Message: "wrong"})
	}
	a.performs(t, bot.Job{Effect: a.check(notes...)})
	if lines := a.beside(t); len(lines) != 50 || lines[49] != "failure f:50-50:0 wrong" {
		t.Errorf("%d: %v", len(lines), lines)
	}
}

// TestButtonsStandBesideTheCheck, as many and as long as GitHub takes; others,
// and none any more, are a new run.
func TestButtonsStandBesideTheCheck(t *testing.T) {
	a := newAppending(t)
	long := strings.Repeat("a long word ", 9)
	split := bot.CheckAction{Verb: "split", Label: "Plan a split", About: "as /split: parts that each fit"}
	var last bot.Receipt
	for _, c := range []struct {
		actions []bot.CheckAction
		want    []fakegithub.ActionView
	}{
		{[]bot.CheckAction{split}, []fakegithub.ActionView{{Label: "Plan a split", About: "as /split: parts that each fit"}}},
		{[]bot.CheckAction{split}, []fakegithub.ActionView{{Label: "Plan a split", About: "as /split: parts that each fit"}}},
		{[]bot.CheckAction{{Verb: long, Label: long, About: long}, split, split, split}, []fakegithub.ActionView{
			{Label: long[:20], About: long[:40]}, {Label: split.Label, About: split.About}, {Label: split.Label, About: split.About},
		}},
		{nil, nil},
	} {
		e := a.check()
		e.Actions = c.actions
		last = a.performs(t, bot.Job{Effect: e, Last: last})
		for _, shown := range a.Checks("acme/shop", string(a.head)) {
			if diff := cmp.Diff(c.want, shown.Actions); diff != "" {
				t.Error(diff)
			}
		}
	}
	if !slices.Equal(a.sent, []string{"POST", "PATCH", "POST", "POST"}) {
		t.Errorf("%v", a.sent)
	}
}
