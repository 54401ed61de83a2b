package playground

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// badForm is what must be refused: the form's path, its values as a query, and
// what the page says.
type badForm struct{ path, query, says string }

var long = strings.Repeat("a", 200<<10)

var badForms = []badForm{
	{"/comment", "", "which change?"},
	{"/comment", "change=two&body=/deploy", "which change?"},
	{"/comment", "change=abc&body=/deploy", "which change? It must be a number, as 2, not \"abc\""},
	{"/comment", "change=2&as=nobody&body=/deploy", "nobody here is called \"nobody\": there are alice, grace, mallory"},
	{"/comment", "change=99&body=/deploy", "no change or issue acme/shop#99"},
	{"/comment", "change=2", "write something"},
	{"/comment", "change=2&body=%20%0A", "write something"},
	{"/comment", "change=2&body=" + long, "too large"},
	{"/slack", "channel=shop", "write something"},
	{"/slack", "channel=nowhere&text=/roundtrip+status", "there is no alice in #nowhere"},
	{"/slack", "channel=shop&text=/deploy+canary", "in chat the bot hears only /roundtrip: write /roundtrip deploy canary"},
	{"/slack", "channel=nowhere&text=hello", "there is no alice in #nowhere"},
	{"/merge", "", "which change?"},
	{"/merge", "change=NaN", "which change?"},
	{"/merge", "change=99&as=grace", "#99"},
	{"/merge", "change=2&as=mallory", "mallory may not merge"},
	{"/press", "", "no message"},
	{"/press", "channel=shop-deploys&ts=NaN&verb=promote", "no message"},
	{"/press-check", "", "which change?"},
	{"/press-check", "change=99&check=x&label=y", "#99"},
	{"/press-check", "change=2&check=roundtrip+/+batch&label=Fly", "has no such button"},
	{"/knobs", "", "errors must be a whole number from 0 to 20, not \"\""},
	{"/knobs", "errors=5&delay=0&traffic=20", "arm must be stable or canary, not \"\""},
	{"/knobs", "arm=both&errors=5&delay=0&traffic=20", "arm must be stable or canary, not \"both\""},
	{"/knobs", "arm=canary&errors=5&delay=0&traffic=20", "there is no canary now"},
	{"/knobs", "arm=stable&errors=21&delay=0&traffic=20", "errors must be a whole number from 0 to 20, not \"21\""},
	{"/knobs", "arm=stable&errors=-1&delay=0&traffic=20", "errors must be"},
	{"/knobs", "arm=stable&errors=NaN&delay=0&traffic=20", "errors must be a whole number from 0 to 20, not \"NaN\""},
	{"/knobs", "arm=stable&errors=5&delay=501&traffic=20", "delay must be a whole number from 0 to 500"},
	{"/knobs", "arm=stable&errors=5&delay=Inf&traffic=20", "delay must be"},
	{"/knobs", "arm=stable&errors=5&traffic=20", "delay must be"},
	{"/knobs", "arm=stable&errors=5&delay=1.5&traffic=20", "delay must be"},
	{"/knobs", "arm=stable&errors=5&delay=0&traffic=301", "traffic must be a whole number from 0 to 300"},
	{"/knobs", "arm=stable&errors=5&delay=0&traffic=1e2", "traffic must be"},
	{"/knobs", "arm=stable&errors=5&delay=0", "traffic must be"},
	{"/knobs", "arm=stable&errors=99999999999999999999&delay=0&traffic=20", "errors must be"},
	{"/speed", "", "speed must be one of [1 10 60], not \"\""},
	{"/speed", "speed=2", "speed must be one of"},
	{"/speed", "speed=0", "speed must be one of"},
	{"/speed", "speed=NaN", "speed must be one of"},
	{"/speed", "speed=-1", "speed must be one of"},
	{"/break-it", "", "there is nothing to break by the name of \"\""},
	{"/break-it", "break=everything", "there is nothing to break by the name of \"everything\""},
	{"/break-it", "kill=yes", "nobody here who could begin another bot"},
	{"/tour", "", "there is no move \"\""},
	{"/tour", "do=everything", "there is no move \"everything\""},
	{"/inspector", "", "no delivery"},
	{"/inspector", "redeliver=nothing", "no delivery"},
}

