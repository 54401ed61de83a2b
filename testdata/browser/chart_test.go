package browser_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// overlapping counts the numbers of marks that stand on one another.
const overlapping = `(() => {
  const boxes = [...document.querySelectorAll("#chart .mark-number")].map((e) => e.getBoundingClientRect());
  return boxes.filter((a, i) => boxes.some((b, j) => j < i && a.left < b.right && b.left < a.right && a.top < b.bottom - 3 && b.top < a.bottom - 3)).length;
})()`

// TestChart: a slider of latency is seen in a panel of its own and in the
// words below; numbers of marks that come fast do not stand on one another.
func TestChart(t *testing.T) {
	b := open(t, playground(t))
	b.visit("/")
	b.sees("#chart-text", "p95")
	b.has("#chart path.curve.stable:nth-of-type(5)[d*=L]")
	slide := `(() => { const i = document.getElementById("knob-stable-delay"); i.value = 400; i.dispatchEvent(new Event("input", {bubbles: true})); i.dispatchEvent(new Event("change", {bubbles: true})); return true })()`
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](slide)); err != nil {
		t.Fatal(err)
	}
	b.sees("#chart-text", "p95 4")
	drawn := `[...document.querySelectorAll("#chart .axis")].filter((e) => e.textContent === "500 ms").length`
	b.until("the panel reaches 500 ms", func() bool { return b.number(drawn) > 0 }, func() string { return b.text("#chart-text") })
	b.press("#speed-10")
	b.sees("#coach-now", "Bring it to staging")
	b.comment("/deploy")
	b.sees("#running", "staging")
	b.sees("#coach-now", "quarter of production")
	b.comment("/deploy canary")
	b.sees("#chart-words", "gets 50 %")
	b.do(chromedp.EmulateViewport(360, 900)) // where they come closest
	b.visit("/")
	b.has("#chart .mark-number")
	if n := b.number(overlapping); n > 0 {
		t.Errorf("%d numbers stand on others", n)
	}
}

// number is what a line of script answers.
func (b *tab) number(script string) int {
	b.Helper()
	n, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](script))
	if err != nil {
		b.Fatal(err)
	}
	return n
}
