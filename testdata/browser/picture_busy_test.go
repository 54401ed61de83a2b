package browser_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// busyMoments of the tour: the line of the story after which it is looked at,
// and what then. Time is the story's, and stands still meanwhile: curves,
// commits and clocks are the same in every run.
var busyMoments = []struct{ after, name, path string }{
	{"coach: act 1, step 4 done", "busy-healthy", "/?change=2&act=1"},
	{"coach: act 2, all done", "busy-back", "/?change=3&act=2"},
	{"after 6m", "busy-red", "/?change=3&act=4&channel=shop"},
}

// TestBusyPictures: the tour looks as it did while a canary waits for its
// promotion, after one went back by itself, and while main is red.
func TestBusyPictures(t *testing.T) {
	s := telling(t, "tour")
	b := open(t, "")
	for i, m := range busyMoments {
		if i > 0 {
			s.goOn()
		}
		b.base = s.until(m.after)
		for _, theme := range []string{"light", "dark"} {
			b.theme(theme)
			for width, height := range map[int64]int64{1280: 1500, 360: 2400} {
				b.do(chromedp.EmulateViewport(width, height))
				b.pose(m.path, "", fmt.Sprintf("%s-%s-%d", m.name, theme, width))
			}
		}
	}
}
