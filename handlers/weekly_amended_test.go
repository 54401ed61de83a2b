package handlers

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// lookAgain has the report of 7 to 13 September sent and looked at 48 hours
// later, with what came meanwhile.
func lookAgain(t *testing.T, store *memory, text string, late ...bot.Fact) (first, again bot.Plan) {
	t.Helper()
	first = due(t, store, mondays, "2026-09-14T07:00:00Z", "2026-09-14T07:00:01Z")
	i := slices.IndexFunc(first.Timers, func(timer bot.Timer) bool { return strings.HasPrefix(timer.ID, "schedule/amended/42/7/") })
	if i < 0 || !first.Timers[i].At.Equal(moment(t, "2026-09-16T07:00:00Z")) {
		t.Fatalf("nobody looks again: %+v", first.Timers)
	}
	keep(t, store, first)
	store.facts = append(store.facts, late...)
	again = dueOf(t, store, text, "amended", "2026-09-16T07:00:00Z", "2026-09-16T07:00:03Z")
	keep(t, store, again)
	return first, again
}

// keep saves a plan's documents as a database would: as JSON.
func keep(t *testing.T, store *memory, plan bot.Plan) {
	t.Helper()
	for _, d := range plan.Docs {
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		store.docs[d.DocKey()] = json.RawMessage(text)
	}
}

// ofSunday went live with one change on Sunday evening.
func ofSunday(t *testing.T, service string) []bot.Fact {
	t.Helper()
	at := moment(t, "2026-09-13T20:00:00Z")
	return []bot.Fact{bot.NewFact("release.live", acme, "r", at, map[string]any{
		"service": service, "environment": "shopfront", "rollout": service + "1", "sha": "a", "previous_sha": "z", "kind": "deploy",
		"ships": []map[string]any{{"sha": "a", "number": 12, "kind": "human", "opened": at, "authored": at}},
	})}
}

func takenBack(t *testing.T, rollout string) bot.Fact {
	t.Helper()
	return bot.NewFact("release.failed", acme, rollout, moment(t, "2026-09-14T10:00:00Z"), map[string]any{"rollout": rollout, "from": "rollback"})
}

// TestALateRollbackAmendsTheReport: the same message, which says what it said.
func TestALateRollbackAmendsTheReport(t *testing.T) {
	store := remembering(mondays)
	store.facts = ofSunday(t, "shop")
	first, again := lookAgain(t, store, mondays, takenBack(t, "shop1"))
	if len(again.Effects) != 1 || again.Effects[0].Key() != first.Effects[0].Key() {
		t.Fatalf("%+v", again.Effects)
	}
	m := again.Effects[0].(bot.KeepMessage)
	if note := m.Blocks[2].Text; !strings.HasSuffix(m.Text, "(amended)") || !strings.HasPrefix(note, "Amended on 16 Sep 07:00 UTC") || !strings.Contains(note, "*Change fail rate* 0 of 1 failed (0 %)") {
		t.Errorf("%q, %q", m.Text, note)
	}
	learned(t, again, "report.amended")
	if len(again.Timers) != 0 {
		t.Errorf("it is looked at for ever: %+v", again.Timers)
	}
	if once := dueOf(t, store, mondays, "amended", "2026-09-16T07:00:00Z", "2026-09-16T07:00:09Z"); len(once.Effects)+len(once.Facts) != 0 {
		t.Errorf("heard twice, amended twice: %+v", once.Effects)
	}
}

// TestNothingLateIsNothingWritten, nor kept: the report stands as it was sent.
func TestNothingLateIsNothingWritten(t *testing.T) {
	store := remembering(mondays)
	store.facts = ofSunday(t, "shop")
	if _, again := lookAgain(t, store, mondays); len(again.Effects)+len(again.Facts)+len(again.Docs)+len(again.Timers) != 0 {
		t.Errorf("%+v", again)
	}
}

// TestOnlyThePagesThatChangedAreAmended: of two services' threads the one that
// has news, and the whole. Who was not told then is not told now.
func TestOnlyThePagesThatChangedAreAmended(t *testing.T) {
	store := remembering(mondays)
	store.facts = append(ofSunday(t, "api"), ofSunday(t, "web")...)
	elsewhere := strings.Replace(mondays, "#eng-leads", "#others", 1)
	_, again := lookAgain(t, store, elsewhere, takenBack(t, "web1"))
	var places []string
	for _, e := range again.Effects {
		places = append(places, e.Key())
	}
	const whole = "#eng-leads/weekly/42/7/2026-09-07"
	if !slices.Equal(places, []string{whole, whole + "/web"}) {
		t.Errorf("%q", places)
	}
}

// TestAReportThatNobodySentIsNotAmended: none was, a later one took its place,
// or the file asks for none any more.
func TestAReportThatNobodySentIsNotAmended(t *testing.T) {
	store := remembering(mondays)
	if plan := dueOf(t, store, mondays, "amended", "2026-09-16T07:00:00Z", "2026-09-16T07:00:03Z"); len(plan.Effects)+len(plan.Facts) != 0 {
		t.Errorf("none was sent: %+v", plan)
	}
	store.facts = ofSunday(t, "shop")
	keep(t, store, due(t, store, mondays, "2026-09-14T07:00:00Z", "2026-09-14T07:00:01Z"))
	store.facts = append(store.facts, takenBack(t, "shop1"))
	if plan := dueOf(t, store, mondays, "amended", "2026-09-09T07:00:00Z", "2026-09-16T07:00:03Z"); len(plan.Effects) != 0 {
		t.Errorf("a look for an older one: %+v", plan.Effects)
	}
	store.docs[settingsKey(acme)] = settingsDoc{Repo: acme, Good: []byte("none"), HasGood: true}
	if plan := dueOf(t, store, "none", "amended", "2026-09-16T07:00:00Z", "2026-09-16T07:00:03Z"); len(plan.Effects) != 0 {
		t.Errorf("the file asks for none: %+v", plan.Effects)
	}
}
