package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// TestProbesDecide: serve as it is, and a file whose only metric is a probe of
// both arms. A canary that says it is unwell goes back; a healthy one passes.
func TestProbesDecide(t *testing.T) {
	t.Parallel() // most of it is waiting
	w := live(t, playground.LiveFile)
	before, _, _ := strings.Cut(strings.NewReplacer("    after: {staging: 1s}\n", "", "for: 10s", "for: 2s").Replace(playground.LiveFile), "sources:")
	file := before + "probes:\n  home: {url: \"" + w.URL + "/shop/production/-/{{ .Arm }}/healthz\", every: 1s, expect: {status: 200, under: 5s}}\n" +
		"judge: {window: 1s, max_wait: 2m}\nnotify: {channel: \"#shop\"}\n"
	must[string](t)(w.GitHub.Push(playground.Repo, "main", "ann", "Watch the shop by a probe", map[string]string{".github/roundtrip.yml": file}))
	c := &collectedWorld{w: w, p: serveIn(t, w, t.TempDir())}

	n, _ := c.canary(t, fakeprod.Behaviour{Sick: true})
	until(t, c.p, "it has gone back", func() bool { return statusOf(t, w, n, "Rolled back: shop in canary") })
	shows(t, w, n, `Probe home failed (\d+) of \d+ times, and 5 % of them may`, "`probe home` "+`\| 0 of \d+ failed \| [1-9]\d* of \d+ failed \| - \|  \| ⛔ fails too often`)
	if shop := w.Prod.Shop(playground.Production); shop.Weight() != 0 || shop.Canary() != nil {
		t.Errorf("traffic is not back: %d %%", shop.Weight())
	}

	n, _ = c.canary(t, fakeprod.Behaviour{})
	until(t, c.p, "it waits for promotion", func() bool { return statusOf(t, w, n, "waits for promotion") })
	shows(t, w, n, "`probe home` "+`\| 0 of \d+ failed \| 0 of [1-9]\d+ failed \| - \|  \| ✅ answers`)
}

func shows(t *testing.T, w *playground.World, n int, want ...string) {
	t.Helper()
	comment := statusComment(t, w, n)
	for _, re := range want {
		if !regexp.MustCompile(re).MatchString(comment) {
			t.Errorf("it does not show %s:\n%s", re, comment)
		}
	}
}
