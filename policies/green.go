package policies

import (
	"fmt"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// green asks that nothing but the repair merges into a red branch.
func green() Policy {
	return Policy{
		Name: "green", Check: "roundtrip / main",
		Doc:  "Main that breaks is the first priority: while it is red, open changes wait, except one that repairs it.",
		Mode: func(s Settings) Mode { return s.Green.Mode },
		Judge: func(f Facts, s Settings) Verdict {
			if !s.Green.Watched(f.Change.BaseRef) {
				return judgeGreen(f, s).by("green.branches")
			}
			return judgeGreen(f, s).by("green.checks")
		},
	}
}

func judgeGreen(f Facts, s Settings) Verdict {
	base := f.Change.BaseRef
	green, same := f.Main.SameTree(f.Tree, f.Runs)
	switch {
	case !s.Green.Watched(base):
		return done(bot.Success, base+" is not watched", "The file does not ask for this branch to be green.")
	case f.Main.Health == Green:
		return done(bot.Success, base+" is green", fmt.Sprintf("All checks that decide pass on %s.", base))
	case f.Main.Health == Environment:
		return done(bot.Neutral, "What "+base+" is tested with is broken", fmt.Sprintf("%s, and so it does on the commit before, which passed: no change did it. Merging is allowed.\n\nNext: nothing to do here; it is looked at again after 5 minutes, then ever more seldom, for a day.", f.Main.Why()))
	case f.Main.Health == Undecided:
		return done(bot.Neutral, "Nobody can tell whether "+base+" is broken", fmt.Sprintf("%s, and what ran since does not tell whether it is broken or a flake. Merging is allowed; its next failure counts.\n\nNext: look at its log, or press *Re-run* there.", f.Main.Why()))
	case !f.Main.Holds():
		return done(bot.Neutral, "Nothing is known against "+base, fmt.Sprintf("Not all checks that decide have finished on %s yet. Merging is allowed.\n\nNext: nothing to do; this check follows %s by itself.", base, base))
	case Repairs(f.Main, f.Runs):
		return done(bot.Success, "May merge: it repairs "+base, fmt.Sprintf("%s. It passes here, after %s broke, and nothing that passes there fails here.", f.Main.Why(), base))
	case same:
		return done(bot.Success, "May merge: same files as green "+green.Short(), fmt.Sprintf("%s. This change brings back exactly the files of %s (tree %.7s), on which all checks that decide passed.", f.Main.Why(), green.Short(), f.Tree))
	}
	return waits(f, s)
}

// waits is in progress, since it is not the change's failure; where the file
// only warns it does not hold the merge up.
func waits(f Facts, s Settings) Verdict {
	base := f.Change.BaseRef
	if f.Main.Health == Suspect || f.Main.suspected() {
		return suspected(f, s)
	}
	why := f.Main.Why()
	if c := f.Main.Causes[0]; c.Failures <= 1 && (c.Barred != "" || c.Silent) {
		why += ". " + words.Unheard(c.Check, c.Barred, c.Silent)
	}
	summary := fmt.Sprintf("%s.\n\nNext: nothing to do; this change merges as usual once %s is green. A change that makes the check pass may merge at once.", why, base)
	if s.Green.Mode != Block {
		v := done(bot.Neutral, base+" is red - please wait", summary)
		v.Waits = true
		return v
	}
	return Verdict{Waits: true, Status: bot.InProgress, Title: "Waiting for " + base + ": it is red", Summary: summary}
}

// suspected waits while it is found out whether the branch is broken.
func suspected(f Facts, s Settings) Verdict {
	base := f.Change.BaseRef
	wait := trunk.Defaults().MaxWait
	if e := s.Green.Evidence; e != nil {
		wait = e.MaxWait
	}
	summary := fmt.Sprintf("%s. It runs again, beside the commit before: if it passes it was a flake, and this change merges as usual. It takes no longer than %s.\n\nNext: nothing to do.", f.Main.Why(), words.For(wait))
	if s.Green.Mode != Block {
		v := done(bot.Neutral, base+" may be red - please wait", summary)
		v.Waits = true
		return v
	}
	return Verdict{Waits: true, Status: bot.InProgress, Title: "Waiting for " + base + ": a failed check runs again", Summary: summary}
}

// Repairs reports whether a change whose head has these runs repairs a red
// branch: a check that fails there passes here, in a run that began after it
// broke (an older run tells of a base without the fault), and no check that
// passes there fails here. Of two faults each may be repaired by itself.
func Repairs(b Build, runs map[string]bot.CheckRun) bool {
	mends, causes := false, map[string]bool{}
	for _, c := range b.Causes {
		causes[c.Check] = true
		run, ok := runs[c.Check]
		if ok && run.Passed() && run.Started.After(c.At) {
			mends = true
		}
	}
	for check, run := range runs {
		_, seen := b.Runs[check]
		if run.Failed() && !causes[check] && (seen || slices.Contains(b.Names, check)) {
			return false
		}
	}
	return mends
}

// JudgeGroup judges a merge queue's group, whose changes were judged one by
// one before they were queued. A group never waits: a check that stays in
// progress would stall the queue until it times out. While the branch is red
// the one group that passes is the one whose newest change repairs it, by the
// runs on that change's head.
func JudgeGroup(p Policy, b Build, s Settings, last map[string]bot.CheckRun) Verdict {
	if p.Name == "green" && b.Holds() && Repairs(b, last) {
		return done(bot.Success, "May merge: it repairs "+b.Branch, b.Why()+". It passes on the change that this group adds.")
	}
	if p.Name == "green" && b.Holds() && s.Green.Watched(b.Branch) && s.Green.Mode == Block {
		return done(bot.Failure, b.Branch+map[Health]string{Red: " is red", Suspect: " may be red"}[b.Health], b.Why()+". Queue it again once "+b.Branch+" is green.")
	}
	return done(bot.Success, "Judged change by change", "Each change of this group was judged before it was queued.")
}
