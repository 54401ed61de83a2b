package main

import (
	"bytes"
	"maps"
	"strings"
	"testing"
)

// Sizes are as they were recorded, and too many calls are an error.
func TestRecordedSizes(t *testing.T) {
	for _, r := range recorded[1:] {
		if lines, files := sizeAt(r.percent); lines != int(r.lines) || files < 1 || files > 150 {
			t.Errorf("%v: %d lines in %d files", r, lines, files)
		}
	}
	free, dear := map[string]int{"POST x": 2}, map[string]int{"GET x": 1}
	for _, c := range []struct {
		free, dear, each int
		ok               bool
	}{{75, 25, 1, true}, {73, 27, 1, false}, {75, 25, 2, false}, {98, 2, 4, false}} {
		var out bytes.Buffer
		var each []map[string]int
		for range c.free {
			each = append(each, free)
		}
		for range c.dear {
			one := maps.Clone(dear)
			one["GET x"] = c.each
			each = append(each, one)
		}
		if err := tellSizes(&out, each); (err == nil) != c.ok || !strings.Contains(out.String(), "100 changes") {
			t.Errorf("%+v: %v\n%s", c, err, out.String())
		}
	}
}

// TestTheBudget: what each scenario may ask of GitHub. Of a change below the
// warning line no read and one write a check; whoever needs more says here why.
func TestTheBudget(t *testing.T) {
	budget := map[string][2]int{
		"the very first change":        {0, 2},
		"change opened":                {0, 2},
		"the first large change":       {2, 2}, // its files, and the tree for .gitattributes
		"a large change":               {1, 2},
		"push to a change":             {0, 2},
		"a change edits our file":      {1, 3}, // reads what it edits, and judges that too
		"check finished on a change":   {0, 0},
		"the first check of main":      {1, 1}, // is it still the newest commit? Then the open change hears that main is green
		"check finished on main":       {0, 0},
		"change merged":                {0, 0},
		"/status":                      {2, 3}, // who asks; eyes, the answer, a thumb
		"/deploy staging":              {8, 6}, // when its head came, too: webhooks come in any order
		"a comment that is no command": {0, 0},
	}
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			reads, writes, which, err := s.count(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if most, ok := budget[s.name]; !ok || reads != most[0] || writes != most[1] {
				t.Errorf("%d reads and %d writes, want %v: %s", reads, writes, most, which)
			}
		})
	}
}
