package playground_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

func opened(t *testing.T) *playground.World {
	t.Helper()
	w, err := playground.New(t.Context(), playground.Options{Commands: []string{"/deploy [stage]"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	if err := w.Found(playground.LiveFile); err != nil {
		t.Fatal(err)
	}
	if err := w.OpenTwo(); err != nil {
		t.Fatal(err)
	}
	return w
}

func page(t *testing.T, address string) string {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d (%v)", address, resp.StatusCode, err)
	}
	return string(body)
}

// TestPullRequest: what the bot links to is there, with its lines and checks.
func TestPullRequest(t *testing.T) {
	w := opened(t)
	pull := fmt.Sprintf("%s/%s/pull/2", w.URL, playground.Repo)
	for address, want := range map[string][]string{
		pull:                                 {"Add gift wrapping", "/deploy [stage]", "Merge</button>"},
		pull + "/checks":                     {"Checks</a>", "None yet"},
		pull + "/files":                      {`class="plus">&#43;func Wrap(total, items int) int {`, `class="minus">-const priceMug1 = 400`, "2 files"},
		strings.TrimSuffix(pull, "2"):        {"Add gift wrapping"},
		strings.TrimSuffix(pull, "2") + "99": {"Nobody has opened one with this number"},
		w.URL + "/chat?as=grace":             {"What the bot hears", "Write in #shop-deploys as grace", "/roundtrip deploy [stage]"},
	} {
		body := page(t, address)
		for _, s := range want {
			if !strings.Contains(body, s) {
				t.Errorf("%s lacks %q", address, s)
			}
		}
	}
}

// TestBack: a form leads back to the page that it stands on, and to no other
// site whatever it says.
func TestBack(t *testing.T) {
	w := opened(t)
	for at, want := range map[string]string{
		"/chat": "/chat", "": "/", "https://a.example/": "/", "//a.example/": "/", `/\a.example/`: "/", "chat": "/",
	} {
		resp, err := http.PostForm(w.URL+"/comment", url.Values{"change": {"2"}, "body": {"hello"}, "at": {at}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := resp.Request.URL; got.Path != want || "http://"+got.Host != w.URL {
			t.Errorf("from %q it leads to %s", at, got)
		}
	}
}
