package playground_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// TestNumbersLead: what a change says of an issue or another change leads
// there, and so on as the same person; what is unknown, code or a link stays.
func TestNumbersLead(t *testing.T) {
	w := opened(t)
	body := "Closes #1, after (#2); not #777, a#1 or `#1`, [see #2](https://example.com/#2 \" #1\")."
	n, err := w.GitHub.Open("acme/shop", fakegithub.NewChange{Author: "alice", Title: "Both", Body: body, Branch: "both", Files: map[string]string{"a.txt": "a\n"}})
	if err != nil {
		t.Fatal(err)
	}
	shown := page(t, fmt.Sprint(w.URL, "/?as=grace&change=", n))
	view := fmt.Sprintf("?as=grace&amp;change=%d&amp;channel=shop-deploys", n)
	want := fmt.Sprintf(`<p>Closes <a href="/acme/shop/issues/1%s">#1</a>, after (<a href="/acme/shop/issues/2%s">#2</a>); not #777, a#1 or <code>#1</code>, <a href="https://example.com/#2" title=" #1">see #2</a>.</p>`, view, view)
	if !strings.Contains(shown, want) {
		t.Errorf("want %s in\n%.6000s", want, mainOf(shown))
	}
}
