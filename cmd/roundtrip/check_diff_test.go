package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// local is a clone whose origin/main has a file, and whose HEAD has files more.
func local(t *testing.T, file string, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	git := func(args ...string) {
		t.Helper()
		c := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null"}, args...)...)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	write := func(files map[string]string) {
		for path, text := range files {
			path = filepath.Join(dir, path)
			if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		git("add", "-A")
		git("commit", "-qm", "more")
	}
	git("init", "-q", "-b", "main")
	write(map[string]string{"README.md": "A shop.\n", ".gitattributes": "*.gen linguist-generated\n"})
	if file != "" {
		write(map[string]string{".github/roundtrip.yml": file})
	}
	git("update-ref", "refs/remotes/origin/main", "HEAD")
	git("switch", "-qc", "topic")
	write(files)
	return dir
}

func code(lines int) string {
	var b strings.Builder
	for i := range lines {
		fmt.Fprintf(&b, "call(%d)\n", i)
	}
	return b.String()
}

const blocks = "version: 1\nbatch:\n  mode: block\n  lines:\n    block: 150\n"

// What is about to be pushed is judged as the bot would judge it, by the base's
// rules; the exit status is 1 only where it would wait.
func TestCheckBeforeThePush(t *testing.T) {
	for name, c := range map[string]struct {
		file  string
		files map[string]string
		code  int
		says  []string
	}{
		"small, with a test": {blocks, map[string]string{"a.go": code(9), "a_test.go": code(9)}, 0, []string{"batch: 18 lines - on target\n  mode block; rule batch.lines.target, by default\n"}},
		"no test":            {blocks, map[string]string{"a.go": code(9)}, 0, []string{"9 lines - on target", "warning: 9 lines of code without a test. Next: add one"}},
		"too large":          {blocks, map[string]string{"a.go": code(151), "a_test.go": code(9)}, 1, []string{"batch: 151 lines - the limit here is 150\n  mode block; rule batch.lines.block, line 5 of .github/roundtrip.yml on origin/main\n", "Biggest: a.go 151.", "Not counted: a_test.go 9 (tests).", "git switch -c first-part origin/main"}},
		"warned":             {strings.Replace(blocks, "block\n", "warn\n", 1), map[string]string{"a.go": code(151), "a_test.go": code(9)}, 0, []string{"the limit here is 150\n  mode warn"}},
		"generated there":    {blocks, map[string]string{"a.gen": code(900), "a_test.go": code(1)}, 0, []string{"0 lines count, 901 do not", "a.gen 900 (generated, .gitattributes:1)"}},
		"not by itself":      {blocks, map[string]string{"a.go": code(151), ".gitattributes": "*.go linguist-generated\n", ".github/roundtrip.yml": "version: 1\n"}, 1, []string{"the limit here is 150"}},
		"no file":            {"", map[string]string{"a.go": code(900)}, 0, []string{"mode observe; rule batch.lines.block, by default, as origin/main has no .github/roundtrip.yml"}},
		"a file with faults": {"batsch: {}\n", map[string]string{"a.go": code(900)}, 0, []string{"origin/main has a mistake: .github/roundtrip.yml:1:1", "mode observe"}},
		"off":                {"version: 1\nbatch: {mode: \"off\"}\n", map[string]string{"a.go": code(900)}, 0, []string{"batch is off"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, out, complaint := runWith(t, nil, "check", "--diff", "origin/main", "--git", local(t, c.file, c.files))
			for _, want := range c.says {
				if !strings.Contains(out, want) {
					t.Errorf("%q is not in\n%s", want, out)
				}
			}
			if status != c.code || (complaint != "") != (c.code != 0) {
				t.Errorf("exit %d: %s\n%s", status, complaint, out)
			}
		})
	}
}

func TestCheckWantsABase(t *testing.T) {
	dir := local(t, blocks, map[string]string{"a.go": code(1)})
	if status, _, complaint := runWith(t, nil, "check", "--diff", "origin/nowhere", "--git", dir); status != 1 || !strings.Contains(complaint, "there is no commit origin/nowhere") {
		t.Errorf("%d: %s", status, complaint)
	}
	if status, _, complaint := runWith(t, nil, "check", "--diff", "origin/main", "a.yml"); status != 2 {
		t.Errorf("%d: %s", status, complaint)
	}
	if status, _, complaint := runWith(t, nil, "check", "--diff", "origin/main", "--git", t.TempDir()); status != 1 || !strings.Contains(complaint, "not a git repository") {
		t.Errorf("%d: %s", status, complaint)
	}
}
