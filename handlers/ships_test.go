package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// compared is a GitHub that compares: commits by "base...head".
type compared struct {
	GitHub
	ranges map[string][]bot.Commit
	err    error
}

func (c compared) Compare(_ context.Context, _ bot.RepoRef, base, head bot.SHA) ([]bot.Commit, error) {
	commits, ok := c.ranges[string(base+"..."+head)]
	if !ok {
		return nil, errors.Join(errors.New("compare"), c.err)
	}
	return commits, nil
}

var hour = time.Date(2026, 9, 7, 9, 0, 0, 0, time.UTC)

func after(hours int) time.Time { return hour.Add(time.Duration(hours) * time.Hour) }

// shelf has three changes: #1 squashed, #2 merged with its two commits, #3
// deployed from its head.
func shelf() *memory {
	m := &memory{docs: map[string]any{}}
	add := func(c bot.Change, shas ...bot.SHA) {
		c.Ref.Repo = acme
		m.docs[changeKey(c.Ref)] = changeDoc{Change: c}
		for _, sha := range shas {
			m.docs[headKey(acme, sha)] = headDoc{Repo: acme, SHA: sha, Numbers: []int{c.Ref.Number}}
		}
	}
	add(bot.Change{Ref: bot.ChangeRef{Number: 1}, Base: "b1", Head: "h1", MergeSHA: "squash", Opened: after(1), HeadRef: "hotfix/till"}, "h1", "squash")
	add(bot.Change{Ref: bot.ChangeRef{Number: 2}, Base: "b2", Head: "h2", MergeSHA: "merge", Opened: after(3)}, "h2", "merge")
	add(bot.Change{Ref: bot.ChangeRef{Number: 3}, Base: "b3", Head: "h3", Opened: after(5)}, "h3")
	return m
}

func rolled(sha bot.SHA) deploy.Rollout {
	return deploy.Rollout{
		ID: "r1", Kind: deploy.KindDeploy, Stable: "old", Placed: after(20), Stage: deploy.Stage{Name: "live", Environment: "production"},
		Release: deploy.Release{Repo: acme, SHA: sha, Service: "shop", Change: bot.ChangeRef{Repo: acme, Number: 3}},
	}
}

func told(t *testing.T, h Handlers, r deploy.Rollout) flow.Deployment {
	t.Helper()
	fact, err := h.liveFact(t.Context(), r, "production", after(21))
	if err != nil {
		t.Fatal(err)
	}
	history := flow.FromFacts([]bot.Fact{fact})
	if len(history.Deployments) != 1 || history.Unread != 0 {
		t.Fatalf("reports read %+v from %s", history, fact.Data)
	}
	return history.Deployments[0]
}

// TestWhatADeploymentShips: each commit with its change, also where a squash
// or a merge hid it, and each change with its own first commit.
func TestWhatADeploymentShips(t *testing.T) {
	gh := compared{ranges: map[string][]bot.Commit{
		"old...h3": {
			{SHA: "direct", Authored: after(0), Title: "pushed without a change", Parents: 1},
			{SHA: "squash", Authored: after(4), Title: "One", Parents: 1},
			{SHA: "c2", Authored: after(2), Parents: 1},
			{SHA: "h2", Authored: after(3), Parents: 1, Author: "dependabot[bot]"},
			{SHA: "merge", Authored: after(5), Parents: 2},
			{SHA: "c3", Authored: after(5), Parents: 1, Title: `Revert "Two"`},
			{SHA: "h3", Authored: after(6), Parents: 1},
		},
		"b1...h1": {{SHA: "c1", Authored: after(-2), Parents: 1}, {SHA: "m1", Authored: after(-9), Parents: 2}, {SHA: "h1", Authored: after(1), Parents: 1}},
	}}
	got := told(t, Handlers{Store: shelf(), GitHub: gh}, rolled("h3"))
	want := []flow.Shipped{
		{SHA: "direct", Kind: "human", Authored: after(0)},
		{SHA: "squash", Number: 1, Kind: "human", Authored: after(4), First: after(-2), Opened: after(1)},
		{SHA: "c2", Number: 2, Kind: "human", Authored: after(2), Opened: after(3)},
		{SHA: "h2", Number: 2, Kind: "bot", Authored: after(3), Opened: after(3)},
		{SHA: "merge", Number: 2, Kind: "merge", Authored: after(5), Opened: after(3)},
		{SHA: "c3", Number: 3, Kind: "revert", Authored: after(5), Opened: after(5)},
		{SHA: "h3", Number: 3, Kind: "human", Authored: after(6), Opened: after(5)},
	}
	if diff := cmp.Diff(want, got.Ships); diff != "" {
		t.Error(diff)
	}
	if !got.Hotfix || got.Kind != flow.Deploy || !got.Live.Equal(after(20)) || !got.Complete.Equal(after(21)) || got.Stage != "live" {
		t.Errorf("%+v", got)
	}
}

