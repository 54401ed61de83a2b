package executor_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/executor"
	"github.com/roundtrip-bot/roundtrip/deploy/executor/executortest"
)

func TestCommandDoesWhatAnExecutorMust(t *testing.T) {
	executortest.Exercise(t, func(t *testing.T) (executor.Executor, executortest.World) {
		m := newMachine(t)
		t.Cleanup(m.Settle) // nothing is left running
		return m, m
	})
}

// TestACommandOutlivesACrash: a server is killed while its command runs; the
// next one finds it, starts nothing, and sees how it ends.
func TestACommandOutlivesACrash(t *testing.T) {
	m := newMachine(t)
	o := executortest.Order(1, 1)
	m.orders = append(m.orders, o)
	if out, err := exec.CommandContext(t.Context(), self(), "crash", m.state, m.dir).CombinedOutput(); err == nil || len(out) > 0 {
		t.Fatalf("it did not crash: %v %s", err, out)
	}
	if found, err := m.Find(t.Context(), o); err != nil || !found {
		t.Errorf("found %v, %v", found, err)
	}
	if seen, err := m.Observe(t.Context(), o); err != nil || seen.State != bot.StageRunning {
		t.Errorf("%+v, %v", seen, err)
	}
	if err := m.Start(t.Context(), o); err != nil {
		t.Error(err)
	}
	m.Settle()
	if seen, err := m.Observe(t.Context(), o); err != nil || seen.State != bot.StagePlaced || m.Started(o.Key) != 1 {
		t.Errorf("%+v, %v, started %d times", seen, err, m.Started(o.Key))
	}
}

