package browser_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// busy: nobody is kept out either when much goes on: threads, marks in the
// chart, a red main with its clock, and a question that waits for its answer.
func (b *tab) busy(t *testing.T, axe string) {
	b.Helper()
	b.visit("/")
	b.press("#act-3")
	b.press("#do")
	b.sees("#coach-now", "wait")
	b.has("#clock progress")
	b.press("#tab-shop")
	b.sees("#messages", "main")
	b.press("#messages details.ask summary")
	b.has("#messages details.ask[open] .confirm button")
	for _, theme := range []string{"light", "dark"} {
		b.theme(theme)
		for _, width := range []int64{1280, 360} {
			b.do(chromedp.EmulateViewport(width, 900))
			where := fmt.Sprintf("the busy tour, %s, %d px", theme, width)
			if found := b.violations(axe); found != "" {
				t.Errorf("%s: %s", where, found)
			}
			b.fits(where, width)
		}
	}
}
