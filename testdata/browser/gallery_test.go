package browser_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// shown are pages of the bot's own, each in a state that looks unlike the others.
var shown = []string{
	"lost-bad-canary-not-found", "home-bad-canary-now", "home-given-up-now-command-given", "home-confirmed-now-main-of-acme-shop-is-red", "home-no-data-now-shop-holds-in-canary-at",
	"change-too-big-everything-at-once-fail-neutral", "change-not-watched-add-gift-wrapping-pass-waits", "rollout-bad-canary-shop-to-canary-rolled-back",
	"rollout-buttons-shop-to-canary-healthy-waits-for-promotion", "rollout-no-data-shop-to-canary-holds-somebody-must-decide-production", "report-weekly-how-work-flowed",
}

// TestAxeGallery: all that the bot says, and its own pages in each state, keep
// nobody out either.
func TestAxeGallery(t *testing.T) {
	axe := axeCore(t)
	b := open(t, playground(t))
	b.hung()
	paths := []string{"/gallery"}
	for _, name := range shown {
		paths = append(paths, "/gallery/page/"+name)
	}
	for _, theme := range []string{"light", "dark"} {
		b.theme(theme)
		for _, width := range []int64{1280, 360} {
			b.do(chromedp.EmulateViewport(width, 900))
			for _, path := range paths {
				b.visit(path)
				if found := b.violations(axe); found != "" {
					t.Errorf("%s, %s, %d px: %s", path, theme, width, found)
				}
				b.fits(path, width)
			}
		}
	}
}

// hung waits until the gallery is whole. It is asked for without the browser:
// until then the page loads itself again, also under a question that is put to it.
func (b *tab) hung() {
	b.Helper()
	page := ""
	b.until("the whole gallery", func() bool {
		page = b.fetched("/gallery")
		return !strings.Contains(page, "data-making") && strings.Contains(page, "/gallery/page/")
	}, func() string { return page[:min(len(page), 3000)] })
}

// fetched is a page as the server sends it.
func (b *tab) fetched(path string) string {
	b.Helper()
	res, err := http.Get(b.base + path)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	return string(body)
}

// fits: nothing is wider than the screen.
func (b *tab) fits(path string, width int64) {
	b.Helper()
	if wide, err := chromedp.Run(b.ctx, chromedp.Evaluate[int]("document.documentElement.scrollWidth")); err != nil || int64(wide) > width {
		b.Errorf("%s is %d px wide on a screen of %d (%v)", path, wide, width, err)
	}
}
