package handlers

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/roundtrip-bot/roundtrip/bot"
)

const rightFile, wrongFile = "version: 1\nbatch: {mode: warn}\n", "version: 1\n\nstagse: {}\n"

// fileChecks are the verdicts on the file in a plan: the commit, how it
// concluded and all that is said.
func fileChecks(plan bot.Plan) (said []string) {
	for _, e := range slices.Concat(plan.Effects, plan.Answers) {
		if c, ok := e.(bot.SetCheck); ok && c.Name == FileCheck {
			said = append(said, strings.Join([]string{string(c.SHA), c.Conclusion, c.Title, c.Summary}, " "))
		}
	}
	return said
}

func saysOfFile(t *testing.T, plan bot.Plan, sha bot.SHA, must ...string) {
	t.Helper()
	said := slices.Compact(fileChecks(plan)) // the same again changes nothing
	if len(said) != 1 {
		t.Fatalf("%d verdicts on the file: %v", len(said), said)
	}
	for _, m := range append(must, string(sha)) {
		if !strings.Contains(said[0], m) {
			t.Errorf("does not say %q: %s", m, said[0])
		}
	}
}

func saysNothingOfFile(t *testing.T, k *desk, plan bot.Plan, looks int) {
	t.Helper()
	if said := fileChecks(plan); len(said) != 0 || len(k.looked) != looks {
		t.Errorf("says %v after %d looks at %v, want %d", said, len(k.looked), k.looked, looks)
	}
}

func pushTo(branch string, after bot.SHA, paths ...string) bot.Pushed {
	return bot.Pushed{Repo: tea, Branch: branch, Default: branch == "main", After: after, Paths: paths, By: bot.Person{Login: "ann"}}
}

func changed(number int, head bot.SHA) bot.ChangeUpdated {
	c := openChange(number, head)
	c.Default = "main"
	n, _ := strconv.ParseInt(string(head), 16, 64)
	c.Updated = teaTime.Add(time.Duration(n) * time.Second) // a push after the other
	return bot.ChangeUpdated{Action: "synchronize", Change: c}
}

// TestAWrongFileOnTheDefaultBranchIsSaidThere: also the first one, of which
// no channel can be known.
func TestAWrongFileOnTheDefaultBranchIsSaidThere(t *testing.T) {
	k := newDesk()
	k.file = wrongFile
	saysOfFile(t, k.hears(t, teaTime, pushTo("main", teaSHA(1), ConfigPath)), teaSHA(1),
		bot.Failure, "1 mistake, at 3:1: stagse: unknown key", "`3:1: stagse: unknown key; did you mean stages?`", "No version of it has been right yet", "roundtrip check "+ConfigPath)
	saysOfFile(t, k.hears(t, teaTime, pushTo("main", teaSHA(2), "shop/cart.go")), teaSHA(2), bot.Failure, "stagse")
	k.file = rightFile
	saysOfFile(t, k.hears(t, teaTime, pushTo("main", teaSHA(3), ConfigPath)), teaSHA(3), bot.Success, "The file is right")
	saysNothingOfFile(t, k, k.hears(t, teaTime, pushTo("main", teaSHA(4), "shop/cart.go")), 0)
	k.file = wrongFile
	saysOfFile(t, k.hears(t, teaTime, pushTo("main", teaSHA(5), ConfigPath)), teaSHA(5), bot.Failure, "last good version")
	k.file = hugeFile
	saysOfFile(t, k.hears(t, teaTime, pushTo("main", teaSHA(6), ConfigPath)), teaSHA(6), bot.Failure, "it cannot be read; the file is too large")
	k.file = noFile
	saysNothingOfFile(t, k, k.hears(t, teaTime, pushTo("main", teaSHA(7), ConfigPath)), 0)
	saysNothingOfFile(t, k, k.hears(t, teaTime, pushTo("main", teaSHA(8), "shop/cart.go")), 0)
}

