package browser_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	for _, s := range steps {
		if err := chromedp.Do(b.ctx, s); err != nil {
			b.Fatal(err)
		}
	}
}

func (b *tab) visit(path string) {
	b.Helper()
	if !strings.HasPrefix(path, "http") {
		path = b.base + path
	}
	b.do(chromedp.Navigate(path))
}

// text is what can be seen of the first place that a selector finds: hidden
// text is not in it. Empty when there is none.
func (b *tab) text(selector string) string {
	b.Helper()
	quoted, _ := json.Marshal(selector)
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](fmt.Sprintf("document.querySelector(%s)?.innerText ?? ''", quoted)))
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// value of a box.
func (b *tab) value(id string) string {
	b.Helper()
	s, err := chromedp.Run(b.ctx, chromedp.Value(chromedp.ID(id)))
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// count of places that a selector finds.
func (b *tab) count(selector string) int {
	b.Helper()
	quoted, _ := json.Marshal(selector)
	n, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](fmt.Sprintf("document.querySelectorAll(%s).length", quoted)))
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// sees waits until a place shows a text.
func (b *tab) sees(selector, want string) {
	b.Helper()
	b.until(fmt.Sprintf("%q in %s", want, selector), func() bool { return strings.Contains(b.text(selector), want) }, func() string { return b.text(selector) })
}

// gone waits until a place does not show a text any more.
func (b *tab) gone(selector, text string) {
	b.Helper()
	b.until(fmt.Sprintf("no %q in %s", text, selector), func() bool { return !strings.Contains(b.text(selector), text) }, func() string { return b.text(selector) })
}

// has waits until a selector finds something.
func (b *tab) has(selector string) {
	b.Helper()
	b.until("something at "+selector, func() bool { return b.count(selector) > 0 }, func() string { return b.text("body") })
}

func (b *tab) until(what string, is func() bool, instead func() string) {
	b.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if is() {
			b.Logf("seen: %s", what)
			return
		}
	}
	b.Fatalf("never seen: %s. Instead: %s\nThe page: %s", what, instead(), b.text("body"))
}

// press clicks what a selector finds, as soon as it is there and may be
// clicked.
func (b *tab) press(selector string) {
	b.Helper()
	b.has(selector + ":not(:disabled)")
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// comment writes into the pull request's box, as a hand does.
func (b *tab) comment(line string) {
	b.Helper()
	b.do(chromedp.Clear(chromedp.ID("body")), chromedp.SendKeys(chromedp.ID("body"), line), chromedp.Click(chromedp.CSS("#comment button")))
}

// act changes who acts, as a hand does.
func (b *tab) act(as string) {
	b.Helper()
	b.do(chromedp.SetValue(chromedp.ID("as"), as))
	b.press(".act-as button")
	b.sees("label[for=body]", "as "+as)
}
