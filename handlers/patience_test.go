package handlers

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func TestPatience(t *testing.T) {
	var d patienceDoc
	for i, c := range []struct {
		after time.Duration
		want  bool
	}{
		{0, true}, {time.Minute, true}, {2 * time.Minute, true}, {3 * time.Minute, false}, {59 * time.Minute, false},
		{time.Hour, true}, {time.Hour, false}, {time.Hour + time.Minute, true}, {9 * time.Hour, true},
	} {
		var got bool
		if d, got = d.refuses(teaTime.Add(c.after)); got != c.want || len(d.Refuse) > patience {
			t.Errorf("refusal %d after %s is answered: %t; remembered are %v", i+1, c.after, got, d.Refuse)
		}
	}
}

// A stranger who is refused again and again makes us write three times an
// hour; the ledger knows of all, and what is right is answered meanwhile.
func TestAStrangerCannotMakeUsWriteWithoutEnd(t *testing.T) {
	for by, answered := range map[bot.Login]int{"rudi": patience, "nobody": patience, "tri": patience, "ann": 10} {
		k := newDesk()
		k.changes[1] = openChange(1, teaSHA(1))
		k.pushed[teaSHA(1)] = teaTime.Add(-time.Hour)
		writes, facts := 0, 0
		for i := range 10 {
			text := []string{"/deploy staginn", "/deploy staging @7654321", "/status\n/help"}[i%3]
			plan := k.says(t, teaTime.Add(time.Duration(i)*time.Minute), by, 1, text)
			if said := answer(plan) != ""; said {
				writes++
			} else if len(plan.Answers) != 0 {
				t.Errorf("%s: silent, and yet %+v", by, plan.Answers)
			}
			facts += len(slices.DeleteFunc(factKinds(plan), func(kind string) bool { return kind != "command.refused" }))
		}
		if writes != answered || facts != 10 {
			t.Errorf("%s was answered %d times, want %d; the ledger knows of %d refusals, want 10", by, writes, answered, facts)
		}
		if got := answer(k.says(t, teaTime.Add(20*time.Minute), by, 1, "/help")); !strings.Contains(got, "What I understand") {
			t.Errorf("%s asks for help and hears %q", by, got)
		}
		if got := answer(k.says(t, teaTime.Add(2*time.Hour), by, 1, "/deploy staginn")); got == "" {
			t.Errorf("%s hears nothing an hour later", by)
		}
	}
}

// One person's patience is not another's, nor another repository's.
func TestPatienceIsPerPersonAndRepository(t *testing.T) {
	k := newDesk()
	for range 4 {
		k.says(t, teaTime, "rudi", 1, "/status\n/help")
	}
	if answer(k.says(t, teaTime, "nobody", 1, "/status\n/help")) == "" {
		t.Error("another stranger is not answered")
	}
	elsewhere := bot.CommandGiven{
		From: bot.FromComment, By: bot.Person{Login: "rudi"}, Text: "/status\n/help", At: teaTime, Comment: 99,
		Ref: bot.ChangeRef{Repo: bot.RepoRef{Installation: 43, ID: 10, Name: "acme/cup"}, Number: 1},
	}
	if answer(k.hears(t, teaTime, elsewhere)) == "" {
		t.Error("in another repository they are not answered")
	}
}

// GitHub's logins are the same in any case, and so is a person's patience.
func TestPatienceIsTheSameInAnyCase(t *testing.T) {
	k, answered := newDesk(), 0
	for _, by := range []bot.Login{"rudi", "Rudi", "RUDI", "rUdi", "ruDi"} {
		if answer(k.says(t, teaTime, by, 1, "/status\n/help")) != "" {
			answered++
		}
	}
	if answered != patience {
		t.Errorf("in five cases they were answered %d times, want %d", answered, patience)
	}
}
