package flow_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
)

// story is a small ledger: times are hours after Monday 00:00 of the golden
// week.
type story struct{ facts []bot.Fact }

func hours(h float64) time.Time {
	return goldenPeriod().From.Add(time.Duration(h * float64(time.Hour)))
}

func (s *story) learn(kind string, h float64, data map[string]any) *story {
	s.facts = append(s.facts, bot.NewFact(kind, shop, "", hours(h), data))
	return s
}

// live has a release go live that ships one change.
func (s *story) live(id, sha string, h float64, ship map[string]any) *story {
	data := map[string]any{"service": "shop", "environment": "production", "rollout": id, "sha": sha, "previous_sha": "before", "kind": "deploy"}
	if ship != nil {
		data["ships"] = []map[string]any{ship}
	}
	return s.learn("release.live", h, data)
}

func change(number int, authored, opened float64) map[string]any {
	ship := map[string]any{"sha": "0123456789", "number": number, "kind": "human", "opened": hours(opened)}
	if authored != 0 {
		ship["authored"] = hours(authored)
	}
	return ship
}

func (s *story) report() flow.Report {
	return flow.New(flow.FromFacts(s.facts), goldenPeriod())
}

func TestStrangersDatesAreBounded(t *testing.T) {
	for name, c := range map[string]struct {
		authored, opened, live, want float64
		note                         string
	}{
		"written, then opened":        {1, 5, 10, 9, ""},
		"written after it was opened": {8, 5, 10, 5, ""},
		"written in the future":       {5000, 5, 10, 5, ""},
		"picked from long ago":        {-24 * 40, 5, 10, 5, "backdated, counted from opening"},
		"29 days ago is no import":    {5 - 24*29, 5, 10, 24*29 + 5, ""},
		"no date of its own":          {0, 5, 10, 5, ""},
		"live before it was opened":   {50, 40, 10, 0, "clock skew, counted as 0"},
	} {
		lead := new(story).live("r1", "a", c.live, change(1, c.authored, c.opened)).report().Result("lead_time")
		if len(lead.Items) != 1 || lead.Items[0].Value != c.want || lead.Items[0].Of != "#1" {
			t.Errorf("%s: %+v, want %v h", name, lead.Items, c.want)
		}
		if (c.note != "") != slices.Contains(lead.Notes, flow.Count{Why: c.note, N: 1}) {
			t.Errorf("%s: notes %+v", name, lead.Notes)
		}
	}
}

func TestAChangeCountsWhenItIsFirstLive(t *testing.T) {
	s := new(story).live("r1", "a", 10, change(1, 1, 2)).live("r2", "b", 30, change(1, 1, 2))
	if lead := s.report().Result("lead_time"); len(lead.Items) != 1 || lead.Items[0].Value != 9 {
		t.Errorf("deployed twice: %+v", lead.Items)
	}
	s = new(story).live("r0", "a", -10, change(1, -20, -15)).live("r1", "b", 10, change(1, -20, -15))
	if lead := s.report().Result("lead_time"); len(lead.Items) != 0 {
		t.Errorf("it was live the week before: %+v", lead.Items)
	}
}

func TestWhatWasLiveBeforeIsNoNewDeploy(t *testing.T) {
	s := new(story).live("r1", "a", 1, change(1, 0, 0.5)).live("r2", "a", 2, nil).live("r3", "b", 3, change(2, 0, 1)).live("r4", "a", 4, nil)
	live := s.report().Result("deployment_frequency")
	if live.N != 4 || !slices.Contains(live.Notes, flow.Count{Why: "redeploy", N: 1}) || !slices.Contains(live.Notes, flow.Count{Why: "rollback", N: 1}) {
		t.Errorf("%+v", live)
	}
}

func TestWhatMakesADeploymentAFailedOne(t *testing.T) {
	for name, c := range map[string]struct {
		then func(*story)
		want bool
	}{
		"nothing":                  {func(*story) {}, false},
		"rolled back within a day": {func(s *story) { s.learn("release.failed", 33, map[string]any{"rollout": "r1", "from": "rollback"}) }, true},
		"rolled back much later":   {func(s *story) { s.learn("release.failed", 35, map[string]any{"rollout": "r1", "from": "rollback"}) }, false},
		"marked, however late":     {func(s *story) { s.learn("release.failed", 90, map[string]any{"rollout": "r1", "from": "mark"}) }, true},
		"its change reverted in a day": {func(s *story) {
			s.learn("change.merged", 20, map[string]any{"number": 9, "reverts": 1, "merged": hours(20)})
		}, true},
		"its change reverted later": {func(s *story) {
			s.learn("change.merged", 60, map[string]any{"number": 9, "reverts": 1, "merged": hours(60)})
		}, false},
		"another's change reverted": {func(s *story) {
			s.learn("change.merged", 20, map[string]any{"number": 9, "reverts": 8, "merged": hours(20)})
		}, false},
		"a failure of something unknown": {func(s *story) { s.learn("release.failed", 20, map[string]any{"rollout": "other"}) }, false},
		"failed twice, counts once": {func(s *story) {
			s.learn("release.failed", 20, map[string]any{"rollout": "r1"}).learn("release.failed", 21, map[string]any{"rollout": "r1"})
		}, true},
	} {
		s := new(story).live("r1", "a", 10, change(1, 1, 2))
		c.then(s)
		rate, _ := s.report().Result("fail_rate").Figure("failed")
		if (rate.Value == 1) != c.want || rate.N != 1 {
			t.Errorf("%s: %+v", name, rate)
		}
	}
}

