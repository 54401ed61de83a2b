package browser_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

var (
	update = flag.Bool("update", false, "write the golden pictures anew")
	only   = flag.String("only", "", "take only pictures whose names begin so")
)

// What pictures may differ in: letters are drawn a little otherwise by another
// release of the browser, so a colour may be off by so much of 255 in each
// part, and so large a share of all dots may be off by more.
const (
	nearEnough = 48
	fewEnough  = 0.01
)

// subject is what a picture is taken of: a name, an address, and what is
// covered because it moves.
type subject struct{ name, path, covered string }

// subjects are pages of the playground.
var subjects = []subject{
	{"tour", "/", "#chart, #running, #happened, .meta code"},
	{"files", "/acme/shop/pull/2/files", ""},
}

// hung are the bot's own pages, as they hang in the gallery.
var hung = []subject{
	{"home-red", "/gallery/page/home-confirmed-now-main-of-acme-shop-is-red", ""},
	{"change-too-big", "/gallery/page/change-too-big-everything-at-once-fail-neutral", ""},
	{"rollout-back", "/gallery/page/rollout-bad-canary-shop-to-canary-rolled-back", ""},
	{"rollout-healthy", "/gallery/page/rollout-buttons-shop-to-canary-healthy-waits-for-promotion", ""},
	{"deliveries", "/gallery/page/deliveries-rare-deliveries-and-effects-change-judge-from-github-acme", ""},
	{"report", "/gallery/page/report-weekly-how-work-flowed", ""},
}

// still makes a page hold still: nothing is animated, what moves is covered,
// what tells the time is blank, and letters are those that every machine of
// ours has.
const still = `const sheet = new CSSStyleSheet();
sheet.replaceSync("* { animation: none !important; transition: none !important; caret-color: transparent !important; font-family: 'DejaVu Sans', 'Noto Color Emoji' !important; scrollbar-width: none !important } code, code *, pre, pre *, .diff, .diff * { font-family: 'DejaVu Sans Mono', 'Noto Color Emoji' !important } .pace { visibility: hidden !important }" + %q);
document.adoptedStyleSheets = [sheet];
document.fonts.ready.then(() => true)`

// TestPictures: each page looks as it did when somebody looked at it last. To
// accept that it looks otherwise: go test -run TestPictures -update, and look.
func TestPictures(t *testing.T) {
	b := open(t, playground(t))
	b.fetched("/gallery") // it is made meanwhile
	b.visit("/")
	b.sees("#coach-now", "Bring it to staging")
	b.sees("#checks", "17 lines - on target")
	b.sees("#checks", "main is green")
	b.sees("#checks", "4 of 4 passed")
	b.poses(subjects)
	b.hung()
	b.poses(hung)
}

// poses takes pictures in the light and in the dark, wide and narrow.
func (b *tab) poses(subjects []subject) {
	b.Helper()
	for _, theme := range []string{"light", "dark"} {
		b.theme(theme)
		for _, width := range []int64{1280, 360} {
			b.do(chromedp.EmulateViewport(width, 800))
			for _, s := range subjects {
				b.pose(s.path, s.covered, fmt.Sprintf("%s-%s-%d", s.name, theme, width))
			}
		}
	}
}

// pose takes one picture and compares it.
func (b *tab) pose(path, covered, name string) {
	b.Helper()
	if !strings.HasPrefix(name, *only) {
		return
	}
	b.visit(path)
	if covered == "" && b.count("#chart") > 0 {
		b.has("#chart path.curve[d*=L]") // it is drawn a moment after the page
	}
	b.holdStill(covered)
	b.compare(name, b.picture())
}

func (b *tab) holdStill(covered string) {
	b.Helper()
	rule := ""
	if covered != "" {
		rule = covered + " { visibility: hidden !important }"
	}
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](fmt.Sprintf(still, rule), chromedp.EvalAwaitPromise)); err != nil {
		b.Fatal(err)
	}
}

// picture is what the screen shows.
func (b *tab) picture() *image.Paletted {
	b.Helper()
	shot, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.Fatal(err)
	}
	whole, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		b.Fatal(err)
	}
	return few(whole)
}

// compare holds a picture against the golden one, or keeps it with -update.
func (b *tab) compare(name string, got *image.Paletted) {
	b.Helper()
	golden := filepath.Join("golden", name+".png")
	if *update {
		b.keep(golden, got)
		return
	}
	file, err := os.Open(golden)
	if err != nil {
		b.Errorf("%v; to make it: go test -run TestPictures -update", err)
		return
	}
	defer file.Close()
	want, err := png.Decode(file)
	if err != nil {
		b.Errorf("%s: %v", golden, err)
		return
	}
	share, marked := differing(want, got)
	b.Logf("%s: %.2f %% differs", name, 100*share)
	if share > fewEnough {
		seen := filepath.Join(os.TempDir(), "roundtrip-pictures")
		b.keep(filepath.Join(seen, name+".png"), got)
		b.keep(filepath.Join(seen, name+"-differing.png"), marked)
		b.Errorf("%s: %.2f %% of it looks otherwise, at most %.0f %% may; look into %s", name, 100*share, 100*fewEnough, seen)
	}
}

func (b *tab) keep(path string, picture image.Image) {
	b.Helper()
	var body bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&body, picture)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o755)
	}
	if err == nil {
		err = os.WriteFile(path, body.Bytes(), 0o644)
	}
	if err != nil {
		b.Fatal(err)
	}
}
