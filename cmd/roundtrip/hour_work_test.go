package main

import (
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// work is what somebody of the team does in a minute, and what CI does.
func (h *hour) work(minute int) {
	if minute%6 == 0 || len(h.open) == 0 {
		n := must[int](h.t)(h.w.OpenChange(fakegithub.NewChange{Author: "alice", Title: fmt.Sprintf("Change of minute %d", minute)}, playground.Size{Added: 5 + minute}))
		h.open = append(h.open, n)
	}
	h.main()
	h.ci()
	n := h.open[h.chance.IntN(len(h.open))]
	head := must[fakegithub.ChangeView](h.t)(h.w.GitHub.Change(playground.Repo, n)).Head
	switch h.chance.IntN(9) {
	case 0:
		h.push(n)
	case 1, 2:
		h.say(n, "/deploy staging @"+head)
	case 3, 4:
		h.say(n, "/deploy canary @"+head)
	case 5:
		h.say(n, "/promote")
		_ = h.w.Press(h.t.Context(), "grace", "#shop-deploys", "promote", false) // where there is such a button
	case 6:
		h.say(n, []string{"/status", "/abort", "/rollback production", "/good canary @" + head + " it was the database"}[h.chance.IntN(4)])
	case 7:
		_, _ = h.w.Say(h.t.Context(), "alice", "#shop", "/roundtrip status") // the bot may be away
	case 8:
		h.merge(n)
	}
}

// main breaks now and then; then somebody may take care of it, and it is
// healed by the same checks once more or by a commit that repairs it.
func (h *hour) main() {
	switch {
	case !h.red && h.chance.IntN(6) == 0:
		h.red = true
		h.broke++
		h.checkMain("failure")
	case !h.red:
		h.checkMain("success") // what was merged meanwhile passes
	case h.chance.IntN(4) == 0:
		h.heal()
	case h.chance.IntN(3) == 0:
		h.say(h.open[h.chance.IntN(len(h.open))], "/main claim")
	}
}

func (h *hour) heal() {
	if h.chance.IntN(2) == 0 {
		h.said++
		_ = must[string](h.t)(h.w.GitHub.Push(playground.Repo, "main", "bob", "Repair it", map[string]string{"repair.txt": fmt.Sprint(h.said)}))
	}
	h.red = false
	h.checkMain("success")
}

func (h *hour) checkMain(unit string) {
	for _, c := range []struct{ check, outcome string }{{"build", "success"}, {"unit", unit}} {
		if err := h.w.Report(c.check, "main", c.outcome); err != nil {
			h.t.Fatal(err)
		}
	}
}

// ci passes on what is open, once more where it has passed. What passes while
// main is red may be its repair, so it runs on few then, and the others wait.
func (h *hour) ci() {
	for _, n := range h.open {
		if h.red && h.chance.IntN(8) != 0 {
			continue
		}
		for _, check := range []string{"build", "unit"} {
			_ = h.w.Report(check, fmt.Sprintf("#%d", n), "success")
		}
	}
}

// merge merges a change, where GitHub lets it.
func (h *hour) merge(n int) {
	if _, err := h.w.GitHub.Merge(playground.Repo, n, "grace"); err != nil {
		return
	}
	h.merges++
	kept := h.open[:0]
	for _, o := range h.open {
		if o != n {
			kept = append(kept, o)
		}
	}
	h.open = kept
}

// see notes who waits for main now.
func (h *hour) see(s playground.Seen) {
	for _, c := range s.Changes {
		for _, check := range c.Checks {
			if check.Name == "roundtrip / main" && check.Status == "in_progress" {
				h.held[c.Head] = true
			}
		}
	}
}

func (h *hour) push(n int) {
	c := must[fakegithub.ChangeView](h.t)(h.w.GitHub.Change(playground.Repo, n))
	h.said++
	files := must[map[string]string](h.t)(h.w.Edit(c.Branch, fmt.Sprintf("more_%d", h.said), playground.Size{Added: 3}))
	_ = must[string](h.t)(h.w.GitHub.Push(playground.Repo, c.Branch, "alice", "More of it", files))
}

func (h *hour) say(n int, text string) {
	must[int64](h.t)(h.w.GitHub.Comment(playground.Repo, n, "grace", text))
}
