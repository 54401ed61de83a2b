package executor_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/executor"
	"github.com/roundtrip-bot/roundtrip/deploy/executor/executortest"
)

// TestMain makes this test binary the watcher, the command, and a server that
// crashes, too.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 {
		switch args := os.Args[2:]; os.Args[1] {
		case "supervise":
			timeout, err := time.ParseDuration(args[1])
			if err == nil {
				err = executor.Supervise(args[0], timeout, args[2:])
			}
			exitWith(err)
		case "act":
			exitWith(act(args[0]))
		case "crash":
			x, err := openCommand(args[0], args[1])
			if err == nil {
				err = x.Start(context.Background(), executortest.Order(1, 1))
			}
			if err == nil {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			}
			exitWith(err)
		}
	}
	os.Exit(m.Run())
}

// exitWith ends at once: the race detector would wait a second.
func exitWith(err error) {
	if err != nil {
		fmt.Println(err)
		syscall.Exit(1)
	}
	syscall.Exit(0)
}

// act is a command that deploys into a folder: what is stable, and what is
// beside it with its weight.
func act(dir string) error {
	verb, sha, key := os.Getenv("ROUNDTRIP_VERB"), os.Getenv("ROUNDTRIP_SHA"), os.Getenv("ROUNDTRIP_KEY")
	file := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(file("environment"), []byte(strings.Join(os.Environ(), "\n")), 0o600); err != nil {
		return err
	}
	canary := []byte(sha + " " + os.Getenv("ROUNDTRIP_WEIGHT"))
	switch verb {
	case "start":
		f, err := os.OpenFile(file("started"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		if _, err := f.WriteString(key + "\n"); err != nil {
			return err
		}
		for !there(file("go")) {
			time.Sleep(5 * time.Millisecond)
		}
		if why, err := os.ReadFile(file("fail")); err == nil {
			fmt.Println("first one thing, then another:")
			return errors.Join(errors.New(string(why)), os.Remove(file("fail")))
		}
		return os.WriteFile(file("canary"), canary, 0o600)
	case "weight":
		return os.WriteFile(file("canary"), canary, 0o600)
	case "finish":
		return errors.Join(os.WriteFile(file("stable"), []byte(sha), 0o600), os.Remove(file("canary")))
	}
	return os.RemoveAll(file("canary"))
}

func there(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func openCommand(state, dir string) (executor.Executor, error) {
	return openRun(state, time.Minute, self(), "act", dir)
}

func self() string {
	path, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return path
}

func openRun(state string, timeout time.Duration, run ...string) (executor.Executor, error) {
	for _, k := range executor.Kinds() {
		if k.Name == "command" {
			return k.New(executor.Endpoint{Run: run, Timeout: timeout}, executor.Options{State: state, Supervisor: []string{self(), "supervise"}})
		}
	}
	return nil, errors.New("there is no command")
}

// machine is the world of a command, and its executor in between: it loses
// answers and is restarted then, and takes the folder of its state away.
type machine struct {
	executor.Executor
	t          *testing.T
	state, dir string
	mu         sync.Mutex
	away, lost int
	orders     []bot.StageOrder
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	m := &machine{t: t, state: filepath.Join(t.TempDir(), "state"), dir: t.TempDir()}
	m.write("stable", string(executortest.Old))
	m.restart()
	return m
}

func (m *machine) restart() {
	var err error
	if m.Executor, err = openCommand(m.state, m.dir); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) file(name string) string { return filepath.Join(m.dir, name) }

func (m *machine) write(name, text string) {
	if err := os.WriteFile(m.file(name), []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) read(name string) string {
	text, _ := os.ReadFile(m.file(name))
	return string(text)
}

// Settle lets what starts go on, and waits until nothing starts any more.
func (m *machine) Settle() {
	m.write("go", "")
	defer func() { _ = os.Remove(m.file("go")) }()
	for _, o := range m.orders {
		settled(m.t, m.Executor, o)
	}
}

func settled(t *testing.T, x executor.Executor, o bot.StageOrder) {
	for range 2000 {
		if seen, err := x.Observe(t.Context(), o); err != nil || seen.State != bot.StageRunning {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("it starts for ever")
}

func (m *machine) FailNext(why string) { m.write("fail", why) }
func (m *machine) Unavailable(n int)   { m.away = n }
func (m *machine) LoseAnswers(n int)   { m.lost = n }
func (m *machine) Stable() bot.SHA     { return bot.SHA(m.read("stable")) }
func (m *machine) Canary() (bot.SHA, int) {
	sha, weight, _ := strings.Cut(m.read("canary"), " ")
	n, _ := strconv.Atoi(weight)
	return bot.SHA(sha), n
}

// Started counts what the commands wrote down, once all that were begun had
// the time to.
func (m *machine) Started(key string) int {
	begun, _ := filepath.Glob(filepath.Join(m.state, "*", "*", "*", "run"))
	starts := 0
	for _, file := range begun {
		if text, _ := os.ReadFile(file); strings.Contains(string(text), `"verb":"start"`) {
			starts++
		}
	}
	for i := 0; i < 2000 && strings.Count(m.read("started"), "\n") < starts; i++ {
		time.Sleep(5 * time.Millisecond)
	}
	return strings.Count(m.read("started"), key+"\n")
}

// pass lets a call through, unless the world has other plans.
func (m *machine) pass(f func() error) error {
	if m.away > 0 {
		m.away--
		if err := os.Rename(m.state, m.state+".away"); err != nil {
			m.t.Fatal(err)
		}
		defer func() { _ = os.Rename(m.state+".away", m.state) }()
	}
	err := f()
	if m.lost > 0 {
		m.lost--
		m.restart()
		return errors.New("the answer is lost")
	}
	return err
}

func (m *machine) Start(ctx context.Context, o bot.StageOrder) error {
	m.mu.Lock()
	m.orders = append(m.orders, o)
	m.mu.Unlock()
	return m.pass(func() error { return m.Executor.Start(ctx, o) })
}

func (m *machine) Find(ctx context.Context, o bot.StageOrder) (found bool, err error) {
	err = m.pass(func() error { found, err = m.Executor.Find(ctx, o); return err })
	return found, err
}

func (m *machine) Observe(ctx context.Context, o bot.StageOrder) (seen bot.Observation, err error) {
	err = m.pass(func() error { seen, err = m.Executor.Observe(ctx, o); return err })
	return seen, err
}

func (m *machine) SetWeight(ctx context.Context, o bot.StageOrder) error {
	return m.pass(func() error { return m.Executor.SetWeight(ctx, o) })
}

func (m *machine) Finish(ctx context.Context, o bot.StageOrder) error {
	return m.pass(func() error { return m.Executor.Finish(ctx, o) })
}

func (m *machine) Abort(ctx context.Context, o bot.StageOrder) error {
	return m.pass(func() error { return m.Executor.Abort(ctx, o) })
}
