package web

import (
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// TestUntitled: a release whose change nobody knows has no empty title.
func TestUntitled(t *testing.T) {
	s := &shelf{at: began.Add(1e12)}
	slot, p := begin(s)
	for _, r := range []*bot.ChangeRef{&slot.Live.Release.Change, &p.r.Release.Change} {
		*r = bot.ChangeRef{}
	}
	slot.Live.Release.Title, p.r.Release.Title = "", ""
	s.keep(t, slot, p.r)
	shopWith(t, s, "Untitled")
	for _, path := range []string{"/", "/rollouts/42/7/shop/production/4"} {
		w := see(t, s, path)
		if html := w.Body.String(); w.Code != 200 || !strings.Contains(html, "<code>") || strings.Contains(html, "<bdi></bdi>") {
			t.Errorf("%s (%d) has an empty title:\n%s", path, w.Code, html)
		}
	}
}