func TestAHistoryThatCannotBeComparedDoesNotHoldUpTheRollout(t *testing.T) {
	got := told(t, Handlers{Store: shelf(), GitHub: compared{err: bot.ErrNotFound}}, rolled("h3"))
	if got.Unknown == "" || len(got.Ships) != 0 {
		t.Errorf("%+v", got)
	}
	h := Handlers{Store: shelf(), GitHub: compared{}}
	if _, err := h.liveFact(t.Context(), rolled("h3"), "production", after(21)); err == nil {
		t.Error("an error that may pass was passed over")
	}
}

func TestRollbacksAndRedeploysShipNothing(t *testing.T) {
	h := Handlers{Store: shelf(), GitHub: compared{}}
	if got := told(t, h, rolled("old")); got.Kind != flow.Redeploy || got.Ships != nil {
		t.Errorf("%+v", got)
	}
	back := rolled("older")
	back.Kind = deploy.KindRollback
	if got := told(t, h, back); got.Kind != flow.Rollback || got.Ships != nil {
		t.Errorf("%+v", got)
	}
	first := rolled("h3")
	first.Stable = ""
	if got := told(t, h, first); got.Previous != "" || got.Ships != nil {
		t.Errorf("%+v", got)
	}
}

// TestFactsOfAFailureAreRead: what handlers write is what reports read.
func TestFactsOfAFailureAreRead(t *testing.T) {
	r := rolled("h3")
	r.Stage.Steps, r.Blamed, r.Undoes = []deploy.WeightStep{{Weight: 5}}, true, "r0"
	history := flow.FromFacts([]bot.Fact{
		failedFact(r, after(1)), recoveredFact(r, after(2)),
		liveFailedFact(deploy.Placed{Rollout: "r0", Release: r.Release}, r.Stage, after(2), "why"),
	})
	want := flow.History{
		Catches:    []flow.Catch{{Rollout: "r1", Service: "shop", Environment: "production", Served: true, Blamed: true, At: after(1)}},
		Recoveries: []flow.Recovery{{Rollout: "r0", With: "r1", By: "rollback", At: after(2)}},
		Failures:   []flow.Failure{{Rollout: "r0", From: "rollback", At: after(2)}},
	}
	if diff := cmp.Diff(want, history); diff != "" {
		t.Error(diff)
	}
}

func TestReverts(t *testing.T) {
	for body, want := range map[string]int{
		"Reverts acme/shop#12": 12, "Reverts #12": 12, "It broke the till.\r\n\r\nReverts acme/shop#12\r\n": 12,
		"Reverts other/repo#12": 0, "Reverts acme/shop#12 in part": 0, "": 0, "see acme/shop#12": 0, "Reverts #99999999999999999999": 0,
	} {
		c := bot.Change{Ref: bot.ChangeRef{Repo: acme, Number: 13}, Body: body}
		if got := reverts(c); got != want {
			t.Errorf("%q: %d, want %d", body, got, want)
		}
		var m flow.Merged
		text, err := json.Marshal(mergedFact(c))
		if err != nil || json.Unmarshal(text, &m) != nil || m.Reverts != want {
			t.Errorf("%q: reports read %+v, %v", body, m, err)
		}
	}
}
