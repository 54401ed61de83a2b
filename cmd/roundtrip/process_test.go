package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
)

// process is roundtrip serve as a process of its own.
type process struct {
	hooks http.Handler // where it hears
	cmd   *exec.Cmd
	done  chan struct{}
	mu    sync.Mutex
	log   strings.Builder
}

// ours is a variable that a process under test must not inherit.
func ours(variable string) bool { return strings.HasPrefix(variable, "ROUNDTRIP_") }

var listens = regexp.MustCompile(`roundtrip is up.* listen=(\S+)`)

// databaseIn is where the bot of a folder has its database: in a file there, or
// with ROUNDTRIP_TEST_ON=postgres in PostgreSQL.
func databaseIn(t *testing.T, dir string) string {
	t.Helper()
	return pgtest.At(t, filepath.Join(dir, "roundtrip.db"))
}

// serveIn starts serve against a world and waits until it listens; the
// world's hooks go to it from then on.
func serveIn(t *testing.T, w *playground.World, dir string) *process {
	t.Helper()
	return serveBy(t, w, dir, w.File())
}

// serveBy is serveIn with another file of settings than the world's.
func serveBy(t *testing.T, w *playground.World, dir string, settings []byte) *process {
	t.Helper()
	file := filepath.Join(dir, "server.yml")
	if err := os.WriteFile(file, settings, 0o600); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.Command(os.Args[0], "serve", "--config", file), done: make(chan struct{})}
	p.cmd.Env = append(slices.DeleteFunc(os.Environ(), ours), asMain+"=1")
	for k, v := range w.Settings(databaseIn(t, dir)) {
		p.cmd.Env = append(p.cmd.Env, k+"="+v)
	}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	up := make(chan string, 1)
	go p.read(bufio.NewScanner(stderr), up)
	select {
	case addr := <-up:
		proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: addr})
		proxy.ErrorLog = log.New(io.Discard, "", 0) // serve is killed on purpose
		p.hooks = proxy
		w.SetBot(proxy)
		w.GitHub.HoldHooks(false)
	case <-p.done:
		t.Fatalf("serve ended at once:\n%s", p.said())
	}
	return p
}

func (p *process) read(lines *bufio.Scanner, up chan<- string) {
	for lines.Scan() {
		p.mu.Lock()
		p.log.WriteString(lines.Text() + "\n")
		p.mu.Unlock()
		if m := listens.FindStringSubmatch(lines.Text()); m != nil {
			up <- m[1]
		}
	}
	_ = p.cmd.Wait() // killed processes end with an error
	close(p.done)
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// kill is SIGKILL: nothing is tidied up.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended already
	<-p.done
}

// interrupt is what Ctrl-C does; it answers the exit status.
func (p *process) interrupt() int {
	_ = p.cmd.Process.Signal(syscall.SIGINT)
	<-p.done
	return p.cmd.ProcessState.ExitCode()
}

// live is a world in real time with its pretend people at work.
func live(t *testing.T, file string) *playground.World {
	t.Helper()
	w, err := playground.New(t.Context(), playground.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	if err := w.Found(file); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var working sync.WaitGroup
	w.GitHub.HoldHooks(true) // until somebody hears
	working.Go(func() { w.GitHub.Run(ctx) })
	working.Go(func() { w.RunLoad(ctx, 300) })
	t.Cleanup(func() { stop(); working.Wait() })
	tellOnFailure(t, w)
	return w
}

// patience is how long a test waits for what must come; it is no claim about
// speed. The race detector makes SQLite ten times slower, and a machine may
// have other things to do.
const patience = 6 * time.Minute

// until waits for something to become true.
func until(t *testing.T, p *process, what string, is func() bool) {
	t.Helper()
	begun := time.Now()
	told := begun
	for time.Since(begun) < patience {
		if is() {
			return
		}
		if time.Since(told) > time.Minute { // go test's own end would not say what was waited for
			told = time.Now()
			fmt.Fprintf(os.Stderr, "%s: for %s it has not come to this: %s\n", t.Name(), time.Since(begun).Round(time.Second), what)
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("it never came to this: %s\n%s", what, p.said())
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// tellOnFailure shows what people would have seen, when a test fails.
func tellOnFailure(t *testing.T, w *playground.World) {
	t.Cleanup(func() {
		if !t.Failed() {
			return
		}
		for _, c := range w.GitHub.Changes(playground.Repo) {
			for _, m := range c.Comments {
				t.Logf("#%d %s: %s", c.Number, m.Author, m.Body)
			}
		}
		for _, d := range w.GitHub.Deployments(playground.Repo) {
			t.Logf("deployment of %s to %s: %v", d.SHA[:7], d.Environment, d.Statuses)
		}
		t.Logf("visitors: %+v", w.Load.Sums())
	})
}
