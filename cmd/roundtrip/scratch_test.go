package main

import (
	"errors"
	"os"
	"testing"
)

// What is left of a scratch directory is nothing, and what the command said stays said.
func TestScratchIsGone(t *testing.T) {
	t.Parallel()
	dir, gone, err := scratch("test")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/left", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	said := errors.New("said")
	err = said
	gone(&err)
	if _, stat := os.Stat(dir); !errors.Is(stat, os.ErrNotExist) || !errors.Is(err, said) {
		t.Errorf("%v, %v", stat, err)
	}
}
