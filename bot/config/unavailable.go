package config

import (
	"cmp"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// refusing lists the settings that this version reads and cannot honour, and
// that could change a deploy. A * stands for a name; after = comes the only
// value that is meant.
func refusing() []string {
	return []string{
		"services.*.version",
		"stages.*.executor.deployment", "stages.*.executor.argo",
		"stages.*.strategy.blue_green",
		"stages.*.gates.review", "stages.*.gates.fresh", "stages.*.gates.batch", "stages.*.gates.rollback_ready=true",
		"stages.*.gates.checks=learned",
		"stages.*.approve", "stages.*.windows", "stages.*.lock", "stages.*.queue", "stages.*.verify", "stages.*.watch",
		"stages.*.evidence=tree", "stages.*.on_fail=freeze",
		"stages.*.may.deploy.teams", "stages.*.may.rollback.teams", "stages.*.may.override",
		"metrics.*.histogram", "metrics.*.gauge", "metrics.*.slo", "metrics.*.worse=down",
		"dependents", "respond", "judge.no_data=ignore",
	}
}

// showing lists those that no deploy depends on.
func showing() []string {
	return []string{
		"flow", "rules",
		"green.freeze", "green.revert", "green.flaky", "green.budget", "green.checks=learned",
		"commands.dots=true", "commands.forks=approved", "services.*.paths",
		"metrics.*.class=business", "metrics.*.class=secondary", // those decide as primary ones do
		"report.calendar", "report.failure",
		"stages.*.timeouts.approval", "stages.*.timeouts.queue",
	}
}

// beyond finds what is valid and beyond this version, by line.
func (r *reader) beyond() (refused, shown []deploy.Unavailable) {
	for path, s := range r.spots {
		u := deploy.Unavailable{Path: path, Line: s.key.line, Column: s.key.column, Stage: stageOf(path)}
		switch {
		case r.listed(refusing(), &u), laterSource(path):
			refused = append(refused, u)
		case r.listed(showing(), &u), r.mailed(path):
			shown = append(shown, u)
		}
	}
	sortByLine(refused)
	sortByLine(shown)
	return refused, shown
}

// laterSource reports whether path is a source after the first: production is
// asked through one.
func laterSource(path string) bool {
	return strings.HasPrefix(path, "sources[") && path != item("sources", 0)
}

// mailed reports whether path is a recipient by mail: reports go to Slack.
func (r *reader) mailed(path string) bool {
	return strings.HasPrefix(path, "report.weekly.to[") && strings.HasPrefix(r.said[path], "mail:")
}

func sortByLine(all []deploy.Unavailable) {
	slices.SortFunc(all, func(a, b deploy.Unavailable) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Path, b.Path))
	})
}

// listed reports whether a pattern is about u, and notes the value where only
// that one is meant.
func (r *reader) listed(patterns []string, u *deploy.Unavailable) bool {
	for _, p := range patterns {
		p, value, limited := strings.Cut(p, "=")
		if matches(p, u.Path) && (!limited || r.said[u.Path] == value) {
			u.Value = value
			return true
		}
	}
	return false
}

func matches(pattern, path string) bool {
	want, have := strings.Split(pattern, "."), strings.Split(path, ".")
	if len(want) != len(have) {
		return false
	}
	for i := range want {
		if want[i] != "*" && want[i] != have[i] {
			return false
		}
	}
	return true
}

func stageOf(path string) bot.StageName {
	rest, ok := strings.CutPrefix(path, "stages.")
	if !ok {
		return ""
	}
	stage, _, _ := strings.Cut(rest, ".")
	return bot.StageName(stage)
}
