package sim

import (
	"fmt"
	"hash"
	"hash/fnv"
	"time"
)

// trace is what was done, in order. Its sum tells two histories apart; the
// lines are kept only where somebody will read them.
type trace struct {
	hash  hash.Hash64
	keep  bool
	lines []string
	buf   []byte
}

func newTrace(keep bool) *trace { return &trace{hash: fnv.New64a(), keep: keep} }

func (t *trace) add(at time.Duration, who, what string) {
	t.buf = fmt.Appendf(t.buf[:0], "%d %s %s\n", at, who, what)
	_, _ = t.hash.Write(t.buf)
	if t.keep {
		t.lines = append(t.lines, fmt.Sprintf("%10s  %-9s %s", at, who, what))
	}
}

func (t *trace) sum() uint64 { return t.hash.Sum64() }
