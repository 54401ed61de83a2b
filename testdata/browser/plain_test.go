package browser_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestWithoutScript is the tour's first act by links and forms alone, for who
// lets no script run. To see what is new, the page is loaded again.
func TestWithoutScript(t *testing.T) {
	b := open(t, playground(t))
	b.without()
	b.visit("/")
	began := time.Now()
	if b.count("html.scripted") > 0 {
		t.Fatal("a script has run")
	}
	b.goes("#speed-10")
	b.comesTo("#coach-now", "Bring it to staging")
	b.written("/deploy")
	b.comesTo("#running", "its rollout")
	b.comesTo("#coach-now", "quarter of production")
	b.written("/deploy canary")
	b.comesTo("#messages", "Promote")
	b.press(`details[id$="-promote"] summary`)
	b.goes(`details[id$="-promote"][open] .confirm button`)
	b.comesTo("#coach-now", "It has all the traffic")
	b.goes("#merge-button")
	b.comesTo("#merge", "merged it as")
	b.sees("#coach-now", "The loop is closed")
	b.goes("#running a")
	b.sees("h1", "shop to staging")
	t.Logf("act one took %.0f s without script", time.Since(began).Seconds())
}

// without lets no script of a page run from now on.
func (b *tab) without() {
	b.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
}

// goes where a press leads.
func (b *tab) goes(selector string) {
	b.Helper()
	b.number(`(window.left = "not yet", 1)`) // the new one knows nothing of it
	b.press(selector)
	b.until("another page", func() bool {
		return b.number(`+(window.left === undefined && document.readyState === "complete")`) == 1
	}, func() string { return b.text("#problem") })
}

// written: the coach's link puts its line into the box, and the box's own
// button sends it.
func (b *tab) written(line string) {
	b.Helper()
	b.goes("#fill")
	b.until(line+" in the box", func() bool { return b.value("body") == line }, func() string { return b.value("body") })
	b.goes("#comment button")
	b.sees("#talk", line)
}

// comesTo loads the page again until a place shows a text.
func (b *tab) comesTo(selector, want string) {
	b.Helper()
	b.until(fmt.Sprintf("%q in %s", want, selector), func() bool {
		if strings.Contains(b.text(selector), want) {
			return true
		}
		b.do(chromedp.Reload())
		return strings.Contains(b.text(selector), want)
	}, func() string { return b.text(selector) })
}
