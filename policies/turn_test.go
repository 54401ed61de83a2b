package policies

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Whoever took care of the last incident has not taken the next one; another
// check that fails meanwhile is the same incident and stays theirs.
func TestAClaimIsForOneIncident(t *testing.T) {
	b, _, _ := after(line(1), ran("build", 1, 0, bot.Success), ran("unit", 1, 0, bot.Failure))
	b.Claimed, b.ClaimedAt = bot.Person{Login: "ann"}, noon.Add(2*time.Minute)
	b, _, _ = after(b, ran("build", 1, 3, bot.Failure))
	if b.Claimed.Login != "ann" || b.Number != 1 {
		t.Errorf("another check fails, and incident %d is taken by %+v", b.Number, b.Claimed)
	}
	b, _, _ = after(b, ran("build", 1, 5, bot.Success), ran("unit", 1, 5, bot.Success))
	b, _, _ = after(b, ran("unit", 1, 9, bot.Failure))
	if b.Number != 2 || b.Claimed != (bot.Person{}) || !b.ClaimedAt.IsZero() {
		t.Errorf("incident %d is taken by %+v since %v before anybody took it", b.Number, b.Claimed, b.ClaimedAt)
	}
}

// A branch is green since the run that showed it ended, not since we heard of
// it: minutes of red are measured so.
func TestGreenSinceTheRunEnded(t *testing.T) {
	b, _, _ := after(line(1), ran("build", 1, 0, bot.Success), ran("unit", 1, 0, bot.Failure))
	b, _, healed := Turn(b, GreenSettings{}, ran("unit", 1, 5, bot.Success), noon.Add(3*time.Hour))
	if want := noon.Add(6 * time.Minute); !healed || !b.Since.Equal(want) {
		t.Errorf("it is %s since %v, want since %v", b.Health, b.Since, want)
	}
	untimed := ran("unit", 1, 9, bot.Success)
	untimed.Completed = time.Time{} // a commit status of old tells no end
	red, _, _ := after(line(1), ran("build", 1, 0, bot.Success), ran("unit", 1, 0, bot.Failure))
	if b, _, _ := Turn(red, GreenSettings{}, untimed, noon.Add(3*time.Hour)); !b.Since.Equal(noon.Add(3 * time.Hour)) {
		t.Errorf("without an end it is %s since %v", b.Health, b.Since)
	}
}

// Runs stand by commit, then by age, then by app, however they came.
func TestRunsStandInOrder(t *testing.T) {
	var want []bot.CheckRun
	for commit := 1; commit <= 3; commit++ {
		for minute := range 20 {
			run := ran("unit", commit, minute, bot.Success)
			twin := run
			twin.App = 2
			want = append(want, run, twin)
		}
	}
	random := rand.New(rand.NewPCG(1, 2)) // the same each time
	for range 5 {
		runs := slices.Clone(want)
		random.Shuffle(len(runs), func(i, j int) { runs[i], runs[j] = runs[j], runs[i] })
		b, _, _ := after(line(3), runs...)
		if !slices.Equal(b.Runs["unit"], want) {
			t.Fatal("the runs do not stand by commit, age and app")
		}
	}
}
