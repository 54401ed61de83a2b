package flow_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
)

// golden is a week worked out on paper.
type golden struct {
	Commits map[string]struct {
		Authored string `json:"authored"`
		Kind     string `json:"kind"`
	} `json:"commits"`
	Deploys []struct {
		ID, At, SHA, Result, Why string
		Ships                    []string
	} `json:"deploys"`
	Incidents []struct {
		Opened   string `json:"opened"`
		CausedBy string `json:"caused_by"`
	} `json:"incidents"`
	Expected struct {
		Deployments      float64            `json:"deployments"`
		PerDay           float64            `json:"deployments_per_day"`
		DeployDays       float64            `json:"deploy_days"`
		WorkingDay       float64            `json:"working_day_deployments"`
		PerWorkingDay    float64            `json:"per_working_day"`
		LeadTimeByCommit map[string]float64 `json:"lead_time_hours_by_commit"`
		LeadTime         map[string]float64 `json:"lead_time_hours"`
		Excluded         map[string]string  `json:"excluded_from_lead_time"`
		FailRate         struct {
			Failed      []string
			Denominator []string
			Value       float64
			OfAll       float64 `json:"all_deployments_variant"`
		} `json:"change_fail_rate"`
		Rework struct {
			Unplanned   []string
			Denominator float64
			Value       float64
		} `json:"rework_rate"`
		Recovery struct {
			ByDeploy map[string]float64 `json:"by_deploy"`
			Median   float64
		} `json:"failed_deployment_recovery_minutes"`
	} `json:"expected"`
}

var shop = bot.RepoRef{Installation: 42, ID: 7, Name: "acme/shop"}

