package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSuperviseWatches: what a program said, and how it ended, is in a file,
// whatever its arguments look like.
func TestSuperviseWatches(t *testing.T) {
	dir := t.TempDir()
	var out, errs strings.Builder
	code := run(t.Context(), []string{superviseName, dir, "1m", "/bin/echo", "--help", "-x"}, nil, &out, &errs)
	text, err := os.ReadFile(filepath.Join(dir, "exit"))
	if code != 0 || err != nil || string(text) != `{"code":0,"output":"--help -x\n"}` {
		t.Errorf("%d, %s, %v: %s", code, text, err, errs.String())
	}
	for _, args := range [][]string{{superviseName}, {superviseName, dir, "soon", "/bin/true"}} {
		if code := run(t.Context(), args, nil, &out, &errs); code == 0 {
			t.Errorf("%q is taken", args)
		}
	}
}
