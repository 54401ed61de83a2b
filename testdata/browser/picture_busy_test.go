package browser_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
)

// moment of a story: the line after which it is looked at, and what then. Time
// is the story's, and stands still meanwhile: curves, commits and clocks are
// the same in every run.
type moment struct {
	after string
	shots []subject
}

// share of the requests that fails, as the metrics lab is asked for it.
const share = `sum by (version) (rate(http_requests_total{code=~"5.."}[1m])) / sum by (version) (rate(http_requests_total[1m]))`

// busyMoments, by story, in order.
var busyMoments = map[string][]moment{
	"tour": {
		{"coach: act 1, step 4 done", []subject{{"busy-healthy", "/?change=2&act=1", ""}, {"chat", "/chat?channel=shop-deploys", ""}}},
		{"coach: act 2, all done", []subject{
			{"busy-back", "/?change=3&act=2", ""}, {"change", "/acme/shop/pull/3", ""}, {"lab", "/metrics-lab?query=" + url.QueryEscape(share) + "&over=1m", ""},
		}},
		{"after 6m", []subject{{"busy-red", "/?change=3&act=4&channel=shop", ""}, {"checks", "/acme/shop/pull/4/checks", ""}}},
	},
	"trouble": {
		{"slack is back", []subject{{"inspector", "/inspector", ""}, {"inspector-effects", "/inspector/effects", ""}, {"break-it", "/break-it", ""}}},
	},
}

// TestBusyPictures: the tour looks as it did while a canary waits for its
// promotion, after one went back by itself, and while main is red; the
// inspector does when it has much to show, and while something waits.
func TestBusyPictures(t *testing.T) {
	for story, moments := range busyMoments {
		t.Run(story, func(t *testing.T) {
			s, b := telling(t, story), open(t, "")
			for i, m := range moments {
				if i > 0 {
					s.goOn()
				}
				b.base = s.until(m.after)
				b.posesBusy(m.shots)
			}
		})
	}
}

// posesBusy takes pictures on screens on which all of the tour is seen. On a
// telephone nothing that is said must be moved sideways to be read.
func (b *tab) posesBusy(shots []subject) {
	b.Helper()
	for _, theme := range []string{"light", "dark"} {
		b.theme(theme)
		for width, height := range map[int64]int64{1280: 1500, 360: 2400} {
			b.do(chromedp.EmulateViewport(width, height))
			for _, s := range shots {
				b.pose(s.path, s.covered, fmt.Sprintf("%s-%s-%d", s.name, theme, width))
				if moved := b.number(`[...document.querySelectorAll(".scroll-x")].filter(e => e.scrollWidth > e.clientWidth).length`); width == 360 && moved > 0 {
					b.Errorf("%s: %d tables are wider than a telephone", s.name, moved)
				}
			}
		}
	}
}
