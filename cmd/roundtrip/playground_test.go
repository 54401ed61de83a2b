package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// runs is a clock that has left its first two seconds; who looks seldom may miss any one of them.
var runs = regexp.MustCompile(`<b>(0:0[2-9]|0:[1-5]\d|[1-9]\d*:\d\d)</b>`)

var opens = regexp.MustCompile(`open at (http://\S+)/`)

// TestThePlayground is a stranger's first minute: the page is there and names
// the command, the command is answered, and Ctrl-C ends it. That it leaves
// nothing behind TestAnInterruptedStartIsNoError shows.
func TestThePlayground(t *testing.T) {
	t.Parallel()
	base, interrupt := begin(t)
	page := get(t, base+"/")
	for _, want := range []string{"/deploy", "Add gift wrapping", "Faster prices", "What runs live", "stand-in for GitHub", "stand-in for Slack", `value="/roundtrip status"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	watchTheLoop(t, base)
	lookBesides(t, get(t, base+"/"))
	watchTheCurves(t, base)
	inspect(t, base)
	takeTheTour(t, base)
	breakIt(t, base) // not before: a hook that meets no bot is not sent again
	takeItFaster(t, base)
	followTheLinks(t, base)
	if status := interrupt(); status != 0 {
		t.Errorf("Ctrl-C ended with status %d", status)
	}
}

// begin opens a playground, and answers where it is and how to end it.
func begin(t *testing.T) (base string, interrupt func() (status int)) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context())) // it is asked yet what went wrong
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"playground", "--addr", "127.0.0.1:0", "--no-open"}, nil, in, t.Output()) // what the bot warns of says why a test waits in vain
		_ = in.Close()
	}()
	interrupt = sync.OnceValue(func() int { cancel(); return <-ended })
	t.Cleanup(func() {
		if t.Failed() && base != "" {
			tellTroubles(t, base)
		}
		interrupt()
	})
	first := make([]byte, 4096)
	n, err := out.Read(first)
	if err != nil {
		t.Fatalf("it ended with status %d", interrupt())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	m := opens.FindStringSubmatch(string(first[:n]))
	if m == nil {
		t.Fatalf("it did not say where it is: %s", first[:n])
	}
	base = m[1]
	return base, interrupt
}

// tellTroubles logs what the record of a playground says went wrong, or is on
// its way still: why somebody waited in vain.
func tellTroubles(t *testing.T, base string) {
	t.Helper()
	for line := range strings.Lines(get(t, base+"/inspector/record.jsonl")) {
		var of struct{ Kind, What, About, State, Error string }
		if err := json.Unmarshal([]byte(line), &of); err != nil {
			t.Log(err)
			return
		}
		switch of.State {
		case "done", "unchanged", "superseded", "":
			continue
		}
		if of.State < "400" && of.Error == "" { // an answer
			continue
		}
		t.Logf("%+v", of)
	}
}

// lookBesides follows the link to the bot's own pages, which have seen the same.
func lookBesides(t *testing.T, page string) {
	t.Helper()
	own := regexp.MustCompile(`href="(http://127[^"]+)">The bot&#39;s own pages`).FindStringSubmatch(page)
	if own == nil {
		t.Fatal("no way to the bot's own pages")
	}
	wait(t, "staging on the bot's own page", func() bool { return strings.Contains(get(t, own[1]), "staging") })
	rollout := regexp.MustCompile(`<th scope="row">staging</th><td><a href="(http://127[^"]+/rollouts/[^"]+)">`).FindStringSubmatch(page)
	if rollout == nil || !strings.HasPrefix(rollout[1], own[1]+"rollouts/") {
		t.Fatalf("what runs in staging does not lead to its rollout, but to %q", rollout)
	}
	if html := get(t, rollout[1]); !strings.Contains(html, "shop to staging") {
		t.Errorf("%s is not the rollout's page:\n%s", rollout[1], html)
	}
}

