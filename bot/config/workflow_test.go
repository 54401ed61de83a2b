package config_test

import (
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/config"
)

// TestSetsOff: a job is run again alone only where its workflow shows that GitHub
// runs nothing else with it.
func TestSetsOff(t *testing.T) {
	const unit, deploy = "name: CI\non: push\njobs:\n  unit:\n    runs-on: x\n", "  deploy:\n    needs: "
	const after = "on:\n  workflow_run:\n    workflows: [CI]\n    types: [completed]\njobs: {}\n"
	for name, c := range map[string]struct{ job, text, beside, want string }{
		"it is alone":                 {"unit", unit, "on: push", ""},
		"a job needs it":              {"unit", unit + deploy + "unit\n", "", "deploy"},
		"one of those that one needs": {"unit", unit + deploy + "[lint, unit]\n", "", "deploy"},
		"a job needs another":         {"unit", unit + "  lint: {}\n" + deploy + "lint\n", "", ""},
		"by its name":                 {"Unit tests", "jobs:\n  unit:\n    name: Unit tests\n" + deploy + "unit\n", "", "deploy"},
		"one of a matrix":             {"unit (linux, 1.25)", unit + deploy + "unit\n", "", "deploy"},
		"named by an expression":      {"unit on linux", "jobs:\n  u:\n    name: unit on ${{ matrix.os }}\n" + deploy + "u\n", "", "deploy"},
		"of a called workflow":        {"unit / go", "jobs:\n  unit:\n    uses: ./.github/workflows/go.yml\n", "", "reusable"},
		"it is of no job":             {"e2e", unit, "", "cannot be told"},
		"it deploys itself":           {"unit", unit + "    environment: production\n", "", "environment"},
		"it stops others":             {"unit", unit + "concurrency: {group: \"${{ github.ref }}\", cancel-in-progress: true}\n", "", "cancel one another"},
		"it stops those of its own":   {"unit", unit + "concurrency: {group: \"${{ github.head_ref || github.run_id }}\", cancel-in-progress: true}\n", "", ""},
		"another waits for its end":   {"unit", unit, after, "release.yml runs whenever"},
		"and for another's":           {"unit", unit, strings.ReplaceAll(after, "CI", "Nightly"), ""},
		"no YAML":                     {"unit", "jobs: [", "", "cannot be read"},
		"another that is none":        {"unit", unit, "on: {workflow_run: [", "release.yml"},
		"one that repeats itself":     {"unit", unit + "x: &x {}\n", "", "cannot be read"},
		"one that is too long":        {"unit", unit + strings.Repeat("# long\n", 1<<16), "", "cannot be read"},
	} {
		got := config.SetsOff(c.job, "ci.yml", c.text, map[string]string{"release.yml": c.beside})
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func FuzzSetsOff(f *testing.F) {
	f.Add("unit", "jobs:\n  unit: {needs: [a]}\n  a: {}\n", "on: workflow_run\n")
	f.Fuzz(func(_ *testing.T, job, text, beside string) {
		config.SetsOff(job, "ci.yml", text, map[string]string{"other.yml": beside})
	})
}
