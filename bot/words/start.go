package words

import (
	"fmt"
	"time"
)

// Start is a stage that starts with a merge, and does not while the file is
// wrong.
type Start struct {
	Place    string // "shop:staging"
	Path     string // of the file
	Mistakes []string
	Most     time.Duration // so long after the merge it is given up
}

// Wrong is what keeps it.
func (s Start) Wrong() string {
	return fmt.Sprintf("%s has %s", Code(s.Path), Plural(len(s.Mistakes), "mistake"))
}

// Waits says on the merged change what stands in the way and what to do.
func (s Start) Waits() string {
	return fmt.Sprintf("⏳ %s starts with this merge, and waits: %s, so nothing new is deployed by it. The first is at %s.\n\n"+
		"Correct the file on the default branch. Up to %s after the merge it then starts by itself; later:\n\n%s\n",
		s.Place, s.Wrong(), Code(s.Mistakes[0]), For(s.Most), s.line())
}

// GoesOn takes the place of Waits when the file is right.
func (s Start) GoesOn() string {
	return fmt.Sprintf("▶ %s is right again: %s starts with this merge as soon as its gates let it. Nothing to do.\n", Code(s.Path), s.Place)
}

// Contained takes its place when a later merge starts instead.
func (s Start) Contained(number int) string {
	return fmt.Sprintf("⏩ %s starts with #%d, which was merged later and contains this one. Nothing to do.\n", s.Place, number)
}

// Sent takes its place when somebody sent the merge there meanwhile.
func (s Start) Sent() string {
	return fmt.Sprintf("⏩ This merge was sent to %s meanwhile; it does not start there a second time by itself. Nothing to do.\n", s.Place)
}

// NoLonger takes its place when the file, which has the stage, does not ask for
// it any more.
func (s Start) NoLonger() string {
	return fmt.Sprintf("%s is right again, and %s starts with a merge no longer. To bring it there:\n\n%s\n", Code(s.Path), s.Place, s.line())
}

// Gone takes its place when the file names the stage or its service no more: no
// line leads there. What there is instead, /status tells.
func (s Start) Gone() string {
	return fmt.Sprintf("%s does not start: %s no longer names it. What it names, and what runs there:\n\n%s\n", s.Place, Code(s.Path), Paste("/status"))
}

func (s Start) line() string { return Paste("/deploy " + s.Place) }
