package fakegithub

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDiff(t *testing.T) {
	before := map[string]string{"a": "1\n2\n3\n", "gone": "x\ny\n", "moved": "same\n", "tail": "1\n2"}
	after := map[string]string{"a": "1\n2b\n3\n4\n", "new": "n\n", "here": "same\n", "tail": "1\n2\n"}
	var got []string
	for _, d := range diff(before, after) {
		got = append(got, fmt.Sprintf("%s %s%s +%d -%d", d.status, d.was, d.path, d.added, d.deleted))
	}
	want := "modified a +2 -1; removed gone +0 -2; renamed movedhere +0 -0; added new +1 -0; modified tail +1 -1"
	if s := strings.Join(got, "; "); s != want {
		t.Errorf("got\n%s, want\n%s", s, want)
	}
	if p := diff(before, after)[0].patch; p != "@@ -1,3 +1,4 @@\n 1\n-2\n+2b\n 3\n+4" {
		t.Errorf("patch %q", p)
	}
}

// TestScripts: an edit script leads from the one text to the other, and is
// never longer than replacing it whole.
func TestScripts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOf(rapid.SampledFrom([]string{"a\n", "b\n", "c\n", "d\n"}))
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		var was, now []string
		changed := 0
		for _, e := range diffLines(a, b) {
			if e.op != '+' {
				was = append(was, e.line)
			}
			if e.op != '-' {
				now = append(now, e.line)
			}
			if e.op != ' ' {
				changed++
			}
		}
		if strings.Join(was, "") != strings.Join(a, "") || strings.Join(now, "") != strings.Join(b, "") {
			t.Fatalf("the script of %q and %q is wrong", a, b)
		}
		if want := len(a) + len(b) - 2*common(a, b); changed != want {
			t.Fatalf("%d edits between %q and %q, %d are enough", changed, a, b, want)
		}
	})
}

// common is the length of the longest common subsequence, the plain way.
func common(a, b []string) int {
	t := make([][]int, len(a)+1)
	for i := range t {
		t[i] = make([]int, len(b)+1)
	}
	for i := range a {
		for j := range b {
			if a[i] == b[j] {
				t[i+1][j+1] = t[i][j] + 1
			} else {
				t[i+1][j+1] = max(t[i][j+1], t[i+1][j])
			}
		}
	}
	return t[len(a)][len(b)]
}

func TestRender(t *testing.T) {
	for markdown, want := range map[string]string{
		"**a** <!-- mark -->":       "<p><strong>a</strong> </p>\n",
		"<!-- a -->\nx":             "\n<p>x</p>",
		"<script>alert(1)</script>": "&lt;script&gt;alert(1)&lt;/script&gt;",
		"a <img src=x onerror=y>":   "<p>a &lt;img src=x onerror=y&gt;</p>\n",
		"<details onclick=x>":       "&lt;details onclick=x&gt;",
		"<details><summary>More</summary>\n\n| a |\n|---|\n| 1 |": "<details><summary>More</summary>\n<table>",
		"[x](javascript:alert(1))":                                "<p><a href=\"\">x</a></p>\n",
	} {
		if got := render(markdown); !strings.HasPrefix(got, want) {
			t.Errorf("%q became %q", markdown, got)
		}
	}
}

// TestWalks holds the quick walks against the plain definition.
func TestWalks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []*commit
		for i := range rapid.IntRange(2, 12).Draw(t, "commits") {
			c := &commit{turn: i}
			for range rapid.IntRange(0, 2).Draw(t, "parents") {
				if i > 0 {
					c.parents = append(c.parents, all[rapid.IntRange(0, i-1).Draw(t, "parent")])
				}
			}
			all = append(all, c)
		}
		a, b := rapid.SampledFrom(all).Draw(t, "a"), rapid.SampledFrom(all).Draw(t, "b")
		ours, theirs := history(a), history(b)
		var base *commit
		var only []*commit
		for _, c := range all {
			switch {
			case ours[c] && theirs[c]:
				base = c
			case theirs[c]:
				only = append(only, c)
			}
		}
		if got := mergeBase(a, b); got != base {
			t.Fatalf("the base of %d and %d is %v, not %v", a.turn, b.turn, got, base)
		}
		if got := between(a, b); !slices.Equal(got, only) {
			t.Fatalf("between %d and %d are %v, not %v", a.turn, b.turn, got, only)
		}
	})
}

func history(c *commit) map[*commit]bool {
	seen := map[*commit]bool{c: true}
	for _, p := range c.parents {
		for q := range history(p) {
			seen[q] = true
		}
	}
	return seen
}

func TestMerge3(t *testing.T) {
	for _, c := range []struct{ base, ours, theirs, want string }{
		{"1\n2\n3\n4\n5\n", "1\nA\n3\n4\n5\n", "1\n2\n3\n4\nB\n", "1\nA\n3\n4\nB\n"},
		{"1\n2\n3\n", "0\n1\n2\n3\n", "1\n2\n3\n4\n", "0\n1\n2\n3\n4\n"},
		{"1\n2\n3\n", "1\n3\n", "1\n3\n", "1\n3\n"},
		{"1\n2\n3\n", "1\nA\n3\n", "1\nB\n3\n", "conflict"},
		{"1\n2\n3\n", "1\nA\n3\n", "1\n2\nB\n", "conflict"}, // they touch
		{"1\n2\n", "1\n2\n3\n", "1\n2\n4\n", "conflict"},
		{"", "", "x\n", "x\n"},
	} {
		got, clean := merge3(c.base, c.ours, c.theirs)
		if !clean {
			got = "conflict"
		}
		if got != c.want {
			t.Errorf("%q with %q and %q: %q, want %q", c.base, c.ours, c.theirs, got, c.want)
		}
	}
}

// TestMerge3IsFair: the order of the two does not matter, and who changed
// nothing loses nothing.
func TestMerge3IsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a\n", "b\n", "c\n"}), 0, 6).Draw(t, name), "")
		}
		base, ours, theirs := text("base"), text("ours"), text("theirs")
		ab, cleanAB := merge3(base, ours, theirs)
		ba, cleanBA := merge3(base, theirs, ours)
		if ab != ba || cleanAB != cleanBA {
			t.Fatalf("%q %v, the other way round %q %v", ab, cleanAB, ba, cleanBA)
		}
		if got, clean := merge3(base, base, theirs); got != theirs || !clean {
			t.Fatalf("against no change: %q %v", got, clean)
		}
	})
}