// TestTheClockOfARecoveryRunsOn while what was to repair it fails itself.
func TestTheClockOfARecoveryRunsOn(t *testing.T) {
	s := new(story).live("r1", "a", 10, change(1, 1, 2)).learn("release.failed", 12, map[string]any{"rollout": "r1"})
	s.live("r2", "b", 11, change(2, 1, 2)) // before the failure was found: no repair
	s.live("r3", "c", 13, change(3, 1, 2)).learn("release.failed", 14, map[string]any{"rollout": "r3"})
	s.learn("release.recovered", 13, map[string]any{"rollout": "r1", "with": "r3"})
	s.live("r4", "d", 15, change(4, 1, 2))
	got := values(s.report().Result("recovery"), false)
	if got["r1"] != 300 || got["r3"] != 120 || len(got) != 2 {
		t.Errorf("%v minutes, want r1 after 300 and r3 after 120", got)
	}
}

func TestOtherServicesAndEnvironmentsStandApart(t *testing.T) {
	s := new(story)
	for i, place := range [][2]string{{"shop", "production"}, {"shop", "staging"}, {"till", "production"}} {
		s.learn("release.live", float64(i), map[string]any{"service": place[0], "environment": place[1], "rollout": place[0] + place[1], "sha": "a", "kind": "deploy"})
	}
	if n := s.report().Result("deployment_frequency").N; n != 1 {
		t.Errorf("shop in production: %d", n)
	}
	pooled := goldenPeriod()
	pooled.Service = ""
	if n := flow.New(flow.FromFacts(s.facts), pooled).Result("deployment_frequency").N; n != 2 {
		t.Errorf("all services in production: %d", n)
	}
}

// TestWhatCannotBeReadIsSaid, and does not make the week a quiet one.
func TestWhatCannotBeReadIsSaid(t *testing.T) {
	s := new(story)
	for _, kind := range flow.Kinds() {
		s.facts = append(s.facts, bot.Fact{Kind: kind, Repo: shop, At: hours(1), Data: []byte(`"text"`)})
	}
	r := s.report()
	if r.Unread != len(flow.Kinds()) || r.Quiet {
		t.Errorf("%d unread, quiet: %v", r.Unread, r.Quiet)
	}
	_, blocks := flow.Slack(r)
	for form, text := range map[string]string{"text": strings.Join(strings.Fields(flow.Text(r)), " "), "markdown": flow.Markdown(r), "chat": blocks[len(blocks)-1].Text} {
		if !strings.Contains(text, "8 facts of the ledger could not be read") {
			t.Errorf("%s does not say so: %s", form, text)
		}
	}
}

// TestAWeekThatIsNotOver counts its days so far, and calls young deployments
// provisional.
func TestAWeekThatIsNotOver(t *testing.T) {
	p := goldenPeriod()
	p.Now = hours(36)
	s := new(story).live("r1", "a", 1, change(1, 0, 0.5)).live("r2", "b", 30, change(2, 1, 2))
	r := flow.New(flow.FromFacts(s.facts), p)
	if f, _ := r.Result("deployment_frequency").Figure("per_day"); f.Value != 1 {
		t.Errorf("2 deployments in 2 days: %+v", f)
	}
	if notes := r.Result("fail_rate").Notes; !slices.Contains(notes, flow.Count{Why: "provisional, less than a day old", N: 1}) {
		t.Errorf("%+v", notes)
	}
	p.Working = []time.Weekday{time.Monday}
	if f, _ := flow.New(flow.FromFacts(s.facts), p).Result("deployment_frequency").Figure("per_working_day"); f.Value != 1 || f.N != 1 {
		t.Errorf("one of them on the only working day: %+v", f)
	}
}

// TestAnIncidentWhoseBeginningWasNotSeen is told whole by its end.
func TestAnIncidentWhoseBeginningWasNotSeen(t *testing.T) {
	s := new(story).learn("main.healed", 10, map[string]any{"branch": "main", "number": 3, "broke": hours(9)})
	s.learn("main.healed", 12, map[string]any{"branch": "main", "number": 3, "broke": hours(9)}) // told twice
	if f, _ := s.report().Result("red_main").Figure("red_minutes"); f.Value != 60 || f.N != 1 {
		t.Errorf("%+v", f)
	}
}
