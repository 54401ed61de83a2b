package playground_test

import (
	"context"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// answering is a bot that answers every webhook, and counts them.
func answering(t *testing.T, w *playground.World, status int) *atomic.Int64 {
	t.Helper()
	var heard atomic.Int64
	w.SetBot(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Hub-Signature-256") == "" {
			t.Error("a webhook without a signature")
		}
		heard.Add(1)
		rw.WriteHeader(status)
	}))
	return &heard
}

// bodies are all that a page of the inspector leads to.
func bodies(t *testing.T, base, body string) string {
	t.Helper()
	var b strings.Builder
	for _, m := range regexp.MustCompile(`href="([^"]+)" data-body>`).FindAllStringSubmatch(body, -1) {
		b.WriteString(page(t, base+html.UnescapeString(m[1])))
	}
	return b.String()
}

func mainOf(body string) string { return body[strings.Index(body, "<main"):] }

// TestInspectDeliveries: each webhook is there with its answer and payload,
// may be sent again under its own id, and may be asked for by pull request.
func TestInspectDeliveries(t *testing.T) {
	w := opened(t)
	heard := answering(t, w, http.StatusAccepted)
	if _, err := w.GitHub.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	body := page(t, w.URL+"/inspector")
	for _, want := range []string{
		`aria-current="page">Deliveries`, `aria-current="page">Inspector`, `<label for="about">`, "<b>pull_request opened</b>", "signed sha256=",
		`<b class="good">202</b>`, `<summary>Payload</summary><a href="/inspector/delivery/`, `<th scope="col">Event</th>`, `tabindex="0" role="region"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the deliveries lack %q:\n%.3000s", want, mainOf(body))
		}
	}
	ids := regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(body, -1)
	seen := map[string]bool{}
	for _, m := range ids {
		if seen[m[1]] {
			t.Errorf("two have the id %s", m[1])
		}
		seen[m[1]] = true
	}
	about := page(t, w.URL+"/inspector?about=2")
	if n := strings.Count(about, "<b>pull_request opened</b>"); n != 1 || !strings.Contains(bodies(t, w.URL, about), `"title": "Add gift wrapping"`) {
		t.Errorf("%d pull requests were opened as number 2", n)
	}
	if !strings.Contains(about, `name="about" type="number" min="1" inputmode="numeric" value="2"`) || !strings.Contains(about, "/inspector/effects?about=2") {
		t.Error("what is asked about is forgotten")
	}
	again := regexp.MustCompile(`name="redeliver" value="([^"]+)"`).FindStringSubmatch(about)
	before := heard.Load()
	answer := redeliver(t, w.URL, again[1])
	if !strings.Contains(answer, "sent 2 times") || heard.Load() != before+1 {
		t.Errorf("it was not sent again: %d after %d:\n%s", heard.Load(), before, mainOf(answer))
	}
	if !strings.Contains(redeliver(t, w.URL, "none"), "no delivery") {
		t.Error("what there is not was sent again")
	}
	answering(t, w, http.StatusTeapot)
	if answer := redeliver(t, w.URL, again[1]); !strings.Contains(answer, `<b class="bad">418</b>`) || !strings.Contains(answer, "answered 418") {
		t.Errorf("a refusal is not shown:\n%s", mainOf(answer))
	}
}

