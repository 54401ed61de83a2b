package handlers

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/when"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// memory is a Store of a few documents and facts.
type memory struct {
	docs  map[string]any
	facts []bot.Fact
	asked []bot.FactQuery
}

func (m *memory) Known(context.Context, []string) (map[string]bool, error) { return nil, nil }

func (m *memory) Doc(_ context.Context, key string, doc interface{ SetVersion(int) }) (bool, error) {
	kept, ok := m.docs[key]
	if !ok {
		return false, nil
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return false, err
	}
	doc.SetVersion(1)
	return true, json.Unmarshal(text, doc)
}

func (m *memory) Keys(context.Context, string) ([]string, error) { return nil, nil }

func (m *memory) Held(context.Context, string, func() interface{ SetVersion(int) }) error { return nil }

func (m *memory) Facts(_ context.Context, q bot.FactQuery) ([]bot.Fact, error) {
	m.asked = append(m.asked, q)
	return m.facts, nil
}

// file is a GitHub that has a repository's file and nothing else. Its text is
// the cron line, the zone and the recipients, with bars between.
type file struct {
	GitHub
	text string
}

func (f file) File(context.Context, bot.RepoRef, string) ([]byte, error) { return []byte(f.text), nil }

func readFile(text []byte) (Settings, []bot.Mistake) {
	parts := strings.Split(string(text), "|")
	if len(parts) != 3 {
		return Settings{}, nil
	}
	s := Settings{HasFile: true, Weekly: &bot.Schedule{Cron: parts[0], Zone: parts[1], To: strings.Fields(parts[2])}}
	s.Pipeline.Stages = []deploy.Stage{{Name: "staging", Environment: "staging"}, {Name: "live", Environment: "shopfront"}}
	schedule, err := when.ParseSchedule(parts[0], parts[1])
	if err != nil {
		return s, []bot.Mistake{{}}
	}
	s.Next, s.Zone = schedule.Next, schedule.Zone()
	return s, nil
}

var acme = bot.RepoRef{Installation: 42, ID: 7, Name: "acme/shop"}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// due has a slot heard at a moment.
func due(t *testing.T, store *memory, text, slot, heard string) bot.Plan {
	t.Helper()
	return dueOf(t, store, text, "weekly", slot, heard)
}

func dueOf(t *testing.T, store *memory, text, name, slot, heard string) bot.Plan {
	t.Helper()
	h := Handlers{Store: store, GitHub: file{text: text}, Read: readFile}
	var all bot.Plan
	for _, handler := range h.All() {
		plan, _, err := handler.Handle(t.Context(), bot.Delivery[bot.Event]{
			ID: "d", At: moment(t, heard), Event: bot.ScheduleDue{Name: name, Slot: moment(t, slot), Repo: acme},
		})
		if err != nil {
			t.Fatal(err)
		}
		all.Join(plan)
	}
	return all
}

// remembering are settings that were read before, so that none of what follows is
// the timetable of a first reading.
func remembering(text string) *memory {
	return &memory{docs: map[string]any{settingsKey(acme): settingsDoc{Repo: acme, Good: []byte(text), HasGood: true}}}
}

const mondays = "0 9 * * MON|Europe/Berlin|slack:#eng-leads mail:leads@example.com"

func TestWeeklySendsOneMessageAndWaitsForTheNext(t *testing.T) {
	store := remembering(mondays)
	live := moment(t, "2026-09-08T10:00:00Z")
	for _, environment := range []string{"shopfront", "staging"} {
		store.facts = append(store.facts, bot.NewFact("release.live", acme, "r", live, map[string]any{
			"service": "shop", "environment": environment, "rollout": environment, "sha": "a", "kind": "deploy",
		}))
	}
	plan := due(t, store, mondays, "2026-09-14T07:00:00Z", "2026-09-14T07:00:01Z")
	if len(plan.Effects) != 1 || len(plan.Answers)+len(plan.Held) != 0 {
		t.Fatalf("effects %+v", plan.Effects)
	}
	m := plan.Effects[0].(bot.KeepMessage)
	if m.Channel != "#eng-leads" || m.Place != "weekly/42/7/2026-09-07" || !strings.Contains(m.Text, "1 deployment went live") || !strings.Contains(m.Text, "shop in shopfront") {
		t.Errorf("%+v", m)
	}
	wakes(t, plan, "2026-09-21T07:00:00Z")
	learned(t, plan, "report.sent")
	if strings.Contains(string(plan.Facts[0].Data), "example.com") {
		t.Errorf("an address is in the ledger: %s", plan.Facts[0].Data)
	}
	if len(store.asked) != 1 || store.asked[0].Repo != acme || len(store.asked[0].Kinds) == 0 {
		t.Errorf("the ledger was asked %+v", store.asked)
	}
}

