package executor

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process names a process for as long as machines remember: ids are given out
// again.
type process struct {
	PID   int    `json:"pid"`
	Start string `json:"start"` // ticks since the machine's own start
	Boot  string `json:"boot"`
}

// who reads the process of an id; Start is empty when there is none. On systems
// without /proc nothing is ever known to be alive.
func who(pid int) process {
	p := process{PID: pid}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	s, there := statOf(pid)
	if err == nil && there {
		p.Start, p.Boot = s.start, strings.TrimSpace(string(boot))
	}
	return p
}

// stat is what we need of /proc/‹id›/stat.
type stat struct{ group, start string }

// statOf reads it; false when there is no such process, or only what is left of it.
func statOf(pid int) (s stat, there bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return s, false
	}
	// The name, in parentheses, may hold anything. The state follows it, the
	// group is the third after it and the start the twentieth (proc(5)).
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 20 || fields[0] == "Z" {
		return s, false
	}
	return stat{group: fields[2], start: fields[19]}, true
}

// process reads who watches a run; false when it has not said so yet.
func (r run) process() (p process, known bool) {
	text, err := os.ReadFile(filepath.Join(r.dir, "pid"))
	if err != nil || json.Unmarshal(text, &p) != nil {
		return p, false
	}
	return p, p.PID > 1
}

func (r run) alive() bool {
	p, known := r.process()
	if !known {
		return time.Since(r.Began) < comeUp
	}
	return p.Start != "" && who(p.PID) == p
}

// left reports whether anything runs that belongs to a run: the group that its
// watcher led, unless the machine was started again, or the id was given to
// somebody else, who does not have the run's key.
func (r run) left() bool {
	p, known := r.process()
	if !known || p.Start == "" || p.Boot != who(os.Getpid()).Boot {
		return false
	}
	if leader, there := statOf(p.PID); there {
		return leader.start == p.Start // the id of a group that lives is not given out again
	}
	for _, pid := range members(p.PID) {
		if environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid)); err == nil &&
			slices.Contains(strings.Split(string(environ), "\x00"), "ROUNDTRIP_KEY="+r.Key) {
			return true
		}
	}
	return false
}

// members are the processes of a group.
func members(group int) (all []int) {
	entries, _ := os.ReadDir("/proc") // on systems without it there are none
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if s, there := statOf(pid); there && s.group == strconv.Itoa(group) {
			all = append(all, pid)
		}
	}
	return all
}

// end stops all that is left of a run: it is asked to, and after grace it is
// not asked any more. Who does not end even then is an error.
func (r run) end() error {
	began, killed := time.Now(), false
	for asked := false; r.left(); time.Sleep(10 * time.Millisecond) {
		p, _ := r.process()
		switch late := time.Since(began); {
		case !asked:
			asked = true
			_ = syscall.Kill(-p.PID, syscall.SIGTERM)
		case late > 2*grace:
			return fmt.Errorf("stop %s: its processes, group %d, do not end", r.Key, p.PID)
		case late > grace && !killed:
			killed = true
			_ = syscall.Kill(-p.PID, syscall.SIGKILL)
		}
	}
	return nil
}

// abandon ends a run that nobody watches any more, and reports whether anything
// was left of it.
func (r run) abandon() (left bool, err error) {
	if !r.left() {
		return false, nil
	}
	if err := r.end(); err != nil {
		return true, err
	}
	return true, writeExit(r.dir, exit{Code: -1, Why: nobodyWatched})
}

const nobodyWatched = "its watcher was killed, so the command was stopped"

// stop ends a run with all that belongs to it.
func (x *command) stop(r run) error {
	for known := false; !known && r.alive(); time.Sleep(10 * time.Millisecond) {
		_, known = r.process()
	}
	if err := r.end(); err != nil {
		return err
	}
	if _, ended, err := readExit(r.dir); ended || err != nil {
		return err
	}
	return writeExit(r.dir, exit{Code: -1, Why: "the command was stopped"})
}

// tidy stops what failed runs left behind, so that nothing runs beside what
// begins next. What a run that succeeded left is what it was to put in place.
func (d deployment) tidy() error {
	for _, r := range d.runs {
		if r.state != failed {
			continue
		}
		if err := r.end(); err != nil {
			return err
		}
	}
	return nil
}
