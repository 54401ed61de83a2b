package policies

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var noon = time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)

func sha(n int) bot.SHA { return bot.SHA(fmt.Sprintf("%040x", n)) }

// line is a build of a branch with n commits, on which both checks decide.
func line(n int) Build {
	b := Build{Branch: "main", Health: Unknown, Names: []string{"build", "unit"}}
	for i := range n {
		b = b.Pushed("", sha(i+1), false).WithSteps(sha(i+1), 1)
	}
	return b
}

// ran is a run on a commit that began so many minutes after noon and took
// one; status runs when it has not concluded.
func ran(check string, commit, minute int, conclusion string) bot.CheckRun {
	r := bot.CheckRun{ID: int64(1000*commit + minute), App: 1, Name: check, SHA: sha(commit), Status: bot.InProgress, Started: noon.Add(time.Duration(minute) * time.Minute)}
	if conclusion != "" {
		r.Status, r.Conclusion, r.Completed = bot.Completed, conclusion, r.Started.Add(time.Minute)
	}
	return r
}

func after(b Build, runs ...bot.CheckRun) (last Build, broke, healed int) {
	for _, run := range runs {
		var bad, good bool
		b, bad, good = Turn(b, GreenSettings{}, run, noon.Add(24*time.Hour))
		if bad {
			broke++
		}
		if good {
			healed++
		}
	}
	return b, broke, healed
}

func TestTurn(t *testing.T) {
	pass, fail := bot.Success, bot.Failure
	for _, c := range []struct {
		name          string
		commits       int
		runs          []bot.CheckRun
		want          Health
		why           string
		broke, healed int
	}{
		{"nothing is known", 1, nil, Unknown, "", 0, 0},
		{"one of two passed", 1, []bot.CheckRun{ran("build", 1, 0, pass)}, Unknown, "", 0, 0},
		{"both passed", 1, []bot.CheckRun{ran("build", 1, 0, pass), ran("unit", 1, 0, pass)}, Green, "", 0, 0},
		{"neutral passes", 1, []bot.CheckRun{ran("build", 1, 0, bot.Neutral), ran("unit", 1, 0, pass)}, Green, "", 0, 0},
		{"a new head has not reported", 2, []bot.CheckRun{ran("build", 1, 0, pass), ran("unit", 1, 0, pass), ran("unit", 2, 5, "")}, Green, "", 0, 0},
		{"one still runs for the first time", 1, []bot.CheckRun{ran("build", 1, 0, pass), ran("unit", 1, 0, "")}, Unknown, "", 0, 0},
		{"skipped", 1, []bot.CheckRun{ran("build", 1, 0, pass), ran("unit", 1, 0, bot.Skipped)}, Unknown, "", 0, 0},
		{"stale", 1, []bot.CheckRun{ran("build", 1, 0, pass), ran("unit", 1, 0, bot.Stale)}, Unknown, "", 0, 0},
		{"cancelled", 1, []bot.CheckRun{ran("build", 1, 0, pass), ran("unit", 1, 0, bot.Cancelled)}, Unknown, "", 0, 0},
		{"it breaks", 2, []bot.CheckRun{ran("unit", 1, 0, pass), ran("unit", 2, 5, fail)}, Red, "unit fails since 0000000", 1, 0},
		{"out of time", 1, []bot.CheckRun{ran("unit", 1, 0, bot.TimedOut)}, Red, "unit fails since 0000000", 1, 0},
		{"a rerun only runs", 1, []bot.CheckRun{ran("unit", 1, 0, fail), ran("unit", 1, 5, "")}, Red, "unit fails since 0000000", 1, 0},
		{"the same run begins anew", 1, []bot.CheckRun{ran("unit", 1, 0, fail), {ID: 1000, App: 1, Name: "unit", SHA: sha(1), Status: bot.InProgress, Started: noon.Add(time.Hour)}}, Red, "unit fails since 0000000", 1, 0},
		{"a rerun is cancelled", 2, []bot.CheckRun{ran("unit", 1, 0, pass), ran("unit", 2, 1, fail), ran("unit", 2, 5, bot.Cancelled)}, Red, "unit fails since 0000000", 1, 0},
		{"a rerun is skipped", 1, []bot.CheckRun{ran("unit", 1, 0, fail), ran("unit", 1, 5, bot.Skipped)}, Red, "unit fails since 0000000", 1, 0},
		{"a rerun passes", 1, []bot.CheckRun{ran("unit", 1, 0, fail), ran("build", 1, 0, pass), ran("unit", 1, 5, pass)}, Green, "", 1, 1},
		{"an older run comes late", 1, []bot.CheckRun{ran("build", 1, 0, pass), ran("unit", 1, 5, pass), ran("unit", 1, 0, fail)}, Green, "", 0, 0},
		{"an older commit comes late", 2, []bot.CheckRun{ran("build", 2, 0, pass), ran("unit", 2, 0, pass), ran("unit", 1, 9, fail)}, Green, "", 0, 0},
		{"repaired on a later commit", 2, []bot.CheckRun{ran("unit", 1, 0, fail), ran("build", 1, 0, pass), ran("unit", 2, 5, pass)}, Green, "", 1, 1},
		{"another check is broken too", 1, []bot.CheckRun{ran("unit", 1, 3, fail), ran("build", 1, 1, fail), ran("unit", 1, 7, pass)}, Red, "build fails since 0000000", 1, 0},
		{"the fault is repaired before all reported", 2, []bot.CheckRun{ran("unit", 1, 0, fail), ran("build", 2, 5, ""), ran("unit", 2, 5, pass)}, Unknown, "", 1, 1},
		{"a commit that is not on the line", 1, []bot.CheckRun{ran("unit", 9, 0, fail)}, Unknown, "", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, broke, healed := after(line(c.commits), c.runs...)
			if b.Health != c.want || b.Why() != c.why || broke != c.broke || healed != c.healed {
				t.Errorf("it is %s (%s), broke %d, healed %d times; want %s (%s), %d, %d", b.Health, b.Why(), broke, healed, c.want, c.why, c.broke, c.healed)
			}
			if b.Number != broke {
				t.Errorf("%d incidents are counted, and it broke %d times", b.Number, broke)
			}
		})
	}
}