func readGolden(t *testing.T) golden {
	t.Helper()
	text, err := os.ReadFile("../../testdata/vectors/dora_golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// at reads the vector's times, which have no seconds.
func at(t *testing.T, s string) time.Time {
	t.Helper()
	for _, form := range []string{"2006-01-02T15:04Z", time.RFC3339} {
		if at, err := time.Parse(form, s); err == nil {
			return at
		}
	}
	t.Fatalf("%q is no time", s)
	return time.Time{}
}

// facts are the vector's week as the ledger would hold it. With told the
// ledger also says which deployments made good which.
func (g golden) facts(t *testing.T, told bool) (facts []bot.Fact) {
	kinds := map[string]string{"human": "human", "human, hotfix": "human", "revert of c3": "revert", "merge commit (2 parents)": "merge", "bot": "bot"}
	learn := func(kind, subject string, when time.Time, data map[string]any) {
		facts = append(facts, bot.NewFact(kind, shop, subject, when, data))
	}
	previous := ""
	for _, d := range g.Deploys {
		when := at(t, d.At)
		data := map[string]any{"service": "shop", "environment": "production", "rollout": d.ID, "sha": d.SHA, "at": when}
		if d.Result != "success" {
			data["served"] = false
			learn("rollout.failed", d.ID, when, data)
			continue
		}
		data["kind"], data["previous_sha"] = "deploy", previous
		if strings.HasPrefix(d.Why, "rollback") {
			data["kind"] = "rollback"
		}
		data["hotfix"] = strings.HasPrefix(d.Why, "hotfix")
		var ships []map[string]any
		for _, c := range d.Ships {
			ships = append(ships, map[string]any{"sha": c, "authored": at(t, g.Commits[c].Authored), "kind": kinds[g.Commits[c].Kind]})
		}
		data["ships"] = ships
		learn("release.live", d.ID, when, data)
		previous = d.SHA
		if made, ok := map[string]string{"D3": "D2", "D7": "D6"}[d.ID]; ok && told {
			learn("release.recovered", d.ID, when, map[string]any{"rollout": made, "with": d.ID, "at": when})
		}
	}
	for _, i := range g.Incidents {
		learn("release.failed", i.CausedBy, at(t, i.Opened), map[string]any{"rollout": i.CausedBy, "from": "incident"})
	}
	later := time.Date(2026, 9, 11, 15, 0, 0, 0, time.UTC)
	learn("release.failed", "D6", later, map[string]any{"rollout": "D6", "from": "mark"})
	return facts
}

func goldenPeriod() flow.Period {
	from := time.Date(2026, 9, 7, 0, 0, 0, 0, time.UTC)
	return flow.Period{From: from, To: from.AddDate(0, 0, 7), Repo: "acme/shop", Service: "shop", Environment: "production"}
}

func TestDORAGolden(t *testing.T) {
	g := readGolden(t)
	for name, told := range map[string]bool{"the ledger names the recoveries": true, "the recoveries are found": false} {
		t.Run(name, func(t *testing.T) {
			g.compare(t, flow.New(flow.FromFacts(g.facts(t, told)), goldenPeriod()))
		})
	}
}

func (g golden) compare(t *testing.T, r flow.Report) {
	t.Helper()
	want := func(measure, figure string, value float64) {
		t.Helper()
		f, ok := r.Result(measure).Figure(figure)
		if !ok || math.Abs(f.Value-value) > 1e-9 {
			t.Errorf("%s, %s: %+v, want %v", measure, figure, f, value)
		}
	}
	e := g.Expected
	want("deployment_frequency", "deployments", e.Deployments)
	want("deployment_frequency", "per_day", e.PerDay)
	want("deployment_frequency", "deploy_days", e.DeployDays)
	want("deployment_frequency", "working_day_deployments", e.WorkingDay)
	want("deployment_frequency", "per_working_day", e.PerWorkingDay)
	for _, name := range []string{"median", "p75", "p85", "p90", "mean"} {
		want("lead_time", name, e.LeadTime[name])
	}
	if n := r.Result("lead_time").N; n != int(e.LeadTime["n"]) {
		t.Errorf("lead time of %d changes", n)
	}
	if diff := cmp.Diff(e.LeadTimeByCommit, values(r.Result("lead_time"), false)); diff != "" {
		t.Errorf("lead times: %s", diff)
	}
	out := map[string]int{}
	for _, why := range e.Excluded {
		out[why]++
	}
	for _, c := range r.Result("lead_time").Excluded {
		out[c.Why] -= c.N
	}
	if diff := cmp.Diff(map[string]int{"revert": 0, "merge commit": 0, "bot": 0}, out); diff != "" {
		t.Errorf("left out: %s", diff)
	}
	want("fail_rate", "rate", e.FailRate.Value)
	want("fail_rate", "rate_of_all", e.FailRate.OfAll)
	names(t, r.Result("fail_rate"), e.FailRate.Failed, e.FailRate.Denominator)
	want("rework", "rate", e.Rework.Value)
	names(t, r.Result("rework"), e.Rework.Unplanned, nil)
	if n := r.Result("rework").N; n != int(e.Rework.Denominator) {
		t.Errorf("rework of %d", n)
	}
	if diff := cmp.Diff(e.Recovery.ByDeploy, values(r.Result("recovery"), false)); diff != "" {
		t.Errorf("recoveries: %s", diff)
	}
	if median, atLeast, ok := r.Result("recovery").Quantile(0.5); !ok || atLeast || median != e.Recovery.Median {
		t.Errorf("recovery median %v, want %v", median, e.Recovery.Median)
	}
	if _, shown := r.Result("recovery").Figure("median"); shown {
		t.Error("a median of two is shown")
	}
}

// values of the items by what they are of; all, or only those in the numerator.
func values(r flow.Result, in bool) map[string]float64 {
	found := map[string]float64{}
	for _, i := range r.Items {
		if !in || !i.Out {
			found[i.Of] = i.Value
		}
	}
	return found
}

// names compares which were in the numerator and, if given, which were counted.
func names(t *testing.T, r flow.Result, numerator, all []string) {
	t.Helper()
	var in, counted []string
	for _, i := range r.Items {
		counted = append(counted, i.Of)
		if !i.Out {
			in = append(in, i.Of)
		}
	}
	if !slices.Equal(in, numerator) || all != nil && !slices.Equal(counted, all) {
		t.Errorf("%s: %v of %v, want %v of %v", r.Name, in, counted, numerator, all)
	}
}

// TestTheFirstDeploymentIsLeftOut: what it ships is not known.
func TestTheFirstDeploymentIsLeftOut(t *testing.T) {
	p := goldenPeriod()
	p.From = p.From.AddDate(0, 0, -7)
	r := flow.New(flow.FromFacts(readGolden(t).facts(t, true)), p)
	if live := r.Result("deployment_frequency"); live.N != 8 || !slices.Contains(live.Notes, flow.Count{Why: "first deploy", N: 1}) {
		t.Errorf("%+v", live)
	}
	lead := r.Result("lead_time")
	if lead.N != 6 || !slices.Contains(lead.Excluded, flow.Count{Why: "first deploy, what it ships is not known", N: 1}) {
		t.Errorf("%+v", lead)
	}
}