// TestMistakesStandBesideTheirLines: on the default branch, on a commit that
// leaves the file wrong, and on a change that edits it. One that has no line
// is in the summary alone.
func TestMistakesStandBesideTheirLines(t *testing.T) {
	beside := func(plan bot.Plan) (notes [][]bot.Note) {
		for _, e := range slices.Concat(plan.Effects, plan.Answers) {
			if c, ok := e.(bot.SetCheck); ok && c.Name == FileCheck {
				notes = append(notes, c.Notes)
			}
		}
		return notes
	}
	k := newDesk()
	k.file, k.files = wrongFile, map[bot.SHA]string{teaSHA(1): wrongFile, teaSHA(11): wrongFile}
	want := [][]bot.Note{{{Path: ConfigPath, Line: 3, Column: 1, Message: "stagse: unknown key; did you mean stages?"}}}
	for i, plan := range []bot.Plan{
		k.hears(t, teaTime, pushTo("main", teaSHA(1), ConfigPath)), k.hears(t, teaTime, pushTo("main", teaSHA(2), "shop/cart.go")),
		k.hears(t, teaTime, bot.RecheckAsked{Repo: tea, SHA: teaSHA(1)}),
	} {
		if diff := cmp.Diff(want, beside(plan)); diff != "" {
			t.Errorf("%d: %s", i, diff)
		}
	}
	k.file = rightFile
	k.hears(t, teaTime, pushTo("main", teaSHA(3), ConfigPath))
	k.hears(t, teaTime, pushTo("topic", teaSHA(11), ConfigPath))
	if diff := cmp.Diff(want, beside(k.hears(t, teaTime, changed(5, teaSHA(11))))); diff != "" {
		t.Error(diff)
	}
	k.file = hugeFile
	if got := beside(k.hears(t, teaTime, pushTo("main", teaSHA(6), ConfigPath))); len(got) != 1 || len(got[0]) != 0 {
		t.Errorf("%+v", got)
	}
}

// judgeWakes has the timers of a plan heard.
func (k *desk) judgeWakes(t *testing.T, plan bot.Plan) (all bot.Plan) {
	for _, timer := range plan.Timers {
		switch timer.Event.(type) {
		case bot.JudgeDue:
			all.Join(k.hears(t, teaTime, timer.Event))
		case bot.JudgeAllDue:
			all.Join(k.judgeWakes(t, k.hears(t, teaTime, timer.Event)))
		}
	}
	return all
}

// TestAChangeThatEditsTheFileIsTold, whichever of its two webhooks is first.
func TestAChangeThatEditsTheFileIsTold(t *testing.T) {
	for _, pushFirst := range []bool{true, false} {
		looks := map[bool]int{true: 4, false: 6}[pushFirst]
		k := newDesk()
		k.file = rightFile
		k.files = map[bot.SHA]string{teaSHA(11): wrongFile, teaSHA(12): wrongFile, teaSHA(13): rightFile + "green: {mode: warn}\n", teaSHA(14): rightFile, teaSHA(15): rightFile}
		saysNothingOfFile(t, k, k.hears(t, teaTime, changed(5, teaSHA(10))), 0)
		push := func(sha bot.SHA, paths ...string) (all bot.Plan) {
			if pushFirst {
				all.Join(k.judgeWakes(t, k.hears(t, teaTime, pushTo("topic", sha, paths...))))
				all.Join(k.hears(t, teaTime, changed(5, sha)))
				return all
			}
			all.Join(k.hears(t, teaTime, changed(5, sha)))
			all.Join(k.judgeWakes(t, k.hears(t, teaTime, pushTo("topic", sha, paths...))))
			return all
		}
		saysOfFile(t, push(teaSHA(11), ConfigPath), teaSHA(11), bot.Failure, "stagse", "Merged like this")
		saysOfFile(t, push(teaSHA(12), "shop/cart.go"), teaSHA(12), bot.Failure) // it still edits it
		saysOfFile(t, push(teaSHA(13), ConfigPath), teaSHA(13), bot.Success, "from the moment it is on `main`")
		saysNothingOfFile(t, k, push(teaSHA(14), ConfigPath), looks) // taken out again
		saysNothingOfFile(t, k, push(teaSHA(15), "shop/cart.go"), looks)
	}
}

