package policies

import (
	"cmp"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// keepRuns of a check on one commit, the newest: GitHub itself repeats a job at
// most 50 times, and we do much less often.
const keepRuns = 40

// with adds a run, in its place: by commit, then by age. What is not on the
// line says nothing of the branch. A run that begins anew under its old id is
// another attempt, and what the one before it said is kept.
func (b Build) with(run bot.CheckRun) map[string][]bot.CheckRun {
	if !slices.Contains(b.Line, run.SHA) {
		return b.Runs
	}
	runs := slices.Clone(b.Runs[run.Name])
	i := slices.IndexFunc(runs, func(r bot.CheckRun) bool { return sameRun(r, run) && r.Started.Equal(run.Started) })
	switch {
	case i < 0:
		runs = append(runs, run)
	case run.Supersedes(runs[i]):
		runs[i] = run
	}
	all := slices.Clone(runs)
	runs = slices.DeleteFunc(runs, func(r bot.CheckRun) bool {
		return !r.Concluded() && slices.ContainsFunc(all, func(o bot.CheckRun) bool { return sameRun(r, o) && o.Started.After(r.Started) })
	})
	slices.SortFunc(runs, func(x, y bot.CheckRun) int {
		return cmp.Or(slices.Index(b.Line, x.SHA)-slices.Index(b.Line, y.SHA), byAge(x, y), cmp.Compare(x.App, y.App))
	})
	joined := map[string][]bot.CheckRun{run.Name: newestOf(runs, run.SHA)}
	for name, of := range b.Runs {
		if name != run.Name {
			joined[name] = of
		}
	}
	return joined
}

func sameRun(x, y bot.CheckRun) bool { return x.App == y.App && x.ID == y.ID && x.SHA == y.SHA }

// newestOf leaves of the runs on a commit the newest.
func newestOf(runs []bot.CheckRun, sha bot.SHA) []bot.CheckRun {
	over := -keepRuns
	for _, r := range runs {
		if r.SHA == sha {
			over++
		}
	}
	return slices.DeleteFunc(runs, func(r bot.CheckRun) bool {
		if r.SHA == sha && over > 0 {
			over--
			return true
		}
		return false
	})
}

// source of a run on a commit: two workflows of one app may have a job of the
// same name, and are two checks.
type source struct{ app, suite int64 }

// sources of runs on one commit, in order of their first. A run whose suite is
// not known is of the first that is.
func sources(runs []bot.CheckRun) (of map[source][]bot.CheckRun, order []source) {
	of = map[source][]bot.CheckRun{}
	for _, r := range runs {
		s := source{r.App, r.Suite}
		for _, o := range runs {
			if s.suite == 0 && o.App == r.App {
				s.suite = o.Suite
			}
		}
		if of[s] == nil {
			order = append(order, s)
		}
		of[s] = append(of[s], r)
	}
	return of, order
}

// deciding are the runs of a check by which the commits of the line are judged,
// in order: where a commit has several checks of that name, those of the first
// that fails.
func (b Build) deciding(check string) (runs []bot.CheckRun) {
	for _, on := range b.byCommit(check) {
		of, order := sources(on)
		for _, s := range order {
			if len(order) > 1 && lastSaid(of[s]).Failed() {
				on = of[s]
				break
			}
		}
		runs = append(runs, on...)
	}
	return runs
}

// byCommit are the runs of a check on each commit of the line that has some.
func (b Build) byCommit(check string) (list [][]bot.CheckRun) {
	for i, r := range b.Runs[check] {
		if i == 0 || r.SHA != b.Runs[check][i-1].SHA {
			list = append(list, nil)
		}
		list[len(list)-1] = append(list[len(list)-1], r)
	}
	return list
}

// lastSaid is the newest of some runs that concluded; zero: none did.
func lastSaid(runs []bot.CheckRun) bot.CheckRun {
	for _, r := range slices.Backward(runs) {
		if r.Concluded() {
			return r
		}
	}
	return bot.CheckRun{}
}

func byAge(x, y bot.CheckRun) int {
	switch {
	case x.NewerThan(y):
		return 1
	case y.NewerThan(x):
		return -1
	}
	return 0
}
