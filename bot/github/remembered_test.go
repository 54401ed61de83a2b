package github

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// tagging is a GitHub that answers with what it has, and counts.
type tagging struct {
	body, link  string
	whole, same int
}

func (g *tagging) RoundTrip(r *http.Request) (*http.Response, error) {
	tag := `W/"` + foretell(r, []byte(g.body)) + `"`
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Etag": {tag}, "X-Ratelimit-Remaining": {"7"}}, Body: io.NopCloser(strings.NewReader(g.body)), Request: r}
	if g.link != "" {
		resp.Header.Set("Link", g.link)
	}
	if r.Header.Get("If-None-Match") == tag {
		g.same++
		resp.StatusCode, resp.Body = http.StatusNotModified, http.NoBody
		resp.Header.Set("X-Ratelimit-Remaining", "6")
		return resp, nil
	}
	g.whole++
	return resp, nil
}

// TestAnAnswerIsAskedForOnce while it is what it was: whatever token of the
// installation asks. No other installation is told, nor is a large one kept.
func TestAnAnswerIsAskedForOnce(t *testing.T) {
	g := &tagging{body: `{"a":1}`}
	m := newMemory()
	ask := func(installation int64, token string) string {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.github.com/x", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", token)
		r.Header.Set("Accept", "application/json")
		resp, err := conditional{g, installation, m}.RoundTrip(r)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatal(resp, err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil || string(body) != g.body {
			t.Errorf("%d bytes of %d: %v", len(body), len(g.body), err)
		}
		return resp.Header.Get("X-Ratelimit-Remaining")
	}
	counted := func(what string, whole, same int) {
		t.Helper()
		if g.whole != whole || g.same != same {
			t.Errorf("%s: %d whole, %d unchanged", what, g.whole, g.same)
		}
		g.whole, g.same = 0, 0
	}
	ask(1, "one")
	if left := ask(1, "one"); left != "6" {
		t.Errorf("an old answer says of limits that %s are left", left)
	}
	counted("asked twice", 1, 1)
	ask(1, "another")
	counted("with another token", 0, 1)
	ask(2, "one")
	counted("for another installation", 1, 0)
	ask(0, "app")
	ask(0, "app")
	counted("as the app itself", 2, 0)
	g.body = `{"a":2}`
	ask(1, "one")
	ask(1, "one")
	counted("when it changed", 1, 1)
	g.body = strings.Repeat("x", rememberedOne+1)
	ask(1, "one")
	ask(1, "one")
	counted("a large one", 2, 0)
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	m := newMemory()
	for i := range int64(40) {
		m.get(wanted{installation: 0}) // is used all the time
		m.put(&keptAnswer{wanted: wanted{installation: i}, body: make([]byte, rememberedOne)})
	}
	if m.size > rememberedAll || m.used.Len() != len(m.by) || len(m.by) != 15 {
		t.Errorf("%d answers of %d bytes", len(m.by), m.size)
	}
	if m.get(wanted{installation: 0}) == nil || m.get(wanted{installation: 39}) == nil || m.get(wanted{installation: 5}) != nil {
		t.Error("not the least used were forgotten")
	}
}

// A full last page of a list is read whole: that another follows by now is in
// no body, and so in no tag.
func TestAFullEndOfAListIsReadAgain(t *testing.T) {
	const next = `<https://api.github.com/x?page=2>; rel="next"`
	for _, tc := range []struct {
		link, body string
		want       int
	}{
		{"", `[1]`, 1}, {"", `[1,2]`, 2}, {next, `[1,2]`, 1}, {`<https://api.github.com/x?page=1>; rel="prev"`, `[1,2]`, 2},
		{"", `{"total_count":2,"check_runs":[{"id":1},{"id":2}]}`, 2}, {"", `{"total_count":1,"check_runs":[{"id":1}]}`, 1},
	} {
		g := &tagging{body: tc.body, link: tc.link}
		m := newMemory()
		for range 2 {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.github.com/x?per_page=2", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := conditional{g, 1, m}.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
		if g.whole != tc.want {
			t.Errorf("%s, %q: read %d times, want %d", tc.body, tc.link, g.whole, tc.want)
		}
	}
}

// What an answer takes beside its body counts: many small ones have a bound.
func TestSmallAnswersAreForgottenToo(t *testing.T) {
	m := newMemory()
	for i := range 2 * rememberedAll / rememberedBeside {
		m.put(&keptAnswer{wanted: wanted{1, strconv.Itoa(i), ""}})
	}
	if n := len(m.by); n > rememberedAll/rememberedBeside || n < 1000 {
		t.Errorf("%d are remembered", n)
	}
}
