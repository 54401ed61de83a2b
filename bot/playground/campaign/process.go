package campaign

import (
	"bufio"
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

	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// Serve says how the bot is started as a process of its own.
type Serve struct {
	Program  string            // its path
	Env      []string          // instead of what the world's settings say, and what we have
	World    *playground.World // that it is to work in
	Database string
	Dir      string // for its file of settings
	Settings []byte // of that file; nil: the world's
}

// Process is roundtrip serve.
type Process struct {
	URL   string       // where it listens
	Hooks http.Handler // leads there
	cmd   *exec.Cmd
	done  chan struct{}
	mu    sync.Mutex
	log   strings.Builder
}

var listens = regexp.MustCompile(`roundtrip is up.* listen=(\S+)`)

// Start it and wait until it listens.
func (s Serve) Start() (*Process, error) {
	file := filepath.Join(s.Dir, "server.yml")
	if s.Settings == nil {
		s.Settings = s.World.File()
	}
	if err := os.WriteFile(file, s.Settings, 0o600); err != nil {
		return nil, err
	}
	p := &Process{cmd: exec.Command(s.Program, "serve", "--config", file), done: make(chan struct{})} //nolint:noctx // it ends by Kill or Interrupt
	p.cmd.Env = slices.DeleteFunc(os.Environ(), ours)
	for k, v := range s.World.Settings(s.Database) {
		p.cmd.Env = append(p.cmd.Env, k+"="+v)
	}
	p.cmd.Env = append(p.cmd.Env, s.Env...) // of two the last counts
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	up := make(chan string, 1)
	go p.read(bufio.NewScanner(stderr), up)
	select {
	case addr := <-up:
		proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: addr})
		proxy.ErrorLog = log.New(io.Discard, "", 0) // it is killed on purpose
		p.URL, p.Hooks = "http://"+addr, proxy
		return p, nil
	case <-p.done:
		return nil, fmt.Errorf("serve ended at once:\n%s", p.Said())
	}
}

// ours is a variable that a process must not inherit.
func ours(variable string) bool { return strings.HasPrefix(variable, "ROUNDTRIP_") }

func (p *Process) read(lines *bufio.Scanner, up chan<- string) {
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

// Said is its log so far.
func (p *Process) Said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// is reports whether the owner of a lease is this process.
func (p *Process) is(owner string) bool {
	return strings.Contains(owner, fmt.Sprintf("/%d/", p.cmd.Process.Pid))
}

// Kill is SIGKILL: nothing is tidied up.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // it may have ended already
	<-p.done
}

// Interrupt is what Ctrl-C does; it answers the exit status.
func (p *Process) Interrupt() int { return p.told(syscall.SIGINT) }

// Terminate is what a machine or a container does that ends; likewise.
func (p *Process) Terminate() int { return p.told(syscall.SIGTERM) }

func (p *Process) told(s syscall.Signal) int {
	_ = p.cmd.Process.Signal(s)
	<-p.done
	return p.cmd.ProcessState.ExitCode()
}