// TestBadForms: what cannot be done is a bad request, the page says why, and
// nothing is as it was not before. Each form of the page is among them.
func TestBadForms(t *testing.T) {
	w := openForForms(t)
	left := w.forms()
	for _, f := range badForms {
		delete(left, f.path)
		before := w.looks(t)
		status, page := w.posts(t, f.path, f.query)
		if status != http.StatusBadRequest || !strings.Contains(page, f.says) {
			t.Errorf("%s with %.60q: %d, and not %q: %s", f.path, f.query, status, f.says, problem.FindString(page))
		}
		if after := w.looks(t); after != before {
			t.Errorf("%s with %.60q changed what is: %s\nto %s", f.path, f.query, before, after)
		}
	}
	for path := range left {
		t.Errorf("nothing bad was sent to %s", path)
	}
}

// TestGoodForms: what is right is done, and the page is shown again.
func TestGoodForms(t *testing.T) {
	w := openForForms(t)
	for _, f := range []badForm{
		{"/knobs", "arm=stable&errors=5&delay=20&traffic=30", `"Errors":5,"Delay":20,"Traffic":30`},
		{"/knobs", "arm=stable&errors=0&delay=0&traffic=0", `"Errors":0,"Delay":0,"Traffic":0},{"Arm":"canary"`},
		{"/knobs", "arm=stable&errors=20&delay=500&traffic=300", `"Errors":20,"Delay":500,"Traffic":300`},
		{"/speed", "speed=60", `"Speed":60`},
		{"/break-it", "break=slack", `"Name":"slack","Label":"Slack is down","Means":"every request is answered 503","On":true`},
		{"/comment", "change=2&as=grace&body=Well+done", "Well done"},
		{"/slack", "channel=shop&as=grace&text=hello+bot", `"Text":"hello bot"`},
		{"/tour", "do=big", "Everything at once"},
	} {
		if strings.Contains(w.looks(t), f.says) {
			t.Fatalf("%s: %s is there already", f.path, f.says)
		}
		status, page := w.posts(t, f.path, f.query)
		if status != http.StatusOK || !strings.Contains(w.looks(t), f.says) {
			t.Errorf("%s with %q: %d, %s; there is no %s", f.path, f.query, status, problem.FindString(page), f.says)
		}
	}
}

// TestTalk: what is no command is said to people under the name of who says
// it, as it was written, and the bot is not told.
func TestTalk(t *testing.T) {
	w := openForForms(t)
	heard := 0
	w.SetBot(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard++ }))
	status, page := w.posts(t, "/slack", "at=/chat&channel=shop&as=grace&text=hello+%3Cbot%3E+%26+all")
	if status != http.StatusOK || heard != 0 || !strings.Contains(page, "<b>grace</b>") || !strings.Contains(page, "<p>hello <bot> & all</p>") {
		t.Errorf("%d, the bot was told %d times: %s", status, heard, page)
	}
}

func openForForms(t *testing.T) *World {
	t.Helper()
	w, err := New(t.Context(), Options{Clock: NewClock(time.Unix(1_800_000_000, 0))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	if err := w.Found(LiveFile); err != nil {
		t.Fatal(err)
	}
	if err := w.OpenTwo(); err != nil {
		t.Fatal(err)
	}
	return w
}

var problem = regexp.MustCompile(`role="alert">[^<]*`)

// posts sends a form as a browser does, and follows where it leads.
func (w *World) posts(t *testing.T, path, query string) (int, string) {
	t.Helper()
	res, err := http.Post(w.URL+path, "application/x-www-form-urlencoded", strings.NewReader(query))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, html.UnescapeString(string(page))
}

// looks is all that a form may change.
func (w *World) looks(t *testing.T) string {
	t.Helper()
	w.mu.Lock()
	made := []any{w.rps, w.more, w.kills, w.tour.big, w.tour.part, w.tour.repair, w.tour.broken, w.asked}
	w.mu.Unlock()
	hooks := 0
	for _, d := range w.GitHub.Deliveries() {
		hooks += 1 + d.Tries
	}
	all, err := json.Marshal([]any{made, hooks, w.pace(), w.knobs(), w.Breaks(), shownOnly(w.GitHub.Changes(Repo)), w.Slack.Messages("shop"), w.Slack.Messages("shop-deploys")})
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// shownOnly is what people see of changes.
func shownOnly(list []fakegithub.ChangeView) url.Values {
	seen := url.Values{}
	for _, c := range list {
		said, _ := json.Marshal(c.Comments)
		seen[c.Title] = []string{c.State, c.Head, string(said)}
	}
	return seen
}