// The cause is where it began, however often and wherever it fails after that.
func TestWhereItBegan(t *testing.T) {
	runs := []bot.CheckRun{ran("unit", 1, 0, bot.Success), ran("unit", 2, 5, bot.Failure), ran("unit", 2, 20, bot.Failure), ran("unit", 3, 30, bot.Failure)}
	want := []Cause{{Check: "unit", SHA: sha(2), At: noon.Add(6 * time.Minute)}}
	forward, _, _ := after(line(3), runs...)
	slices.Reverse(runs)
	backward, _, _ := after(line(3), runs...)
	for name, b := range map[string]Build{"forward": forward, "backward": backward} {
		if diff := cmp.Diff(want, b.Causes); diff != "" || !b.Since.Equal(want[0].At) {
			t.Errorf("%s, since %v: %s", name, b.Since, diff)
		}
	}
	for i := 4; i < 4+2*keepLine; i++ { // also when its commit is on the line no more
		forward, _, _ = after(forward.Pushed(sha(i-1), sha(i), false), ran("unit", i, 100+i, bot.Failure))
	}
	if diff := cmp.Diff(want, forward.Causes); diff != "" || len(forward.Line) != keepLine || len(forward.Runs["unit"]) > keepLine {
		t.Errorf("%d commits and %d runs later: %s", len(forward.Line), len(forward.Runs["unit"]), diff)
	}
}

func TestForcedPush(t *testing.T) {
	red, _, _ := after(line(2), ran("build", 1, 0, bot.Success), ran("unit", 1, 0, bot.Success), ran("unit", 2, 5, bot.Failure))
	anew := red.Pushed(sha(2), sha(7), true)
	if again, _, healed := Reconsider(anew, GreenSettings{}, noon); again.Health != Red || healed || !slices.Equal(again.Line, []bot.SHA{sha(7)}) {
		t.Errorf("a new history is %s before anything ran on it", again.Health)
	}
	if b, _, healed := after(anew, ran("unit", 7, 9, ""), ran("unit", 7, 10, bot.Skipped)); b.Health != Red || healed != 0 {
		t.Errorf("it is %s before the check passed", b.Health)
	}
	if b, _, healed := after(anew, ran("build", 7, 9, bot.Success), ran("unit", 7, 9, bot.Success)); b.Health != Green || healed != 1 {
		t.Errorf("it is %s after all passed", b.Health)
	}
	back := red.Pushed(sha(2), sha(1), true)
	if b, _, healed := Reconsider(back, GreenSettings{}, noon.Add(time.Hour)); b.Health != Green || !healed || !b.Since.Equal(noon.Add(time.Hour)) {
		t.Errorf("back on the commit before the fault it is %s since %v", b.Health, b.Since)
	}
	three, _, _ := after(line(3), ran("build", 1, 0, bot.Success), ran("unit", 1, 0, bot.Success), ran("build", 2, 2, bot.Success), ran("unit", 3, 5, bot.Failure))
	if b, _, healed := Reconsider(three.Pushed(sha(3), sha(2), true), GreenSettings{}, noon.Add(time.Hour)); b.Health != Green || !healed || len(b.Line) != 2 {
		t.Errorf("what passed before the commit that it is back on counts no more: %s", b.Health)
	}
	if red.Health != Red || len(red.Line) != 2 {
		t.Error("the build that was given is changed")
	}
}

