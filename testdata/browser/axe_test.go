package browser_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// places are the pages that a visitor can come to without doing anything.
var places = []string{
	"/", "/acme/shop/pull/2", "/acme/shop/pull/2/checks", "/acme/shop/pull/2/files", "/acme/shop/issues/1", "/chat", "/metrics-lab?query=up", "/break-it",
	"/inspector", "/inspector/calls", "/inspector/socket", "/inspector/effects", "/inspector/audit",
}

// TestAxe: nobody is kept out of any page, in the light or in the dark, on a
// desk or on a telephone.
func TestAxe(t *testing.T) {
	axe := axeCore(t)
	b := open(t, playground(t))
	b.visit("/")
	b.sees("#coach-now", "Bring it to staging")
	b.comment("/deploy")
	b.sees("#talk .ours", "Live in staging")
	own := b.attribute(`.site a:last-of-type`, "href")
	for _, theme := range []string{"light", "dark"} {
		b.theme(theme)
		for _, width := range []int64{1280, 360} {
			b.do(chromedp.EmulateViewport(width, 900))
			for _, path := range append(places, own) {
				b.visit(path)
				if found := b.violations(axe); found != "" {
					t.Errorf("%s, %s, %d px: %s", path, theme, width, found)
				}
				b.fits(path, width)
			}
		}
	}
}

func axeCore(t *testing.T) string {
	t.Helper()
	axe, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Skip("SKIPPED: axe-core is not here; npm ci in testdata/browser")
	}
	return string(axe)
}

func (b *tab) theme(name string) {
	b.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return err
	}))
}

func (b *tab) attribute(selector, name string) string {
	b.Helper()
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](fmt.Sprintf("document.querySelector(%q)?.getAttribute(%q) ?? ''", selector, name)))
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// violations of what axe knows, one a line: rule, place, why.
func (b *tab) violations(axe string) string {
	b.Helper()
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](axe+`;
axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + " at " + n.target.join(" ") + ": " + n.failureSummary)))`, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatal(err)
	}
	return strings.Join(found, "\n")
}
