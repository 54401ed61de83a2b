package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/sim"
)

// To look for longer: roundtrip sim --seeds 10000
func TestHistoriesEndAsTheyShould(t *testing.T) {
	t.Parallel()
	n := 30
	if testing.Short() {
		n = 3
	}
	sum := must[sim.Campaign](t)(simulated().Run(t.Context(), 1, n, 1))
	for _, r := range sum.Failed {
		t.Errorf("seed %d: %q", r.Script.Seed, r.Wrong)
	}
	t.Log(sum.Counts)
	if sum.Counts["slots compared"] == 0 {
		t.Error("what is live was never compared with what is written down as live: these histories prove too little")
	}
	for _, fault := range []string{"crash", "stall", "dbaway", "dblost", "lose", "refuse", "limit", "slow", "lost", "twice", "late", "jump"} {
		if sum.Counts[fault] == 0 && !testing.Short() {
			t.Errorf("no %s happened: these histories prove too little", fault)
		}
	}
}

// What was not played proves nothing, and must not look as if it did.
func TestNoHistoryIsNoProof(t *testing.T) {
	status, stdout, stderr := runWith(t, nil, "sim", "--seeds", "3", "--within", "1ns")
	if status != 1 || stdout != "" || !strings.Contains(stderr, "no history was played") {
		t.Errorf("%d %q %q", status, stdout, stderr)
	}
}

// A seed is the same history wherever it is played: again, and on a database
// that does the same in another way.
func TestAHistoryIsTheSameAgain(t *testing.T) {
	t.Parallel()
	onFile := simulated()
	onFile.Open = simulatedFile(t.TempDir())
	for _, seed := range []uint64{11} {
		first := must[sim.Result](t)(simulated().Play(t.Context(), sim.Write(seed), true))
		for name, cast := range map[string]sim.Cast{"again": simulated(), "on SQLite": onFile} {
			r := must[sim.Result](t)(cast.Play(t.Context(), sim.Write(seed), true))
			if r.Hash != first.Hash {
				i := 0
				for i < min(len(r.Trace), len(first.Trace)) && r.Trace[i] == first.Trace[i] {
					i++
				}
				t.Errorf("seed %d %s goes another way at line %d:\n%q\n%q", seed, name, i, after(first.Trace, i), after(r.Trace, i))
			}
		}
	}
}

func after(lines []string, i int) []string {
	return lines[max(0, min(i-2, len(lines))):min(i+3, len(lines))]
}

// Whoever shrinks a script that fails is left with what it fails by.
func TestAShrunkScriptStillFails(t *testing.T) {
	t.Parallel()
	cast := simulated()
	cast.Harm = func(s sim.Store) sim.Store { return forgetful{s} }
	script := sim.Write(5)
	r := must[sim.Result](t)(cast.Play(t.Context(), script, false))
	if len(r.Wrong) == 0 {
		t.Fatal("a database that forgets is not noticed")
	}
	short := must[sim.Result](t)(cast.Shrink(t.Context(), r))
	if len(short.Wrong) == 0 || len(short.Script.Lines) >= len(script.Lines)/4 {
		t.Errorf("of %d lines %d are left, and %q", len(script.Lines), len(short.Script.Lines), short.Wrong)
	}
	numbers := map[int]bool{}
	for _, l := range short.Script.Lines {
		numbers[l.N] = true
	}
	if again := must[sim.Result](t)(cast.Play(t.Context(), script.Only(numbers), false)); again.Hash != short.Hash || !slices.Equal(again.Wrong, short.Wrong) {
		t.Errorf("played by its numbers it is another: %q, not %q", again.Wrong, short.Wrong)
	}
}
