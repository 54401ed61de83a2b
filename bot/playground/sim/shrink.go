package sim

import (
	"context"
	"strings"
)

// Shrink takes lines out of a script that fails, as long as it fails in the
// same way, and answers the shorter one as it was played last. It takes away
// halves, then quarters, down to single lines, until none can go.
func (c Cast) Shrink(ctx context.Context, failed Result) (Result, error) {
	for chunk := len(failed.Script.Lines) / 2; chunk > 0; {
		shorter := false
		for at := 0; at < len(failed.Script.Lines); {
			r, err := c.Play(ctx, failed.Script.without(at, chunk), false)
			if err != nil {
				return failed, err
			}
			if same(r, failed) {
				failed, shorter = r, true
				continue // what has come to this place is next
			}
			at += chunk
		}
		if !shorter || chunk > 1 {
			chunk /= 2
		}
	}
	return failed, nil
}

func (s Script) without(at, n int) Script {
	kept := Script{Seed: s.Seed}
	kept.Lines = append(kept.Lines, s.Lines[:at]...)
	kept.Lines = append(kept.Lines, s.Lines[min(at+n, len(s.Lines)):]...)
	return kept
}

// same reports whether one of the invariants that did not hold does not hold
// still.
func same(r, failed Result) bool {
	for _, was := range failed.Wrong {
		for _, is := range r.Wrong {
			if about(was) == about(is) {
				return true
			}
		}
	}
	return false
}

// about is the invariant that a complaint names.
func about(wrong string) string {
	name, _, _ := strings.Cut(wrong, ": ")
	return name
}
