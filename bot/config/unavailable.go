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
		"batch.count", "batch.weights", "batch.scopes", "batch.override",
		"green.rerun", "green.freeze", "green.revert", "green.flaky", "green.budget", "green.checks=learned",
		"commands.dots=true",
		"stages.*.timeouts.approval", "stages.*.timeouts.queue",
	}
}

// beyond finds what is valid and beyond this version, by line.
func (r *reader) beyond() (refused, shown []deploy.Unavailable) {
	for path, s := range r.spots {
		u := deploy.Unavailable{Path: path, Line: s.key.line, Stage: stageOf(path)}
		switch {
		case r.listed(refusing(), path):
			refused = append(refused, u)
		case r.listed(showing(), path), r.mailed(path):
			shown = append(shown, u)
		}
	}
	sortByLine(refused)
	sortByLine(shown)
	return refused, shown
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

func (r *reader) listed(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		p, value, limited := strings.Cut(p, "=")
		return matches(p, path) && (!limited || r.said[path] == value)
	})
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