// TestWhoseEndNobodySaw: the machine went down with all that ran.
func TestWhoseEndNobodySaw(t *testing.T) {
	m := newMachine(t)
	o := executortest.Order(1, 1)
	if err := m.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	for m.Started(o.Key) == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	pids, err := filepath.Glob(filepath.Join(m.state, "*", "*", "*", "pid"))
	if err != nil || len(pids) != 1 {
		t.Fatalf("%q, %v", pids, err)
	}
	text, err := os.ReadFile(pids[0])
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Sscanf(string(text), `{"pid":%d,`, &pid); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(-pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	settled(t, m.Executor, o)
	// What was killed a moment ago may be seen dying; then that is said.
	says := []string{"the command ended and nobody saw how", "its watcher was killed, so the command was stopped"}
	if seen, err := m.Observe(t.Context(), o); err != nil || seen.State != bot.StageFailed || !slices.Contains(says, seen.Message) {
		t.Errorf("%+v, %v", seen, err)
	}
	if found, err := m.Find(t.Context(), o); err != nil || !found {
		t.Errorf("found %v, %v", found, err)
	}
	if err := m.Start(t.Context(), o); err != nil || m.Started(o.Key) != 1 {
		t.Errorf("%v, started %d times", err, m.Started(o.Key))
	}
}

func TestACommandIsToldSoMuchAndNoMore(t *testing.T) {
	t.Setenv("ROUNDTRIP_GITHUB_PRIVATE_KEY", "hunter2")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
	m := newMachine(t)
	o := executortest.Order(1, 3)
	o.Params = map[string]string{"size-of.it": "small; $(rm -rf /)"}
	if err := m.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	m.Settle()
	told := "\n" + m.read("environment") + "\n"
	for _, want := range []string{
		"ROUNDTRIP_VERB=start", "ROUNDTRIP_KEY=" + o.Key, "ROUNDTRIP_FENCE=3", "ROUNDTRIP_SHA=" + string(o.SHA), "ROUNDTRIP_STABLE_SHA=" + string(o.StableSHA),
		"ROUNDTRIP_REPOSITORY=acme/shop", "ROUNDTRIP_SERVICE=shop", "ROUNDTRIP_ENVIRONMENT=production", "ROUNDTRIP_STAGE=canary", "ROUNDTRIP_WEIGHT=5",
		"ROUNDTRIP_PARAM_SIZE_OF_IT=small; $(rm -rf /)",
	} {
		if !strings.Contains(told, "\n"+want+"\n") {
			t.Errorf("%s is not in %s", want, told)
		}
	}
	if strings.Contains(told, "hunter2") {
		t.Error("a secret is in the environment")
	}
}

func TestHowRunsEnd(t *testing.T) {
	for name, c := range map[string]struct {
		run     []string
		timeout time.Duration
		says    string
	}{
		"too long, with all its children": {[]string{"/bin/sh", "-c", "sleep 60 & sleep 60"}, 100 * time.Millisecond, "took longer than 100ms"},
		"not there":                       {[]string{"/no/such/program"}, time.Minute, "cannot be run"},
		"without a word":                  {[]string{"/bin/sh", "-c", "exit 7"}, time.Minute, "status 7"},
		"endless and odd words":           {[]string{"/bin/sh", "-c", "yes x | head -c 300000; printf '\\nthe \\033[31mend\\377'; exit 1"}, time.Minute, "the [31mend"},
		"killed":                          {[]string{"/bin/sh", "-c", "kill -9 $$"}, time.Minute, "was stopped"},
		"it leaves something behind":      {[]string{"/bin/sh", "-c", "sleep 3 & exit 0"}, time.Minute, ""},
	} {
		state, o := filepath.Join(t.TempDir(), "state"), executortest.Order(1, 1)
		x, err := openRun(state, c.timeout, c.run...)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.Start(t.Context(), o); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		settled(t, x, o)
		seen, err := x.Observe(t.Context(), o)
		want := bot.StageFailed
		if c.says == "" {
			want = bot.StagePlaced
		}
		if err != nil || seen.State != want || !strings.Contains(seen.Message, c.says) || len(seen.Message) > 600 {
			t.Errorf("%s: %+v, %v", name, seen, err)
		}
	}
}

// TestAFailedMoveIsToldOnce, and tried again when it is asked for again.
func TestAFailedMoveIsToldOnce(t *testing.T) {
	dir := t.TempDir()
	x, err := openRun(filepath.Join(dir, "state"), time.Minute, "/bin/sh", "-c",
		`case $ROUNDTRIP_VERB in weight) echo x >>`+dir+`/weights; test -e `+dir+`/ok || { echo no such pool; exit 1; };; esac`)
	if err != nil {
		t.Fatal(err)
	}
	o := executortest.Order(1, 1)
	if err := x.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	settled(t, x, o)
	o.Weight = 50
	if err := x.SetWeight(t.Context(), o); !errors.As(err, &bot.Permanent{}) || !strings.Contains(err.Error(), "no such pool") {
		t.Errorf("%v", err)
	}
	if seen, err := x.Observe(t.Context(), o); err != nil || seen.State != bot.StagePlaced || seen.Weight != 5 || seen.Message != "no such pool" {
		t.Errorf("%+v, %v", seen, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "ok"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := x.SetWeight(t.Context(), o); err != nil {
		t.Errorf("again: %v", err)
	}
	if err := x.SetWeight(t.Context(), o); err != nil {
		t.Errorf("once more: %v", err)
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "weights")); len(text) != 4 {
		t.Errorf("it ran for the weight %d times, want 2", len(text)/2)
	}
}

func TestAnotherCommitUnderACommandsKey(t *testing.T) {
	m := newMachine(t)
	o := executortest.Order(1, 1)
	if err := m.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	m.Settle()
	o.SHA = executortest.Old
	if err := m.Start(t.Context(), o); !errors.As(err, &bot.Permanent{}) {
		t.Errorf("%v", err)
	}
	if found, err := m.Find(t.Context(), o); found || !errors.As(err, &bot.Permanent{}) {
		t.Errorf("found %v, %v", found, err)
	}
}
