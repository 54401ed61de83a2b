package browser_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoNetworkOfItsOwn: where no network can be made, run says so aloud, and
// ends there if nothing may skip.
func TestNoNetworkOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	for name, status := range map[string]string{"unshare": "1", "npm": "7"} { // 7: it went on
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\nexit "+status+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		ci, nothing string
		status      int
	}{{"", "", 7}, {"true", "", 1}, {"", "1", 1}} {
		run := exec.Command("./run", os.Args[0])
		run.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "CI="+c.ci, "NOTHING_MAY_SKIP="+c.nothing)
		said, _ := run.CombinedOutput() // its status is held below
		if got := run.ProcessState.ExitCode(); got != c.status || !strings.Contains(string(said), "NO NETWORK OF ITS OWN") {
			t.Errorf("with CI=%q and NOTHING_MAY_SKIP=%q it ended with %d, want %d, and said: %s", c.ci, c.nothing, got, c.status, said)
		}
	}
}
