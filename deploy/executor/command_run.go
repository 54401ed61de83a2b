package executor

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

const (
	maxOutput = 64 << 10         // bytes that are kept, of the end
	grace     = 5 * time.Second  // between asking a program to stop and stopping it
	comeUp    = 30 * time.Second // that a watcher may take to say who it is
)

// inherited are the only variables of ours that a command gets: none holds a
// secret.
var inherited = []string{"PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"}

// environment is all that a command is told.
func (r run) environment(o bot.StageOrder) (list []string) {
	for _, name := range inherited {
		if v, ok := os.LookupEnv(name); ok {
			list = append(list, name+"="+v)
		}
	}
	for _, p := range sortedParams(o.Params) {
		list = append(list, deploy.Variable(p)+"="+o.Params[p])
	}
	return append(list,
		"ROUNDTRIP_VERB="+r.Verb, "ROUNDTRIP_KEY="+o.Key, "ROUNDTRIP_FENCE="+strconv.Itoa(o.Fence),
		"ROUNDTRIP_REPOSITORY="+string(o.Repo.Name), "ROUNDTRIP_SERVICE="+o.Service, "ROUNDTRIP_ENVIRONMENT="+o.Environment, "ROUNDTRIP_STAGE="+string(o.Stage),
		"ROUNDTRIP_SHA="+string(o.SHA), "ROUNDTRIP_STABLE_SHA="+string(o.StableSHA), "ROUNDTRIP_WEIGHT="+strconv.Itoa(o.Weight))
}

// spawn starts a watcher in a process group of its own: it outlives us, and
// writes down how the command ends.
func (x *command) spawn(r run, o bot.StageOrder) error {
	argv := append([]string{}, x.supervisor...)
	argv = append(append(argv, r.dir, x.timeout.String()), x.argv...)
	cmd := exec.Command(argv[0], argv[1:]...) //nolint:gosec,noctx // the operator's own words; it shall outlive us
	cmd.Env = r.environment(o)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return writeExit(r.dir, exit{Code: -1, Why: "the command cannot be watched: " + err.Error()})
	}
	go func() { _ = cmd.Wait() }() // else it stays as a zombie; its end is in the file
	return nil
}

// Supervise is the watcher: it runs argv, in the process group in which it is
// itself, for at most timeout, and writes into dir who it is, how argv ended,
// and the end of what it said.
func Supervise(dir string, timeout time.Duration, argv []string) error {
	// Who stops the group means the command; we stay to see its end.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	me, err := json.Marshal(who(os.Getpid()))
	if err != nil {
		return err
	}
	if err := write(filepath.Join(dir, "pid"), me); err != nil {
		return err
	}
	var said tail
	cmd := exec.Command(argv[0], argv[1:]...) //nolint:gosec,noctx // the operator's own words
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &said, &said, time.Second
	// Who dies with us dies with the thread that began it: this one stays.
	runtime.LockOSThread()
	cmd.SysProcAttr = tied()
	if err := cmd.Start(); err != nil {
		return writeExit(dir, exit{Code: -1, Why: "the command cannot be run: " + err.Error()})
	}
	var how error
	ended := make(chan struct{})
	go func() { how = cmd.Wait(); close(ended) }()
	select {
	case <-ended:
		return writeExit(dir, exitOf(how, said.text()))
	case <-time.After(timeout):
	}
	_ = syscall.Kill(0, syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(grace):
	}
	err = writeExit(dir, exit{Code: -1, Why: "the command took longer than " + timeout.String()})
	_ = syscall.Kill(0, syscall.SIGKILL) // with all that it left behind
	return err
}

// exit is how a run ended.
type exit struct {
	Code   int    `json:"code"`
	Why    string `json:"why,omitempty"` // when it was not by itself
	Output string `json:"output,omitempty"`
}

// says is for people: the last line of what the command said.
func (e exit) says() string {
	if e.Why != "" {
		return line(e.Why, 200)
	}
	lines := strings.Split(strings.TrimSpace(e.Output), "\n")
	if last := line(lines[len(lines)-1], 200); last != "" {
		return last
	}
	return fmt.Sprintf("the command ended with status %d", e.Code)
}

func exitOf(err error, output string) exit {
	e := exit{Output: output}
	var status *exec.ExitError
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay): // what it left behind holds its output
	case errors.As(err, &status) && status.ExitCode() > 0:
		e.Code = status.ExitCode()
	default:
		e.Code, e.Why = -1, "the command was stopped: "+err.Error()
	}
	return e
}

func writeExit(dir string, e exit) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return write(filepath.Join(dir, "exit"), text)
}

func readExit(dir string) (e exit, found bool, err error) {
	text, err := os.ReadFile(filepath.Join(dir, "exit")) //nolint:gosec // in a folder of our own
	if errors.Is(err, fs.ErrNotExist) {
		return e, false, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &e)
	}
	return e, err == nil, err
}

// tail keeps the end of what is written.
type tail struct{ kept []byte }

func (t *tail) Write(b []byte) (int, error) {
	t.kept = append(t.kept, b...)
	if over := len(t.kept) - maxOutput; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(b), nil
}

func (t *tail) text() string { return strings.ToValidUTF8(string(t.kept), "") }
