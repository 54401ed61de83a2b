package split

import (
	"fmt"
	"strings"
)

// Diff is a piece of a file as git apply --unidiff-zero takes it, after the
// file's pieces before it. Empty for a whole file: take it as it becomes.
func (p Piece) Diff(before []Piece) string {
	if len(p.Edits) == 0 {
		return ""
	}
	moved := 0 // by how many lines the pieces before have moved what follows
	for _, b := range before {
		for _, e := range b.Edits {
			if b.Path == p.Path {
				moved += len(e.Come) - len(e.Gone)
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "diff --git a/%s b/%s\n", p.Path, p.Path)
	if p.Status == "added" {
		fmt.Fprintf(&b, "new file mode 100644\n--- /dev/null\n+++ b/%s\n", p.Path)
	} else {
		fmt.Fprintf(&b, "--- a/%s\n+++ b/%s\n", p.Path, p.Path)
	}
	within := 0
	for _, e := range p.Edits {
		fmt.Fprintf(&b, "@@ -%s +%s @@\n", place(e.At+moved, len(e.Gone)), place(e.At+moved+within, len(e.Come)))
		write(&b, '-', e.Gone)
		write(&b, '+', e.Come)
		within += len(e.Come) - len(e.Gone)
	}
	return b.String()
}

func place(before, n int) string {
	if n > 0 {
		before++
	}
	return fmt.Sprintf("%d,%d", before, n)
}

func write(b *strings.Builder, mark byte, text []Line) {
	for _, l := range text {
		b.WriteByte(mark)
		b.WriteString(l.Text + "\n")
		if l.Open {
			b.WriteString("\\ No newline at end of file\n")
		}
	}
}
