package playground_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// shell runs a command line that the inspector gives.
func shell(t *testing.T, line string, environ ...string) string {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("SKIPPED: no curl on this machine; apt-get install curl")
	}
	c := exec.Command("sh", "-c", line)
	c.Env = append(c.Environ(), environ...)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s\n%v", line, err)
	}
	return string(out)
}

// TestDeliveryAsCurl: the line sends the very bytes that were sent, signed.
func TestDeliveryAsCurl(t *testing.T) {
	w := opened(t)
	var heads []http.Header
	var bodies [][]byte
	w.SetBot(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		heads, bodies = append(heads, r.Header), append(bodies, body)
		rw.WriteHeader(http.StatusAccepted)
	}))
	if _, err := w.GitHub.Comment(playground.Repo, 2, "alice", "it's \"$HOME\" `id` \\ 100 %\n@file"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.GitHub.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := len(heads)
	first := regexp.MustCompile(`href="(/inspector/curl/delivery/[^"]+)"`).FindStringSubmatch(page(t, w.URL+"/inspector"))
	if first == nil {
		t.Fatal("no delivery may be had as curl")
	}
	if out := shell(t, page(t, w.URL+first[1])); !strings.Contains(out, "202 Accepted") {
		t.Errorf("curl was answered %q", out)
	}
	if len(heads) != n+1 || !bytes.Equal(bodies[n], bodies[n-1]) || !bytes.Contains(bodies[n], []byte("it's")) {
		t.Fatalf("curl sent %d times, last %.300s", len(heads)-n, bodies[len(bodies)-1])
	}
	for name := range heads[n-1] {
		if name != "Accept-Encoding" && heads[n].Get(name) != heads[n-1].Get(name) {
			t.Errorf("%s: curl sent %q, not %q", name, heads[n].Get(name), heads[n-1].Get(name))
		}
	}
}

// TestCallAsCurl: the line asks what was asked, with the token of whoever
// runs it.
func TestCallAsCurl(t *testing.T) {
	w := opened(t)
	long := `{"text":"it's ` + strings.Repeat("long ", 2000) + `$HOME"}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL+"/stand-in/slack/api/chat.postMessage?a[]=1&b='", strings.NewReader(long))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer xoxb-playground-token")
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	link := regexp.MustCompile(`href="(/inspector/curl/call/\d+)"`).FindStringSubmatch(page(t, w.URL+"/inspector/calls"))
	if link == nil {
		t.Fatal("no call may be had as curl")
	}
	line := page(t, w.URL+link[1])
	if strings.Contains(line, "xoxb-") || !strings.Contains(line, `"Authorization: Bearer $TOKEN"`) {
		t.Errorf("the line holds a token, or asks for none:\n%.600s", line)
	}
	shell(t, line, "TOKEN=xoxb-playground-token")
	list := w.Calls()
	was, is := list[len(list)-2], list[len(list)-1]
	if is.Path != was.Path || is.Method != was.Method || is.Request != was.Request || is.Status != was.Status || is.Answer.Text == "" || is.Answer.Text != was.Answer.Text {
		t.Errorf("curl asked %+v\nnot %+v", is, was)
	}
	for _, path := range []string{"/inspector/curl/call/99", "/inspector/curl/call/x", "/inspector/curl/delivery/99", "/inspector/curl/what/1"} {
		resp, err := http.Get(w.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d", path, resp.StatusCode)
		}
	}
}

// TestRecord: all that the inspector knows may be taken away, a line of JSON
// each; while the bot is away there is no half of it.
func TestRecord(t *testing.T) {
	w := opened(t)
	answering(t, w, http.StatusAccepted)
	if _, err := w.GitHub.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	var resp *http.Response
	for _, path := range []string{"/stand-in/github/repos/acme/shop/pulls/2", "/inspector/record.jsonl"} {
		var err error
		if resp, err = http.Get(w.URL + path); err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	if resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("without the bot's books it answers %d", resp.StatusCode)
	}
	w.SetBooks(&shelf{
		tasks: []bot.Task{{Seq: 2, Kind: "check", Key: "42#3"}, {Seq: 1, Kind: "comment", Key: "42#2", Body: []byte(`{"token":"xoxb-secret"}`)}},
		facts: []bot.Fact{{Kind: "change.updated", Subject: "42#3", At: w.Now()}},
	})
	kinds := recordOf(t, w, "")
	if len(kinds["delivery"]) != len(w.GitHub.Deliveries()) || len(kinds["effect"]) != 2 || len(kinds["fact"]) != 1 || len(kinds["call"]) != 1 {
		t.Errorf("it has %d deliveries, %d calls, %d effects, %d facts", len(kinds["delivery"]), len(kinds["call"]), len(kinds["effect"]), len(kinds["fact"]))
	}
	if !strings.Contains(kinds["effect"][0], "42#2") || strings.Contains(kinds["effect"][0], "xoxb-") {
		t.Errorf("the first effect is %s", kinds["effect"][0])
	}
	if about := recordOf(t, w, "?about=3"); len(about["effect"]) != 1 || len(about["call"]) != 0 || len(about["fact"]) != 1 {
		t.Errorf("about one it has %v", about)
	}
}

func recordOf(t *testing.T, w *playground.World, query string) map[string][]string {
	t.Helper()
	kinds := map[string][]string{}
	lines := bufio.NewScanner(strings.NewReader(page(t, w.URL+"/inspector/record.jsonl"+query)))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Kind string
			Seq  int64
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line.Seq == 0 {
			t.Fatalf("%v: %s", err, lines.Text())
		}
		kinds[line.Kind] = append(kinds[line.Kind], lines.Text())
	}
	return kinds
}