// watchTheLoop deploys the first change to staging as alice and sees the
// answer in the pull request and in Slack.
func watchTheLoop(t *testing.T, base string) {
	t.Helper()
	change := regexp.MustCompile(`change=(\d+)[^>]*>#\d+ Add gift`).FindStringSubmatch(get(t, base+"/"))
	if change == nil {
		t.Fatal("the page names no change")
	}
	shows := func(want string) bool { return strings.Contains(get(t, base+"/?change="+change[1]), want) }
	wait(t, "both checks of the bot", func() bool { return shows("roundtrip / batch") && shows("roundtrip / main") })
	wait(t, "ci", func() bool { return strings.Count(get(t, base+"/?change="+change[1]), `data-mark="✓"`) >= 4 })
	post(t, base+"/comment", url.Values{"change": {change[1]}, "as": {"alice"}, "body": {"/deploy"}})
	wait(t, "live in staging", func() bool { return shows("Live in staging") })
	post(t, base+"/slack", url.Values{"change": {change[1]}, "as": {"alice"}, "channel": {"shop"}, "text": {"/roundtrip status"}})
	whisper := func(as string) bool {
		return strings.Contains(get(t, base+"/?channel=shop&as="+as), "only you see this")
	}
	wait(t, "the whisper", func() bool { return whisper("alice") })
	if whisper("grace") {
		t.Error("grace sees what was whispered to alice")
	}
	if answer := refused(t, base+"/merge", url.Values{"change": {change[1]}, "as": {"mallory"}}); !strings.Contains(answer, "mallory may not merge") {
		t.Error("a stranger may merge")
	}
	if answer := refused(t, base+"/comment", url.Values{"change": {change[1]}, "as": {"alice"}, "body": {" "}}); !strings.Contains(answer, "write something") {
		t.Error("an empty comment was not explained")
	}
}

// watchTheCurves sees production measured, and what just happened.
func watchTheCurves(t *testing.T, base string) {
	t.Helper()
	wait(t, "requests/s and latency of stable", func() bool {
		var s struct {
			Samples []struct{ Stable struct{ RPS, P95 float64 } }
		}
		if err := json.Unmarshal([]byte(get(t, base+"/series")), &s); err != nil {
			t.Fatal(err)
		}
		if len(s.Samples) == 0 {
			return false
		}
		last := s.Samples[len(s.Samples)-1].Stable
		return last.RPS > 0 && last.P95 > 0
	})
	wait(t, "the whisper told", func() bool { return strings.Contains(get(t, base+"/"), "answer in Slack to who asked") })
	page := get(t, base+"/")
	for _, want := range []string{"webhook issue_comment created", "reaction eyes", "begin staging with 100 %", "requests/s", "p95", "There is no canary."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not tell %q", want)
		}
	}
}

// takeTheTour goes through the acts in which nothing is deployed: the coach
// notices each step by itself.
func takeTheTour(t *testing.T, base string) {
	t.Helper()
	coached := func(act, want string) {
		t.Helper()
		wait(t, want, func() bool { return strings.Contains(get(t, base+"/?act="+act), want) })
	}
	coached("1", "Fill in <code>/deploy canary</code>") // the change is in staging by now
	coached("3", "Open a 900-line change")
	if answer := post(t, base+"/tour", url.Values{"do": {"big"}}); !strings.Contains(answer, "Everything at once") {
		t.Error("the big change is not shown")
	}
	coached("3", "Open one idea of it")
	big := regexp.MustCompile(`change=(\d+)[^>]*>#\d+ Everything`).FindStringSubmatch(get(t, base+"/"))
	if page := get(t, base+"/?change="+big[1]); !strings.Contains(page, "roundtrip / batch is failing") {
		t.Error("the big change may be merged")
	}
	post(t, base+"/tour", url.Values{"do": {"break"}})
	coached("4", "Main has been red for")
	if answer := refused(t, base+"/tour", url.Values{"do": {"break"}}); !strings.Contains(answer, "main is red already") {
		t.Error("main can be broken twice")
	}
	coached("4", "open changes wait")
	wait(t, "the clock of the red main runs", func() bool { return runs.MatchString(get(t, base+"/?act=4")) })
	post(t, base+"/tour", url.Values{"do": {"repair"}})
	coached("4", "It may merge.")
	repair := regexp.MustCompile(`change=(\d+)[^>]*>#\d+ Repair`).FindStringSubmatch(get(t, base+"/"))
	post(t, base+"/merge", url.Values{"change": {repair[1]}, "as": {"grace"}})
	coached("4", "all who waited may merge again")
	if strings.Contains(get(t, base+"/"), "Main has been red for") {
		t.Error("the clock goes on")
	}
}