func TestPushesInAnyOrder(t *testing.T) {
	b := Build{}.Pushed(sha(2), sha(3), false).Pushed(sha(1), sha(2), false).Pushed(sha(3), sha(4), false).Pushed(sha(3), sha(4), false)
	if want := []bot.SHA{sha(1), sha(2), sha(3), sha(4)}; !slices.Equal(b.Line, want) {
		t.Errorf("the line is %v, want %v", b.Line, want)
	}
	between, late := Build{}.Pushed(sha(1), sha(5), false).Between(sha(1), sha(2), sha(5))
	between = between.Pushed(sha(4), sha(5), false)
	if want := []bot.SHA{sha(1), sha(2), sha(4), sha(5)}; !slices.Equal(between.Line, want) || !late {
		t.Errorf("with what was told late the line is %v, want %v", between.Line, want)
	}
	taken := Build{}.Pushed(sha(1), sha(2), false).Pushed(sha(2), sha(3), false) // by a forced push that was lost
	if _, late := taken.Between(sha(1), sha(4), sha(4)); late || taken.Continues(sha(1), sha(4), false) {
		t.Error("a new head is put before those that it replaced")
	}
	if b := taken.Pushed(sha(1), sha(4), false); b.Line[len(b.Line)-1] != sha(4) {
		t.Errorf("the line ends with %v", b.Line)
	}
	off := Build{}.Pushed(sha(1), sha(2), false).Pushed(sha(2), sha(1), true)
	if again := off.Pushed(sha(1), sha(2), false); off.Continues(sha(1), sha(2), false) || len(again.Line) != 2 {
		t.Errorf("what a forced push took off is believed to be back: %v", again.Line)
	}
	if b := (Build{}).Pushed("0000000000000000000000000000000000000000", sha(1), false); len(b.Line) != 1 {
		t.Errorf("a new branch begins with %v", b.Line)
	}
}

// A required check that never runs on the branch keeps it unknown for a while,
// not for ever.
func TestNeverSeen(t *testing.T) {
	b := line(1)
	b.Names = append(b.Names, "only-on-changes", "roundtrip / main")
	for i := 2; i < learned; i++ {
		b, _, _ = after(b.Pushed(sha(i-1), sha(i), false), ran("build", i, i, bot.Success), ran("unit", i, i, bot.Success))
		if b.Health != Unknown {
			t.Fatalf("after %d commits it is %s", i, b.Health)
		}
	}
	if b, _, _ = after(b.Pushed(sha(learned-1), sha(learned), false), ran("unit", learned, 90, bot.Success)); b.Health != Green {
		t.Errorf("after %d commits it is %s", learned, b.Health)
	}
}

func TestWhatDecidesNoMore(t *testing.T) {
	s := GreenSettings{Mode: Block, Branches: []string{"main"}, Required: true}
	red, _, _ := after(line(1), ran("build", 1, 0, bot.Success), ran("unit", 1, 0, bot.Failure))
	if same, changed := red.Only(s); changed || same.Health != Red {
		t.Error("nothing changed, and it is said to have")
	}
	red.Names = []string{"build"}
	b, changed := red.Only(s)
	b, _, healed := Reconsider(b, GreenSettings{}, noon)
	if !changed || !healed || b.Health != Green {
		t.Errorf("it is %s, though what fails decides no more", b.Health)
	}
}

// Any order of arrival, with any repetition, ends in the same build.
func TestAnyOrderEndsTheSame(t *testing.T) {
	fates := []string{bot.Success, bot.Success, bot.Failure, bot.Failure, bot.Skipped, bot.Cancelled, bot.Stale, bot.TimedOut, bot.Neutral}
	rapid.Check(t, func(t *rapid.T) {
		fate := rapid.SliceOfN(rapid.SampledFrom(fates), 24, 24).Draw(t, "fates") // a run has one end, and is told of before it
		runs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) bot.CheckRun {
			check, commit, minute := rapid.IntRange(0, 1).Draw(t, "check"), rapid.IntRange(1, 3).Draw(t, "commit"), rapid.IntRange(0, 3).Draw(t, "minute")
			end := ""
			if rapid.IntRange(0, 3).Draw(t, "ended") > 0 {
				end = fate[12*check+4*(commit-1)+minute]
			}
			return ran([]string{"build", "unit"}[check], commit, minute, end)
		}), 0, 10).Draw(t, "runs")
		start := line(3)
		if rapid.Bool().Draw(t, "forced") {
			start.Health, start.Causes = Red, []Cause{{Check: "unit", SHA: sha(99), At: noon.Add(-time.Hour)}}
		}
		shuffled := rapid.Permutation(append(slices.Clone(runs), runs...)).Draw(t, "order")
		a, _, _ := after(start, runs...)
		b, broke, healed := after(start, shuffled...)
		a.Number, b.Number = 0, 0 // an incident that nobody could see was none
		if a.Health != Red {
			a.Since, b.Since = time.Time{}, time.Time{}
		}
		if diff := cmp.Diff(a, b); diff != "" && len(runs) > 0 {
			t.Fatal(diff)
		}
		if open := broke - healed; start.Health != Red && (open == 1) != (b.Health == Red) {
			t.Fatalf("it broke %d and healed %d times, and is %s", broke, healed, b.Health)
		}
		for _, c := range b.Causes {
			if b.Health != Red || c.At.IsZero() {
				t.Fatalf("%s with cause %+v", b.Health, c)
			}
		}
	})
}
