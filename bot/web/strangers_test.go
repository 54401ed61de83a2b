package web

import (
	"regexp"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// hostile is text that others choose: markup, an attribute's end, and signs
// that turn what follows around or that nobody sees.
const hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{.}}\u202egnp.exe\u2066\u200b\ufeff\x00"

// TestStrangersText puts it wherever a stranger can.
func TestStrangersText(t *testing.T) {
	s := &shelf{at: began.Add(1e12)}
	slot, p := begin(s)
	p.r.Release.Title, p.r.Release.Service, p.r.Why, p.r.URL = hostile, hostile, hostile, "javascript:alert(3)"
	p.r.By = bot.Person{Login: hostile}
	p.r.Watch.Metrics[0].Name = hostile
	p.r.Watch.Windows = map[string][]bot.Window{hostile: {{From: began, To: began.Add(6e10), CanaryTotal: 10, StableTotal: 10, StableBad: 1}}}
	p.r.Watch.Trouble, p.r.State = hostile, deploy.Waiting
	slot.Live.Release.Title, slot.Dirty = hostile, hostile
	s.keep(t, slot, p.r)
	shopWith(t, s, hostile)
	s.keep(t, policies.Build{Repo: shop, Branch: hostile, Health: policies.Red, Causes: []policies.Cause{{Check: hostile, URL: "javascript:alert(4)"}}, Claimed: bot.Person{Login: hostile}})
	s.put(t, "settings/"+shop.Key(), fileDoc{Repo: shop, Mistakes: []string{hostile}})
	s.owe(t, bot.SetCheck{Repo: shop, SHA: newer, Name: "roundtrip / batch", Status: bot.Completed, Conclusion: hostile, Title: hostile, Summary: hostile}, bot.TaskDone, "")
	s.owe(t, bot.KeepMessage{Repo: shop, Channel: hostile}, bot.TaskFailed, hostile)
	besides(t, s)
	for _, path := range addresses {
		w := see(t, s, path)
		html := w.Body.String()
		if w.Code != 200 {
			t.Errorf("%s: status %d: %s", path, w.Code, html)
		}
		if strings.Contains(html, "<script>") || strings.Contains(html, "<img") || strings.Contains(html, "=\"javascript:") {
			t.Errorf("%s lets markup through:\n%s", path, html)
		}
		if strings.ContainsAny(html, "\u202e\u2066\u200b\ufeff\x00") {
			t.Errorf("%s shows what nobody sees", path)
		}
		if strings.Contains(html, " style=") || regexp.MustCompile(`<[^>]* on[a-z]+=`).MatchString(html) {
			t.Errorf("%s has what its own policy refuses", path)
		}
	}
}