func wait(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatalf("it never came to this: %s", what)
}

func get(t *testing.T, address string) string {
	t.Helper()
	resp, err := http.Get(address)
	return bodyOf(t, resp, err)
}

func post(t *testing.T, address string, form url.Values) string {
	t.Helper()
	resp, err := http.PostForm(address, form)
	if err == nil && resp.StatusCode == http.StatusBadRequest {
		t.Errorf("%s with %v was refused", address, form)
	}
	return bodyOf(t, resp, err)
}

// refused sends what is a bad request, and shows the page that says why.
func refused(t *testing.T, address string, form url.Values) string {
	t.Helper()
	resp, err := http.PostForm(address, form)
	if err == nil && resp.StatusCode != http.StatusBadRequest {
		t.Errorf("%s with %v was answered %d", address, form, resp.StatusCode)
		return ""
	}
	return bodyOf(t, resp, err)
}

func bodyOf(t *testing.T, resp *http.Response, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusBadRequest {
		t.Fatalf("%s: %d %s (%v)", resp.Request.URL, resp.StatusCode, body, err)
	}
	return string(body)
}

var worldTime = regexp.MustCompile(`<time datetime="([^"]+)"`)

// takeItFaster lets ten minutes pass at sixty times the pace: the first change
// goes on to production meanwhile, judged by visitors of that time.
func takeItFaster(t *testing.T, base string) {
	t.Helper()
	clock := func() time.Time {
		return must[time.Time](t)(time.Parse(time.RFC3339, worldTime.FindStringSubmatch(get(t, base+"/"))[1]))
	}
	began := clock()
	if answer := refused(t, base+"/speed", url.Values{"speed": {"7"}}); !strings.Contains(answer, "speed must be one of") {
		t.Error("time passes at any speed")
	}
	if answer := post(t, base+"/speed", url.Values{"speed": {"60"}}); !strings.Contains(answer, `value="60" aria-pressed="true"`) {
		t.Error("the page does not say how fast time passes")
	}
	change := regexp.MustCompile(`change=(\d+)[^>]*>#\d+ Add gift`).FindStringSubmatch(get(t, base+"/"))
	post(t, base+"/comment", url.Values{"change": {change[1]}, "as": {"alice"}, "body": {"/deploy canary"}})
	wait(t, "the canary judged", func() bool { return strings.Contains(get(t, base+"/?change="+change[1]), "waits for promotion") })
	wait(t, "ten minutes", func() bool { return clock().After(began.Add(10 * time.Minute)) })
	was := clock()
	post(t, base+"/speed", url.Values{"speed": {"1"}})
	if clock().Before(was) {
		t.Error("time went back")
	}
}

// breakIt throws a switch and mends it, and kills the bot: another takes over
// on the same database, and the scoreboard stays green.
func breakIt(t *testing.T, base string) {
	t.Helper()
	slack := `value="slack" aria-pressed="true"`
	if answer := post(t, base+"/break-it", url.Values{"at": {"/break-it"}, "break": {"slack"}}); !strings.Contains(answer, slack) {
		t.Error("Slack is not shown as down")
	}
	if answer := post(t, base+"/break-it", url.Values{"at": {"/break-it"}, "break": {"slack"}}); strings.Contains(answer, slack) {
		t.Error("Slack is not shown as mended")
	}
	if answer := refused(t, base+"/break-it", url.Values{"at": {"/break-it"}, "break": {"the world"}}); !strings.Contains(answer, "there is nothing to break") {
		t.Error("anything can be broken")
	}
	post(t, base+"/break-it", url.Values{"at": {"/break-it"}, "kill": {"now"}})
	wait(t, "a green scoreboard of a bot at rest", func() bool {
		page := get(t, base+"/break-it")
		if strings.Contains(page, "✗ broken") {
			t.Fatalf("something does not hold:\n%s", page)
		}
		return strings.Contains(page, "killed 1 times") && strings.Contains(page, "is at rest") && strings.Contains(page, "✓ holds")
	})
}