func wakes(t *testing.T, plan bot.Plan, slot string) {
	t.Helper()
	plan.Timers = slices.DeleteFunc(plan.Timers, func(timer bot.Timer) bool { return strings.HasPrefix(timer.ID, "schedule/amended/") })
	if len(plan.Timers) != 1 || !plan.Timers[0].At.Equal(moment(t, slot)) || plan.Timers[0].ID != "schedule/weekly/42/7/"+slot {
		t.Fatalf("timers %+v, want one at %s", plan.Timers, slot)
	}
	if e := plan.Timers[0].Event.(bot.ScheduleDue); !e.Slot.Equal(plan.Timers[0].At) || e.Name != "weekly" || e.Repo != acme {
		t.Errorf("%+v", e)
	}
}

func learned(t *testing.T, plan bot.Plan, kind string) {
	t.Helper()
	if len(plan.Facts) != 1 || plan.Facts[0].Kind != kind {
		t.Errorf("facts %+v, want one %s", plan.Facts, kind)
	}
}

func TestASlotThatTheFileNoLongerAsksForIsNothing(t *testing.T) {
	for _, text := range []string{"0 9 * * TUE|Europe/Berlin|slack:#eng-leads", "0 9 * * MON|Europe/London|slack:#eng-leads", "none"} {
		plan := due(t, remembering(text), text, "2026-09-14T07:00:00Z", "2026-09-14T07:00:01Z")
		if len(plan.Effects)+len(plan.Facts)+len(plan.Timers) != 0 {
			t.Errorf("%s: %+v", text, plan)
		}
	}
}

func TestAnUnknownScheduleIsNothing(t *testing.T) {
	h := Handlers{Store: remembering(mondays), Read: readFile}
	slot := moment(t, "2026-09-14T07:00:00Z")
	plan, err := h.scheduleDue(t.Context(), bot.Delivery[bot.ScheduleDue]{At: slot, Event: bot.ScheduleDue{Name: "hourly", Slot: slot, Repo: acme}})
	if err != nil || len(plan.Effects)+len(plan.Timers)+len(plan.Facts) != 0 {
		t.Errorf("%+v, %v", plan, err)
	}
}

func TestSlotsAroundChangesOfClocks(t *testing.T) {
	for _, c := range []struct{ slot, next, week string }{
		{"2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z", "2026-03-16"}, // forward on the 29th
		{"2026-03-30T07:00:00Z", "2026-04-06T07:00:00Z", "2026-03-23"}, // a week of 167 hours
		{"2026-10-19T07:00:00Z", "2026-10-26T08:00:00Z", "2026-10-12"}, // back on the 25th
		{"2026-10-26T08:00:00Z", "2026-11-02T08:00:00Z", "2026-10-19"}, // a week of 169 hours
	} {
		plan := due(t, remembering(mondays), mondays, c.slot, c.slot)
		wakes(t, plan, c.next)
		if m := plan.Effects[0].(bot.KeepMessage); m.Place != "weekly/42/7/"+c.week {
			t.Errorf("slot %s: %s", c.slot, m.Place)
		}
	}
}

// TestAMissedSlotIsHeardLate: it is about the week before its slot, and what
// follows is the next slot from now on, not each that passed.
func TestAMissedSlotIsHeardLate(t *testing.T) {
	plan := due(t, remembering(mondays), mondays, "2026-09-14T07:00:00Z", "2026-09-30T12:00:00Z")
	if m := plan.Effects[0].(bot.KeepMessage); m.Place != "weekly/42/7/2026-09-07" {
		t.Errorf("%s", m.Place)
	}
	wakes(t, plan, "2026-10-05T07:00:00Z")
}

// TestASlotHeardEarlyIsNotItsOwnSuccessor: the database's clock may step back.
func TestASlotHeardEarlyIsNotItsOwnSuccessor(t *testing.T) {
	plan := due(t, remembering(mondays), mondays, "2026-09-14T07:00:00Z", "2026-09-14T06:59:59Z")
	wakes(t, plan, "2026-09-21T07:00:00Z")
}

