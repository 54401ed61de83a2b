package playground_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// TestInspectorIsLight: bodies come when they are asked for, for the page is
// fetched again each second.
func TestInspectorIsLight(t *testing.T) {
	w := opened(t)
	answering(t, w, http.StatusAccepted)
	for n := range 60 {
		w.GitHub.OpenIssue("acme/shop", "grace", fmt.Sprint("Idea ", n), strings.Repeat("much text ", 400))
		resp, err := http.Post(fmt.Sprint(w.URL, "/stand-in/github/repos/acme/shop/issues/", n), "text/plain", strings.NewReader(strings.Repeat("much text ", 400)))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	if _, err := w.GitHub.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	books := &shelf{}
	for n := range int64(300) {
		books.tasks = append(books.tasks, bot.Task{Seq: n, Kind: "comment", Key: "1001#2 status", Group: "g", State: bot.TaskDone, Cause: "github/0a1b2c3d-0000-4000-8000-000000000000", Body: []byte(strings.Repeat("much text ", 400))})
		books.facts = append(books.facts, bot.Fact{Kind: "change.updated", Subject: "1001#2", Cause: "github/0a1b2c3d", Data: []byte(`"` + strings.Repeat("much text ", 400) + `"`)})
	}
	w.SetBooks(books)
	for _, path := range []string{"", "/calls", "/effects", "/audit"} {
		body := page(t, w.URL+"/inspector"+path)
		if n := strings.Count(body, "data-body"); n < 50 {
			t.Errorf("%s: only %d bodies can be opened", path, n)
		}
		if len(body) > 150_000 || strings.Contains(body, "much text") {
			t.Errorf("%s: it has %d bytes", path, len(body))
		}
		t.Logf("%s: %d bytes", path, len(body))
	}
}

// TestNoSuchBody: what there is not is said to be missing, and books that are
// closed are no empty ones.
func TestNoSuchBody(t *testing.T) {
	w := opened(t)
	for path, want := range map[string]int{
		"delivery/0/Payload": http.StatusOK, "delivery/0/Answer": http.StatusNotFound, "delivery/9999/Payload": http.StatusNotFound,
		"letter/0/Payload": http.StatusNotFound, "effect/1/Content": http.StatusServiceUnavailable, "delivery/0/Payload?about=4711": http.StatusNotFound,
	} {
		resp, err := http.Get(w.URL + "/inspector/" + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s answers %d, not %d", path, resp.StatusCode, want)
		}
	}
}