// TestAChangeThatBringsTheFirstFileIsTold, and a fork's only where there is
// a file that it could edit: else a stranger could have us write.
func TestAChangeThatBringsTheFirstFileIsTold(t *testing.T) {
	k := newDesk()
	k.file, k.files = noFile, map[bot.SHA]string{teaSHA(1): wrongFile}
	k.hears(t, teaTime, pushTo("topic", teaSHA(1), ConfigPath))
	saysOfFile(t, k.hears(t, teaTime, changed(5, teaSHA(1))), teaSHA(1), bot.Failure, "stagse")
	fork := changed(6, teaSHA(1))
	fork.Change.HeadRepo = 77
	saysNothingOfFile(t, k, k.hears(t, teaTime, fork), 1)

	k = newDesk()
	k.file, k.files = rightFile, map[bot.SHA]string{teaSHA(1): wrongFile, teaSHA(2): rightFile}
	saysOfFile(t, k.hears(t, teaTime, fork), teaSHA(1), bot.Failure)
	fork.Before, fork.Change.Head = teaSHA(1), teaSHA(2)
	saysNothingOfFile(t, k, k.hears(t, teaTime, fork), 2)
}

// TestTheFileElsewhereIsNobodysBusiness: another base, a deleted branch, a
// closed change.
func TestTheFileElsewhereIsNobodysBusiness(t *testing.T) {
	k := newDesk()
	k.file, k.files = rightFile, map[bot.SHA]string{teaSHA(1): wrongFile}
	k.hears(t, teaTime, pushTo("topic", teaSHA(1), ConfigPath))
	release := changed(5, teaSHA(1))
	release.Change.BaseRef = "release-1"
	saysNothingOfFile(t, k, k.hears(t, teaTime, release), 0)
	gone := pushTo("topic", "")
	gone.Deleted = true
	k.hears(t, teaTime, gone)
	saysNothingOfFile(t, k, k.hears(t, teaTime, changed(6, teaSHA(1))), 0)
}

// TestRerunLooksAtTheFileAgain: whoever presses it waits for a write.
func TestRerunLooksAtTheFileAgain(t *testing.T) {
	k := newDesk()
	k.file, k.files = rightFile, map[bot.SHA]string{teaSHA(1): wrongFile}
	k.hears(t, teaTime, pushTo("topic", teaSHA(1), ConfigPath))
	k.hears(t, teaTime, changed(5, teaSHA(1)))
	plan := k.hears(t, teaTime.Add(time.Minute), bot.RecheckAsked{Repo: tea, SHA: teaSHA(1), Changes: []int{5}})
	saysOfFile(t, plan, teaSHA(1), bot.Failure)
	for _, e := range plan.Effects {
		if c := e.(bot.SetCheck); c.Again == "" {
			t.Errorf("%s is not written anew", c.Name)
		}
	}
}

// TestReRunOnTheDefaultBranch judges the file of that commit again, whoever
// pressed it: after a direct push and after a merge.
func TestReRunOnTheDefaultBranch(t *testing.T) {
	k := newDesk()
	k.file = wrongFile
	k.files = map[bot.SHA]string{teaSHA(1): wrongFile, teaSHA(2): rightFile, teaSHA(6): wrongFile}
	k.hears(t, teaTime, pushTo("main", teaSHA(1), ConfigPath))
	again := func(n int) bot.Plan { return k.hears(t, teaTime, bot.RecheckAsked{Repo: tea, SHA: teaSHA(n)}) }
	plan := again(1)
	saysOfFile(t, plan, teaSHA(1), bot.Failure, "stagse", "No version of it has been right yet")
	if c, ok := plan.Effects[len(plan.Effects)-1].(bot.SetCheck); !ok || c.Again == "" {
		t.Errorf("the same again would not be written: %+v", plan.Effects)
	}
	saysOfFile(t, again(2), teaSHA(2), bot.Success, "the default branch has moved on")
	saysNothingOfFile(t, k, again(4), 3)
	merged := openChange(3, teaSHA(5))
	merged.Open, merged.Merged, merged.MergeSHA, merged.MergedAt = false, true, teaSHA(6), teaTime
	k.hears(t, teaTime, bot.ChangeClosed{Change: merged})
	saysOfFile(t, again(6), teaSHA(6), bot.Failure, "stagse")
}
