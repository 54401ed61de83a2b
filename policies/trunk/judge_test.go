package trunk

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)

// told reads a history: a commit a word, its runs by their minute, p for one
// that passed and f for one that failed after five minutes, l for one that runs;
// "0p 12f17f" is a commit that passed and one that failed at 12 and again at 17.
// a is a run that was asked for and not heard of; a commit with ! before it cannot
// be run again, and of one with * it is not known what came with it.
func told(rate float64, text string) History {
	h := History{Rate: rate}
	for _, word := range strings.Fields(text) {
		c := Commit{Steps: 1}
		for mark := true; mark; {
			switch mark = false; word[0] {
			case '!':
				c.Barred, word, mark = true, word[1:], true
			case '*':
				c.Steps, word, mark = 0, word[1:], true
			}
		}
		for word != "-" && word != "" {
			var minute int
			n, _ := fmt.Sscanf(word, "%d", &minute)
			if n != 1 {
				panic(text)
			}
			word = strings.TrimLeft(word, "0123456789")
			r := Run{Started: noon.Add(time.Duration(minute) * time.Minute), Failed: word[0] == 'f'}
			r.Ended = r.Started.Add(5 * time.Minute)
			switch word[0] {
			case 'l':
				c.Live = r.Started
			case 'a':
				c.Asked = r.Started
			default:
				c.Runs = append(c.Runs, r)
			}
			word = word[1:]
		}
		h.Commits = append(h.Commits, c)
	}
	return h
}

func (f Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d-%d", f.State, f.Last, f.First)
	if f.Confidence != Nobody {
		fmt.Fprintf(&b, " %s", f.Confidence)
	}
	for _, w := range f.Wants {
		fmt.Fprintf(&b, ", %s %d", w.Why, w.Commit)
	}
	return b.String()
}

func TestJudge(t *testing.T) {
	const healthy, new, flaky = 0.0005, 0.03, 0.2
	for _, c := range []struct {
		name   string
		rate   float64
		told   string
		minute int // after noon; what ended by then is told
		want   string
	}{
		{"nothing ran", new, "- -", 0, "unknown -1--1"},
		{"it passes", new, "0p 5p", 10, "green -1--1"},
		{"it passes, and the head has not run", new, "0p -", 10, "green -1--1"},
		{"it failed on a commit, and passes on a later one", new, "0p 5f 8p", 13, "green -1--1"},
		{"it fails: first of all it is asked whether the world is whole", new, "0p 10f", 15, "suspect 0-1 suspects, beside 0"},
		{"and while that runs the commit runs again", new, "0p15l 10f", 16, "suspect 0-1 suspects, again 1"},
		{"it passes now: it was a flake", healthy, "0p15p 10f16p", 21, "green -1--1"},
		{"a healthy check fails again: certain", healthy, "0p15p 10f16f", 21, "red 0-1 certain"},
		{"of a new one more is asked", new, "0p15p 10f16f", 21, "suspect 0-1 suspects, beside 0"},
		{"it failed three times more", new, "0p15p21p27p 10f16f22f28f", 33, "red 0-1 certain"},
		{"a flaky one, as often", flaky, "0p15p21p27p 10f16f22f28f", 33, "released 0-1 suspects, beside 0"},
		{"what passed fails, too: the world is broken", healthy, "0p15f 10f16f", 21, "environment 0-1"},
		{"and is looked at again later", healthy, "0p15f 10f16f", 25, "environment 0-1, beside 0"},
		{"it is whole again, which acquits nobody yet", healthy, "0p15f25p 10f16f", 30, "suspect 0-1 suspects, beside 0"},
		{"nothing passed before: all are suspects", healthy, "10f16f", 21, "red -1-0 suspects"},
		{"a later commit fails as well: that counts", healthy, "0p16p 10f17f 14f", 22, "red 0-1 certain"},
		{"what passed fails by itself", new, "0p10f", 15, "suspect 0-0, again 0"},
		{"several commits came together: those between run, too", healthy, "0p16l - - 10f", 17, "suspect 0-3 suspects, again 3, within 1, within 2"},
		{"of many the middle one", healthy, "0p16l - - - - - - - 10f", 17, "suspect 0-8 suspects, again 8, within 4"},
		{"one of them fails, the one before it passes", healthy, "0p16p 17p 17f 10f17f", 22, "red 1-2 certain"},
		{"nobody may run anything, and it is late", new, "0p 10f", 30, "released 0-1 suspects, beside 0"},
		{"or the check is healthy", healthy, "0p 10f", 30, "red 0-1 suspects, beside 0"},
		{"others came with it: which of them is not known", healthy, "0p15p *10f16f", 21, "red 0-1 likely"},
		{"its commit cannot be run again: the first failure counts", flaky, "0p !10f", 15, "red 0-1 suspects"},
		{"nor the one before it", flaky, "!0p !10f", 15, "red 0-1 suspects"},
		{"only the one before it cannot", healthy, "!0p 10f16f", 21, "red 0-1 likely"},
		{"a run that was asked for may come yet", flaky, "0p16a 10f", 24, "suspect 0-1 suspects, beside 0"},
		{"it never reported, and that is the end of waiting", flaky, "0p16a 10f", 25, "red 0-1 suspects"},
		{"nor did one that was asked for later", flaky, "0p15p 10f20a", 26, "red 0-1 suspects"},
		{"one that was asked for before it failed is another matter", flaky, "0p5a 10f", 30, "released 0-1 suspects, beside 0"},
		{"it was red, and what passed fails after that", healthy, "0p15p30f36f 10f16f", 41, "red 0-1"},
		{"it passed between: that was another time", healthy, "0p15p 10f16f23p 30f", 35, "suspect 1-2 suspects, beside 1"},
		{"the world broke and healed: a while is waited again", new, "0p15f22p 10f16f", 28, "suspect 0-1 suspects, beside 0"},
		{"but not for ever", new, "0p15f22f30f33p 10f16f", 38, "released 0-1 suspects, beside 0"},
		{"nor is what failed in a broken world held against it", healthy, "0p15f40p 10f", 60, "released 0-1 suspects, beside 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := Judge(told(c.rate, c.told), Defaults(), noon.Add(time.Duration(c.minute)*time.Minute))
			if f.String() != c.want {
				t.Errorf("%s\nwant %s", f, c.want)
			}
		})
	}
}

