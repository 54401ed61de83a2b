package browser_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestTwoActs is a stranger's first minute: a good change is promoted, a bad
// one goes back by itself, and each is seen in the pull request, the chat, the
// chart and the inspector.
func TestTwoActs(t *testing.T) {
	b := open(t, playground(t))
	began := time.Now()
	b.visit("/")
	b.good()
	b.wrong()
	t.Logf("two acts took %.0f s", time.Since(began).Seconds())
	b.looksBack()
	b.busy(t, axeCore(t))
}

// good: act one, by the coach's own hand.
func (b *tab) good() {
	b.Helper()
	b.sees("#head", "Add gift wrapping")
	b.sees("#head", "+14")
	b.sees("#head", "−3")
	b.sees("#checks", "roundtrip / batch")
	b.sees("#checks", "17 lines - on target")
	b.sees("#coach-now", "Bring it to staging")
	b.coached("/deploy", true)
	b.sees("#talk", "/deploy")
	b.has("#talk .reaction")
	b.sees("#talk .ours", "staging")
	b.sees("#messages", "staging")
	b.sees("#running", "staging")
	b.sees("#coach-now", "quarter of production")
	b.coached("/deploy canary", true)
	b.sees("#coach-now", "The curves part")
	b.sees("#running", "25 %")
	b.sees("#chart-words", "begins with 25 %")
	b.has("#chart path.curve.canary[d*=L]")
	b.sees("#chart-words", "gets 50 %")
	b.sees("#coach-now", "Press Promote")
	b.sees("#messages", "Promote")
	b.press(`details[id$="-promote"] summary`)
	b.press(`details[id$="-promote"][open] .confirm button`)
	b.sees("#coach-now", "It has all the traffic")
	b.sees("#chart-words", "is stable, with all the traffic")
	b.sees("#talk .ours", "production")
	b.press("#merge-button")
	b.sees("#merge", "merged it as")
	b.sees("#coach-now", "The loop is closed")
}

// coached sends the line that the coach puts into the box.
func (b *tab) coached(line string, fill bool) {
	b.Helper()
	if fill {
		b.press("#fill")
	}
	b.until(line+" in the box", func() bool { return b.value("body") == line }, func() string { return b.value("body") })
	b.do(chromedp.SendKeys(chromedp.ID("body"), kb.Enter)) // a page that grows moves its buttons from under the mouse
	b.until(line+" sent", func() bool { return b.value("body") == "" }, func() string { return b.value("body") })
}

// wrong: act two, in which nobody does anything after the second command.
func (b *tab) wrong() {
	b.Helper()
	b.press("#next")
	b.sees("#coach-now", "one request in ten will fail")
	b.press("#fill") // leads to the change, with the line in the box
	b.sees("#head", "Faster prices")
	b.coached("/deploy", false)
	b.sees("#coach-now", "Let production see it")
	b.coached("/deploy canary", true)
	b.sees("#coach-now", "Do nothing")
	b.sees("#coach-now", "Nobody had to watch")
	b.sees("#talk", "Rolled back")
	b.sees("#messages", "Rolled back")
	b.sees("#chart-words", "is gone, the traffic is back")
	b.sees("#happened", "→")
	b.sees("#running", "none")
}

// looksBack: the other pages have seen the same.
func (b *tab) looksBack() {
	b.Helper()
	b.visit("/acme/shop/pull/2")
	b.sees("h1", "Add gift wrapping")
	b.sees("main", "Merged")
	b.visit("/acme/shop/pull/2/files")
	b.sees(".plus", "+")
	b.visit("/inspector")
	b.sees("main", "issue_comment")
	b.press("#inspected details summary")
	b.sees("#inspected details[open] pre", `"repository"`)
	b.visit("/inspector/effects")
	b.sees("main", "done")
	b.visit("/inspector/audit")
	b.sees("main", "command.run")
	b.visit("/chat")
	b.sees("#messages", "#3")
}