// redeliver presses the button, and shows the page that is about the same pull
// request still.
func redeliver(t *testing.T, base, id string) string {
	t.Helper()
	resp, err := http.PostForm(base+"/inspector", url.Values{"at": {"/inspector"}, "about": {"2"}, "redeliver": {id}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || !strings.Contains(string(body), `name="about" type="number" min="1" inputmode="numeric" value="2"`) {
		t.Fatalf("it leads to %s (%v)", resp.Request.URL, err)
	}
	return string(body)
}

// TestOthersMayNotRedeliver: a form of another site is refused.
func TestOthersMayNotRedeliver(t *testing.T) {
	w := opened(t)
	r := httptest.NewRequest(http.MethodPost, w.URL+"/inspector", strings.NewReader("redeliver=x"))
	r.RequestURI = ""
	r.Header.Set("Origin", "https://a.example")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("answered %d", resp.StatusCode)
	}
}

// TestInspectCalls: what reached a stand-in is shown, bounded, and nothing
// that opens a door.
func TestInspectCalls(t *testing.T) {
	w := opened(t)
	call := func(method, path, kind, body string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, w.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer xoxb-playground-token")
		r.Header.Set("Content-Type", kind)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	form, js := "application/x-www-form-urlencoded", "application/json"
	call("GET", "/stand-in/github/repos/acme/shop/pulls/2", "", "")
	call("POST", "/stand-in/github/repos/acme/shop/issues/3/comments", js, `{"body":"`+strings.Repeat("long ", 2000)+`"}`)
	call("POST", "/stand-in/github/app/installations/1/access_tokens", js, `{"token":"ghs_abcdefgh"}`)
	call("POST", "/stand-in/slack/api/auth.test", form, url.Values{"token": {"xoxb-playground-token"}}.Encode())
	call("POST", "/stand-in/slack/response/who-knows-it-may-speak", js, `{"text":"hello","token":"a-b-c"}`)
	call("GET", "/stand-in/cd/deployments/1", "", "")
	body := page(t, w.URL+"/inspector/calls")
	body += bodies(t, w.URL, body)
	for _, want := range []string{
		"GET /repos/acme/shop/pulls/2", "POST /api/auth.test", "GitHub", "Slack", "Deploy target", `<b class="bad">401</b>`, "bytes more are not shown",
		"/response/[redacted]", "token=[redacted]", `"token": "[redacted]"`, "(not kept: it opens a door)", `<b class="good">200</b>`, `"ok": true`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the calls lack %q:\n%s", want, mainOf(body))
		}
	}
	for _, never := range []string{"xoxb-", "ghs_", "who-knows", "a-b-c", "Bearer", "playground-token"} {
		if strings.Contains(mainOf(body), never) {
			t.Errorf("the calls show %q", never)
		}
	}
	about := page(t, w.URL+"/inspector/calls?about=2")
	if !strings.Contains(about, "/pulls/2") || strings.Contains(about, "/issues/3") || strings.Contains(about, "auth.test") {
		t.Errorf("of others too:\n%s", mainOf(about))
	}
	for range 600 {
		call("GET", "/stand-in/github/rate_limit", "", "")
	}
	if list := w.Calls(); len(list) != 500 || list[499].N != 606 {
		t.Errorf("%d are kept, the last is %d", len(list), list[len(list)-1].N)
	}
}

// shelf is a bot's books with what a test puts into them.
type shelf struct {
	playground.Books
	tasks []bot.Task
	facts []bot.Fact
}

func (s *shelf) Tasks(_ context.Context, state string, _ int) (list []bot.Task, _ error) {
	for _, t := range s.tasks {
		if state == "" || t.State == state {
			list = append(list, t)
		}
	}
	return list, nil
}

func (s *shelf) Facts(context.Context, bot.FactQuery) ([]bot.Fact, error) { return s.facts, nil }
func (s *shelf) Retrying(context.Context) (int, error)                    { return 2, nil }
func (s *shelf) Count(context.Context) (in, out map[string]int, _ error) {
	return map[string]int{"ready": 2}, map[string]int{"waiting": 1, "done": 3}, nil
}
func (s *shelf) NextDue(context.Context) (time.Time, bool, error) {
	return time.Unix(9e9, 0), true, nil
}

// TestInspectBooks: an effect says why it waits, a fact who asked.
func TestInspectBooks(t *testing.T) {
	w := opened(t)
	if body := page(t, w.URL+"/inspector/effects"); !strings.Contains(body, "The bot is away") && !strings.Contains(body, "the bot is away") {
		t.Error("it does not say that the bot is away")
	}
	later := w.Now().Add(time.Hour)
	w.SetBooks(&shelf{
		tasks: []bot.Task{
			{Seq: 9, Kind: "check", Key: "42#3", Group: "g3", State: bot.TaskHeld},
			{Seq: 8, Kind: "whisper", Key: "42#3 w", Group: "g4", State: bot.TaskWaiting, Body: []byte(`{"url":"http://h/response/abc"}`)},
			{Seq: 7, Kind: "comment", Key: "42#2", Group: "g", State: bot.TaskWaiting, Due: later},
			{Seq: 6, Kind: "comment", Key: "42#2", Group: "g", State: bot.TaskWaiting, Due: later, Attempts: 5, Tries: 3, Lapses: 1, Error: "asked: 502 xoxb-secret", Cause: "github/abc"},
			{Seq: 5, Kind: "start", Key: "42#2", Group: "g5", State: bot.TaskDoubtful},
			{Seq: 4, Kind: "check", Key: "42#22", Group: "g6", State: bot.TaskSuperseded},
		},
		facts: []bot.Fact{
			{Kind: "change.updated", Subject: "42#3", At: w.Now(), Data: json.RawMessage(`{"lines":17}`)},
			{Kind: "rollout.started", Subject: "42#2", At: w.Now(), By: "@grace", Cause: "github/abc"},
		},
	})
	effects := mainOf(page(t, w.URL+"/inspector/effects"))
	effects += bodies(t, w.URL, effects)
	for _, want := range []string{
		"behind 6. comment, which is waiting", "next try at ", "in 1h0m0s", "tried 3 times", "taken up 5 times", "1 time whoever had it in hand was gone", "last error: asked: 502 [redacted]", "because of github/abc", "only observes",
		"its turn comes next", "a person decides", "a newer one took its place", "1 waiting", "2 that came in are tried again", "Next due at 16:00:00", "/response/[redacted]",
	} {
		if !strings.Contains(effects, want) {
			t.Errorf("the effects lack %q:\n%s", want, effects)
		}
	}
	if one := page(t, w.URL+"/inspector/effects?about=2"); strings.Contains(one, "42#3") || strings.Contains(one, "42#22") || strings.Count(one, "<tbody>") != 3 {
		t.Errorf("of others too:\n%s", mainOf(one))
	}
	audit := page(t, w.URL+"/inspector/audit")
	audit += bodies(t, w.URL, audit)
	for _, want := range []string{"<b>@grace</b>", "<b>nobody</b>", `"lines": 17`, "rollout.started"} {
		if !strings.Contains(audit, want) {
			t.Errorf("the audit lacks %q:\n%s", want, mainOf(audit))
		}
	}
	if strings.Index(audit, "rollout.started") > strings.Index(audit, "change.updated") {
		t.Error("the oldest stands first")
	}
	resp, err := http.Get(w.URL + "/inspector/nothing")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("a tab that there is not answers %d", resp.StatusCode)
	}
}