func TestFixedRepeats(t *testing.T) {
	s := Defaults()
	s.Repeats, s.Control = 2, false
	if f := Judge(told(0.0005, "6p 10f16f"), s, noon.Add(21*time.Minute)); f.String() != "suspect 0-1 suspects, again 1" {
		t.Error(f)
	}
	if f := Judge(told(0.3, "6p 10f16f22f"), s, noon.Add(28*time.Minute)); f.String() != "red 0-1 certain" {
		t.Error(f)
	}
}

func TestFlaked(t *testing.T) {
	for text, want := range map[string][2]int{
		"0p 5p":                       {0, 2},
		"0f6p 12p":                    {1, 3},
		"0p 10f16f":                   {0, 1}, // what fails now is neither
		"0p15f25p 10f16f26p 100f107p": {1, 5}, // of the first the world was broken
	} {
		flakes, runs := told(0, text).Flaked()
		if got := [2]int{flakes, runs}; got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	if Rate(0, 0) < 0.02 || Rate(0, 485) > 0.001 || Rate(30, 1000) < 0.029 {
		t.Errorf("%v %v %v", Rate(0, 0), Rate(0, 485), Rate(30, 1000))
	}
}

// TestABrokenWorldIsLeftAlone: what passed is run again ever more seldom while it
// fails, and no longer than a day.
func TestABrokenWorldIsLeftAlone(t *testing.T) {
	h, at, waits := told(0.0005, "0p 10f"), noon.Add(15*time.Minute), []time.Duration{}
	for range 50 {
		f := Judge(h, Defaults(), at)
		switch {
		case len(f.Wants) > 0:
			h.Commits[0].Runs = append(h.Commits[0].Runs, Run{Failed: true, Started: at, Ended: at.Add(time.Minute)})
			at = at.Add(time.Minute)
		case f.Until.After(at):
			waits, at = append(waits, f.Until.Sub(at)), f.Until
		}
	}
	if f := Judge(h, Defaults(), at.Add(48*time.Hour)); f.State != Environment || len(f.Wants) > 0 || len(h.Commits[0].Runs) != 25 {
		t.Errorf("%s after %d runs", f, len(h.Commits[0].Runs))
	}
	if len(waits) < 20 || waits[0] != again || waits[3] != 40*time.Minute || waits[19] != seldom {
		t.Errorf("%v", waits)
	}
}

// TestOneRunAtATime: of no commit a second run is wanted while one runs, and
// none for ever.
func TestOneRunAtATime(t *testing.T) {
	for text := range strings.SplitSeq("0p16l 10f16l|0p 10l|0p15f20l 10f|0p16l 17l 10f17l", "|") {
		h := told(0.03, text)
		for _, w := range Judge(h, Defaults(), noon.Add(20*time.Minute)).Wants {
			if !h.Commits[w.Commit].Live.IsZero() {
				t.Errorf("%s: %v", text, w)
			}
		}
	}
	h := told(0.5, "0p 10f"+strings.Repeat("16f", 8))
	h.Commits[0].Runs = slices.Concat(h.Commits[0].Runs, told(0, strings.Repeat("16p", 8)).Commits[0].Runs)
	if f := Judge(h, Defaults(), noon.Add(30*time.Minute)); len(f.Wants) > 0 {
		t.Error(f)
	}
}
