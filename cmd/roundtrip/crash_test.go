package main

import (
	"slices"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/campaign"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
)

// TestKilledWhileDeliveriesFlow kills serve with SIGKILL while people open
// changes, merge, and deploy, and starts it again each time. Nothing that was
// accepted is lost, and no order is done twice.
func TestKilledWhileDeliveriesFlow(t *testing.T) {
	t.Parallel()
	killed(t, 1, 20)
}

// TestReplicasShareTheWork: three processes have one database, and whichever is
// asked hears. One after the other is killed with SIGKILL while people work.
// Nothing that was accepted is lost, and nothing is done twice.
func TestReplicasShareTheWork(t *testing.T) {
	t.Setenv(pgtest.On, "postgres")
	killed(t, 3, 9)
}

func killed(t *testing.T, replicas, kills int) {
	t.Helper()
	w := live(t, campaign.File(playground.LiveFile))
	how := starts(t, w, t.TempDir())
	c := campaign.Campaign{Serve: how, Replicas: replicas, Kills: kills, Seed: 7, Books: booksOf(how.Database), Patience: patience, Log: t.Output()}
	r, err := c.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range slices.Concat(r.Lost, r.Doubled, r.Doubtful) {
		t.Error(wrong)
	}
	if r.Orders == 0 {
		t.Error("nothing was deployed: the test proves nothing")
	}
	t.Logf("%d deliveries and %d effects were in hand, and taken over within %s; %d orders", r.Letters, r.Effects, r.Longest, r.Orders)
}

// nothingLost: what was accepted was worked on, and each effect is there.
func nothingLost(t *testing.T, w *playground.World, dir string) {
	t.Helper()
	for _, wrong := range lostSoFar(t, w, dir) {
		t.Error(wrong)
	}
}

func lostSoFar(t *testing.T, w *playground.World, dir string) []string {
	t.Helper()
	db := must[campaign.Reader](t)(booksOf(databaseIn(t, dir))(t.Context()))
	defer func() { _ = db.Close() }()
	return must[[]string](t)(campaign.Lost(t.Context(), w, db))
}

// nothingTwice: nobody in these tests asks for a commit in an environment
// twice, so nothing may be there twice.
func nothingTwice(t *testing.T, w *playground.World) {
	t.Helper()
	nothingTwiceOn(t, w)
	twice, began := campaign.StartedTwice(w.Prod.Calls(), nil)
	for _, wrong := range twice {
		t.Error(wrong)
	}
	if began == 0 {
		t.Error("nothing was deployed: the test proves nothing")
	}
}

// nothingTwiceOn GitHub.
func nothingTwiceOn(t *testing.T, w *playground.World) {
	t.Helper()
	for _, wrong := range campaign.Twice(w) {
		t.Error(wrong)
	}
}

func count[T any](list []T, is func(T) bool) int {
	return len(slices.DeleteFunc(slices.Clone(list), func(v T) bool { return !is(v) }))
}
