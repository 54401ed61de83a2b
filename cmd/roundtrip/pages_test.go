package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/playground/story"
	"github.com/roundtrip-bot/roundtrip/bot/store"
	"github.com/roundtrip-bot/roundtrip/bot/web"
)

// TestPages shows what a story left behind: pages read documents whose types
// handlers keep to themselves, and here both are the real ones.
func TestPages(t *testing.T) {
	for _, c := range []struct {
		story, path string
		want        []string // on the page
	}{
		{"too_big", "/", []string{"acme/shop", "Changes of the last two weeks"}},
		{"too_big", "/changes/acme/shop/", []string{"Verdicts on", "roundtrip / batch", "shown on GitHub", "the present one"}},
		{"bad_canary", "/rollouts/", []string{"rolled back", "<svg class=\"chart\"", ">worse</text>", "What happened", "asked for it"}},
		{"red_main", "/", []string{"main</b> is green"}},
		{"no_file", "/changes/acme/shop/", []string{"this policy only observes"}},
		{"no_file", "/", []string{"It has no .github/roundtrip.yml"}},
		{"weekly", "/report/acme/shop?week=2026-W41", []string{"Week 2026-W41", "Lead time for changes"}},
	} {
		t.Run(c.story+c.path, func(t *testing.T) {
			t.Parallel()
			h := pagesAfter(t, c.story)
			path := c.path
			if path != "/" && strings.HasSuffix(path, "/") { // the first one that the change links to, which home links to
				path = linked(page(t, h, "/"), "/changes/")
				if !strings.HasPrefix(path, c.path) {
					path = linked(page(t, h, path), c.path)
				}
			}
			html := page(t, h, path)
			for _, want := range c.want {
				if !strings.Contains(html, want) {
					t.Errorf("%s does not say %q:\n%s", path, want, html)
				}
			}
		})
	}
}

func linked(html, prefix string) string { return regexp.MustCompile(prefix + `[^"]+`).FindString(html) }

// pagesAfter a story, from the database that it left, on the same day.
func pagesAfter(t *testing.T, name string) http.Handler {
	t.Helper()
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join(storiesDir, name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	if res, err := (story.Stage{Open: opener(dir)}).Run(t.Context(), string(text)); err != nil || res.Difference != "" {
		t.Fatal(err, res.Difference)
	}
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(dir, "story.db"), store.Options{Clock: func() time.Time { return story.Began.Add(12 * time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return web.Pages(db, "", nil)
}

func page(t *testing.T, h http.Handler, path string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.Host = "localhost"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Errorf("%s: status %d: %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// TestButtonsWhereTheSettingsSaySo: nobody is asked who they are there.
func TestButtonsWhereTheSettingsSaySo(t *testing.T) {
	_, db := metersFor(t)
	for _, on := range []bool{false, true} {
		html := page(t, pagesOf(config.Server{AdminActions: on}, db), "/deliveries")
		if strings.Contains(html, "ROUNDTRIP_ADMIN_ACTIONS=on") == on {
			t.Errorf("actions %v: %s", on, html)
		}
	}
}
