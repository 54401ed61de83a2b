// Package browser_test looks at the playground as a stranger does: with a real
// browser, from the built binary's first page on.
package browser_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience is how long anything may take on a busy machine before it counts
// as never.
const patience = 2 * time.Minute

var opens = regexp.MustCompile(`open at (http://127\.0\.0\.1:\d+)/`)

// binary is what is looked at: ROUNDTRIP_BINARY, or else built here.
var binary = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("ROUNDTRIP_BINARY"); path != "" {
		return path, nil
	}
	path := filepath.Join(os.TempDir(), "roundtrip-browser-test")
	build := exec.Command("go", "build", "-o", path, "./cmd/roundtrip")
	build.Dir, build.Stderr = "../..", os.Stderr
	return path, build.Run()
})

// playground starts the binary's playground and answers its address.
func playground(t *testing.T) string {
	t.Helper()
	base, _ := begun(t)
	return base
}

// begun is a playground and what ends it, at the latest when the test is over.
func begun(t *testing.T) (base string, end func()) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, "playground", "--addr", "127.0.0.1:0", "--no-open")
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	end = sync.OnceFunc(func() {
		_ = c.Process.Signal(syscall.SIGINT)
		if err := c.Wait(); err != nil {
			t.Errorf("Ctrl-C ended the playground with %v", err)
		}
	})
	t.Cleanup(end)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if m := opens.FindStringSubmatch(lines.Text()); m != nil {
			firstPage(t, m[1], began)
			return m[1], end
		}
	}
	t.Fatal("the playground did not say where it is")
	return "", end
}

// firstPage must name the command; how soon it is there is told, not judged:
// machines are noisy.
func firstPage(t *testing.T, base string, began time.Time) {
	t.Helper()
	res, err := http.Get(base + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(page), "/deploy") {
		t.Fatalf("the first page (%s, %v) does not name /deploy", res.Status, err)
	}
	t.Logf("the first page was there %d ms after the start", time.Since(began).Milliseconds())
}

// tab is an open page. What it says on its console and whom it asks for
// anything is on record.
type tab struct {
	*testing.T
	ctx  context.Context
	base string
	mu   sync.Mutex
	bad  []string // errors on the console, requests to other hosts
	fine string   // what an error may say because the test brought it about
}

func open(t *testing.T, base string) *tab {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("SKIPPED: no chromium on this machine; apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(1280, 900), chromedp.Flag("lang", "en-US"),
		// Letters are drawn alike on every machine.
		chromedp.Flag("disable-lcd-text", true), chromedp.Flag("font-render-hinting", "none"), chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("hide-scrollbars", true))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	b := &tab{T: t, ctx: ctx, base: base}
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	b.watch()
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, s := range b.bad {
			t.Error(s)
		}
	})
	return b
}

// watch puts on record what nobody should have to see.
func (b *tab) watch() {
	b.Helper()
	messages := chromedp.Console(b.ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleException || m.Type == chromedp.ConsoleWarning {
				b.note("on the console: " + m.Text + " at " + m.URL)
			}
		}
	}()
	err := chromedp.Listen(b.ctx, func(event any) {
		e, ok := event.(*network.EventRequestWillBeSent)
		if !ok {
			return
		}
		if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme != "data" && u.Scheme != "about" && u.Hostname() != "127.0.0.1" {
			b.note("it asked another host: " + e.Request.URL)
		}
		b.mu.Lock()
		defer b.mu.Unlock()
	})
	if err != nil {
		b.Fatal(err)
	}
}

func (b *tab) note(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fine == "" || !strings.Contains(s, b.fine) {
		b.bad = append(b.bad, s)
	}
}

// pardon lets errors pass from now on that say a certain thing.
func (b *tab) pardon(saying string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fine = saying
}
