package browser_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestSwitch: a switch that was pressed says so at once.
func TestSwitch(t *testing.T) {
	b := open(t, playground(t))
	b.visit("/break-it")
	b.press("#break-delay")
	b.has(`#break-delay[aria-pressed=true]`)
	b.at("break-delay")
	b.keys(" ") // it has the focus still
	b.has(`#break-delay[aria-pressed=false]`)
}

// TestEnded: who presses when nobody is there to answer is told so.
func TestEnded(t *testing.T) {
	base, end := begun(t)
	b := open(t, base)
	b.visit("/")
	b.sees("#coach-now", "Bring it to staging")
	b.pardon("net::ERR_CONNECTION_REFUSED")
	end()
	b.comment("/deploy")
	b.sees("#problem", "the playground has ended; to begin another: roundtrip playground")
	if b.value("body") != "/deploy" {
		t.Error("what was written is lost")
	}
}

// TestKeysAlone stops a canary while it is watched, without a mouse: what has
// the focus keeps it whenever the page is fresh, and what was opened stays so.
func TestKeysAlone(t *testing.T) {
	b := open(t, playground(t))
	b.visit("/")
	b.sees("#coach-now", "Bring it to staging")
	b.comment("/deploy")
	b.sees("#coach-now", "quarter of production")
	b.comment("/deploy canary")
	b.has(`details[id$="-abort"] summary`)
	for range 60 {
		if b.number(onStop) == 1 {
			break
		}
		b.keys(kb.Tab)
	}
	b.freshened("messages")
	b.sees(":focus", "Stop")
	b.keys(kb.Enter)
	b.has(`details[id$="-abort"][open]`)
	b.keys(kb.Tab)
	b.sees(":focus", "Yes, Stop")
	b.freshened("messages")
	b.sees(":focus", "Yes, Stop")
	b.keys(kb.Enter)
	b.sees("#messages", "Stopped")
}

// TestWhoActs: an arrow key that moves through the list of people chooses
// nobody yet; the button beside it does.
func TestWhoActs(t *testing.T) {
	b := open(t, playground(t))
	b.visit("/")
	b.sees("label[for=body]", "as alice")
	b.do(chromedp.Focus(chromedp.ID("as")))
	b.keys(kb.ArrowDown)
	b.until("grace is in the list", func() bool { return b.value("as") == "grace" }, func() string { return b.value("as") })
	b.freshened("world-clock") // a page that goes elsewhere has done so by now
	b.at("as")
	b.sees("label[for=body]", "as alice")
	b.keys(kb.Tab)
	b.sees(":focus", "Set")
	b.keys(kb.Enter)
	b.sees("label[for=body]", "as grace")
	b.act("mallory")
	b.sees("#merge", "mallory may not write here")
}

// onStop is 1 while the focus is on Stop.
const onStop = `+(document.activeElement?.matches('details[id$="-abort"] > summary') ?? false)`

// freshened waits until a part of the page was drawn anew.
func (b *tab) freshened(id string) {
	b.Helper()
	times := fmt.Sprintf(`(() => { const e = document.getElementById(%q); if (!e.dataset.seen) { e.dataset.seen = "0"; new MutationObserver(() => { e.dataset.seen = String(+e.dataset.seen + 1) }).observe(e, {childList: true}) } return +e.dataset.seen })()`, id)
	was := b.number(times)
	b.until(id+" is fresh", func() bool { return b.number(times) > was }, func() string { return b.text("#" + id) })
}

// keys are pressed wherever the focus is.
func (b *tab) keys(keys string) {
	b.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// at waits until the focus is on the place of an id.
func (b *tab) at(id string) {
	b.Helper()
	b.has("#" + id + ":focus")
}
