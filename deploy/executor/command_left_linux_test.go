package executor_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/executor"
	"github.com/roundtrip-bot/roundtrip/deploy/executor/executortest"
)

// watcher is what a run's pid file says.
type watcher struct {
	PID   int    `json:"pid"`
	Start string `json:"start"`
	Boot  string `json:"boot"`
}

// marking runs a start, of shell, that writes marks, and an abort that writes
// one; it answers the executor, the file of the watcher and that of the marks
// once there are some. Nothing of it outlives the test.
func marking(t *testing.T, start string) (x executor.Executor, pid, marks string) {
	t.Helper()
	dir := t.TempDir()
	marks = filepath.Join(dir, "marks")
	x, err := openRun(filepath.Join(dir, "state"), time.Minute, "/bin/sh", "-c",
		`mark() { while :; do echo start >>`+marks+`; sleep .05; done; }
		case $ROUNDTRIP_VERB in start) `+start+`;; *) echo $ROUNDTRIP_VERB >>`+marks+`;; esac`)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Start(t.Context(), executortest.Order(1, 1)); err != nil {
		t.Fatal(err)
	}
	for text, _ := os.ReadFile(marks); len(text) == 0; text, _ = os.ReadFile(marks) { // a shell makes the file before it writes
		time.Sleep(5 * time.Millisecond)
	}
	found, err := filepath.Glob(filepath.Join(dir, "state", "*", "*", "0001", "pid"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%q, %v", found, err)
	}
	t.Cleanup(func() { _ = syscall.Kill(-readWatcher(t, found[0]).PID, syscall.SIGKILL) })
	return x, found[0], marks
}

func readWatcher(t *testing.T, file string) (w watcher) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &w)
	}
	if err != nil || w.PID < 2 {
		t.Fatalf("%+v, %v", w, err)
	}
	return w
}

// nothingAfter fails when anything is written after the last mark, which must
// be an abort's. It gives what may still run the time to write ten times.
func nothingAfter(t *testing.T, marks string) {
	t.Helper()
	time.Sleep(500 * time.Millisecond)
	text, err := os.ReadFile(marks)
	if err != nil || !strings.HasSuffix(string(text), "start\nabort\n") {
		t.Errorf("the abort was not alone: %v, …%q", err, text[max(0, len(text)-40):])
	}
}

// TestACommandDoesNotOutliveItsWatcher: only the watcher is killed. Nobody
// would see how the command ends, nor stop it in time; it is stopped before it
// is said to have failed, and what follows runs alone.
func TestACommandDoesNotOutliveItsWatcher(t *testing.T) {
	for name, start := range map[string]string{
		"itself":       "mark",
		"a child":      "mark & wait",
		"out of hand":  "(mark &) >/dev/null 2>&1; sleep 60",
		"and it traps": "trap : TERM; mark & while :; do wait; done",
	} {
		t.Run(name, func(t *testing.T) {
			x, pid, marks := marking(t, start)
			o := executortest.Order(1, 1)
			if err := syscall.Kill(readWatcher(t, pid).PID, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			settled(t, x, o)
			if seen, err := x.Observe(t.Context(), o); err != nil || seen.State != bot.StageFailed {
				t.Errorf("%+v, %v", seen, err)
			}
			if lives(t, readWatcher(t, pid).PID) {
				t.Error("it is said to have failed, and lives on")
			}
			if err := x.Abort(t.Context(), o); err != nil {
				t.Error(err)
			}
			nothingAfter(t, marks)
		})
	}
}

// TestWhatAFailedRunLeftIsStopped before the next begins, also what does not
// want to.
func TestWhatAFailedRunLeftIsStopped(t *testing.T) {
	for name, start := range map[string]string{
		"it failed":      "mark >/dev/null 2>&1 & sleep .2; exit 1",
		"it was aborted": "(trap '' TERM; mark) >/dev/null 2>&1 & wait",
	} {
		t.Run(name, func(t *testing.T) {
			x, _, marks := marking(t, start)
			o := executortest.Order(1, 1)
			if name == "it failed" {
				settled(t, x, o)
			}
			if err := x.Abort(t.Context(), o); err != nil {
				t.Error(err)
			}
			nothingAfter(t, marks)
		})
	}
}

// TestAnIDThatWasGivenOutAgainIsNotHit: a group of somebody else's now has the
// id that a run's watcher had.
func TestAnIDThatWasGivenOutAgainIsNotHit(t *testing.T) {
	for name, c := range map[string]struct {
		shell string // of the other group
		env   []string
		boot  string
	}{
		"its leader is another":     {"exec sleep 60", []string{"ROUNDTRIP_KEY=7/42/shop/production/1"}, ""},
		"its leader is gone":        {"sleep 60 & exit", []string{"ROUNDTRIP_KEY=7/42/shop/production/11"}, ""},
		"the machine was restarted": {"sleep 60 & exit", []string{"ROUNDTRIP_KEY=7/42/shop/production/1"}, "another"},
	} {
		t.Run(name, func(t *testing.T) {
			x, pid, _ := marking(t, "mark")
			o, w := executortest.Order(1, 1), readWatcher(t, pid)
			if err := syscall.Kill(-w.PID, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			settled(t, x, o)
			other := exec.Command("/bin/sh", "-c", c.shell)
			other.Env, other.SysProcAttr = c.env, &syscall.SysProcAttr{Setpgid: true}
			if err := other.Start(); err != nil {
				t.Fatal(err)
			}
			id := other.Process.Pid
			t.Cleanup(func() { _ = syscall.Kill(-id, syscall.SIGKILL); _ = other.Wait() })
			if strings.HasSuffix(c.shell, "exit") {
				_ = other.Wait()
			}
			w.PID = id
			if c.boot != "" {
				w.Boot = c.boot
			}
			text, err := json.Marshal(w)
			if err == nil {
				err = os.WriteFile(pid, text, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			if seen, err := x.Observe(t.Context(), o); err != nil || seen.State != bot.StageFailed {
				t.Errorf("%+v, %v", seen, err)
			}
			if err := x.Abort(t.Context(), o); err != nil {
				t.Error(err)
			}
			if !lives(t, id) {
				t.Error("somebody else's group was hit")
			}
		})
	}
}

// lives reports whether a group holds a process that has not ended.
func lives(t *testing.T, group int) bool {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range stats {
		text, _ := os.ReadFile(file) // it may just have ended
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) > 2 && fields[0] != "Z" && fields[2] == strconv.Itoa(group) {
			return true
		}
	}
	return false
}
