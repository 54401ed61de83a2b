package playground

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
	"time"
)

// TestGoFile: what a change of the world adds is Go of exactly so many lines,
// formatted, and it compiles; the same asked twice is the same.
func TestGoFile(t *testing.T) {
	for idea, lines := range map[string]int{"add_gift_wrapping": 14, "faster_prices": 11, "vouchers_alone": 18, "repair_the_unit_test": 6} {
		if goFile(idea, lines) != drafts[idea] {
			t.Errorf("the draft of %s has not %d lines", idea, lines)
		}
		compiles(t, idea, drafts[idea])
	}
	for _, idea := range append(ideas, "add_gift_wrapping", "more_3", "faster_prices") {
		for lines := 1; lines < 160; lines++ {
			text := goFile(idea, lines)
			if n := strings.Count(text, "\n"); n != lines {
				t.Fatalf("%s of %d lines has %d:\n%s", idea, lines, n, text)
			}
			if text != goFile(idea, lines) {
				t.Fatalf("%s of %d lines is another the second time", idea, lines)
			}
			compiles(t, idea, text)
		}
	}
	compiles(t, "prices", prices(40))
}

func compiles(t *testing.T, idea, text string) {
	t.Helper()
	formatted, err := format.Source([]byte(text))
	if err != nil || string(formatted) != text {
		t.Fatalf("%s is not formatted (%v):\n%s", idea, err, text)
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, idea+".go", text, 0)
	if err == nil {
		_, err = (&types.Config{}).Check("shop", files, []*ast.File{file}, nil)
	}
	if err != nil {
		t.Fatalf("%s does not compile: %v\n%s", idea, err, text)
	}
}

// TestEverythingAtOnce is of 900 lines in twelve files, no two alike.
func TestEverythingAtOnce(t *testing.T) {
	w, err := New(t.Context(), Options{Clock: NewClock(time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC))})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	files, err := w.Edit("main", "everything_at_once", Size{Added: 900, Files: 12})
	if err != nil {
		t.Fatal(err)
	}
	n, bodies := 0, map[string]bool{}
	for _, text := range files {
		n += strings.Count(text, "\n")
		bodies[text] = true
	}
	if n != 900 || len(bodies) != 12 {
		t.Errorf("%d lines in %d different files", n, len(bodies))
	}
}
