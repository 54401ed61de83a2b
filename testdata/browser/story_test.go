package browser_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// told is a story that is played line by line, while its pages stand still.
type told struct {
	*testing.T
	lines *bufio.Scanner
	enter io.WriteCloser
}

// telling begins a story of testdata/stories.
func telling(t *testing.T, story string) *told {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, "playground", "--step", "--story", "../stories/"+story+".txt")
	c.Stderr, c.Env = os.Stderr, append(os.Environ(), "TZ=UTC")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	enter, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	s := &told{T: t, lines: bufio.NewScanner(out), enter: enter}
	s.lines.Buffer(nil, 1<<20)
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGINT) // it takes its folder away
		_, _ = io.Copy(io.Discard, out)      // what it still tells nobody reads
		_ = c.Wait()                         // a story that is left ends with an error
	})
	return s
}

// until goes on to a line and answers where the world of that moment is seen.
func (s *told) until(line string) (base string) {
	s.Helper()
	here := false
	for s.lines.Scan() {
		text := s.lines.Text()
		if strings.HasPrefix(text, "> ") {
			here = text == "> "+line
		}
		at, found := strings.CutPrefix(text, "  look at ")
		if !found {
			continue
		}
		at, _, _ = strings.Cut(at, "/ - ")
		if here {
			return at
		}
		s.goOn()
	}
	s.Fatalf("the story has no line %q", line)
	return ""
}

func (s *told) goOn() {
	s.Helper()
	if _, err := io.WriteString(s.enter, "\n"); err != nil {
		s.Fatal(err)
	}
}
