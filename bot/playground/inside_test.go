package playground

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// Inside, the same peers answer as over a network, also with a cut connection.
func TestAWorldInside(t *testing.T) {
	w, err := New(t.Context(), Options{Clock: NewClock(time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)), Inside: true})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	client := &http.Client{Transport: w.Over()}
	ask := func() (int, string, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+githubPath+"/app", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(r)
		if err != nil {
			return 0, "", err
		}
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body), err
	}
	if status, body, err := ask(); err != nil || status != http.StatusUnauthorized || !strings.Contains(body, "message") {
		t.Errorf("answered %d %q (%v)", status, body, err)
	}
	w.GitHub.Fail(fakegithub.Fault{Route: "*", Cut: true, Times: 1})
	if _, _, err := ask(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a cut connection is %v", err)
	}
}