func TestWithoutAChannelNothingIsSentAndTheLedgerSaysSo(t *testing.T) {
	text := "0 9 * * MON|UTC|mail:leads@example.com"
	plan := due(t, remembering(text), text, "2026-09-14T09:00:00Z", "2026-09-14T09:00:00Z")
	if len(plan.Effects) != 0 {
		t.Errorf("sent %+v", plan.Effects)
	}
	learned(t, plan, "report.unsent")
	if data := string(plan.Facts[0].Data); !strings.Contains(data, `"not_sent":1`) || strings.Contains(data, "example.com") {
		t.Errorf("%s", data)
	}
	wakes(t, plan, "2026-09-21T09:00:00Z")
}

func TestEachChannelHearsOnce(t *testing.T) {
	text := "0 9 * * MON|UTC|slack:#a slack:#b slack:#a slack:"
	plan := due(t, remembering(text), text, "2026-09-14T09:00:00Z", "2026-09-14T09:00:00Z")
	if len(plan.Effects) != 2 || plan.Effects[0].Key() == plan.Effects[1].Key() {
		t.Errorf("%+v", plan.Effects)
	}
}

// TestReadingTheFileSetsTheTimetable: the first reading wakes us for the next
// slot, which is how a schedule begins.
func TestReadingTheFileSetsTheTimetable(t *testing.T) {
	h := Handlers{Store: &memory{}, GitHub: file{text: mondays}, Read: readFile}
	var plan bot.Plan
	if _, _, err := h.settings(t.Context(), acme, moment(t, "2026-09-09T12:00:00Z"), &plan); err != nil {
		t.Fatal(err)
	}
	wakes(t, plan, "2026-09-14T07:00:00Z")
}

func TestSchedulesAreDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Schedules() {
		if s.Name == "" || s.Doc == "" || seen[s.Name] {
			t.Errorf("%+v", s)
		}
		seen[s.Name] = true
		if at, ok := s.after(Settings{}, moment(t, "2026-09-14T07:00:00Z")); ok {
			t.Errorf("%s is due at %v without a file", s.Name, at)
		}
	}
}

func TestServiceAndEnvironmentOfAReport(t *testing.T) {
	if got := strings.Join(services(deploy.Pipeline{}, acme), " ") + " " + (deploy.Pipeline{}).Goal(); got != "shop production" {
		t.Errorf("without a pipeline: %s", got)
	}
	p := deploy.Pipeline{Services: []deploy.Service{{Name: "web"}, {Name: "api"}}, Stages: []deploy.Stage{{Environment: "staging"}, {Environment: "live"}}}
	if got := strings.Join(services(p, acme), " ") + " " + p.Goal(); got != "web api live" {
		t.Errorf("with one: %s", got)
	}
}

// TestWeeklyIsAboutEveryService: also one that the file does not name. The
// message has a line of each, the thread the numbers of each that moved.
func TestWeeklyIsAboutEveryService(t *testing.T) {
	store := remembering(mondays)
	live := moment(t, "2026-09-08T10:00:00Z")
	for i, service := range []string{"web", "api", "web"} {
		store.facts = append(store.facts, bot.NewFact("release.live", acme, "r", live, map[string]any{
			"service": service, "environment": "shopfront", "rollout": strings.Repeat("r", i+1), "sha": strings.Repeat("a", i+1), "kind": "deploy",
		}))
	}
	plan := due(t, store, mondays, "2026-09-14T07:00:00Z", "2026-09-14T07:00:01Z")
	if len(plan.Effects) != 3 {
		t.Fatalf("effects %+v", plan.Effects)
	}
	whole := plan.Effects[0].(bot.KeepMessage)
	if !strings.Contains(whole.Text, "all services in shopfront. 3 deployments went live") {
		t.Errorf("%s", whole.Text)
	}
	if lines := whole.Blocks[2].Text; lines != "*api*: 1 deployment\n*shop*: nothing went live\n*web*: 2 deployments" {
		t.Errorf("%q", lines)
	}
	for i, service := range []string{"api", "web"} {
		m := plan.Effects[i+1].(bot.KeepMessage)
		if m.Thread != whole.Place || m.Place != whole.Place+"/"+service || !strings.Contains(m.Text, service+" in shopfront") {
			t.Errorf("%+v", m)
		}
	}
}
