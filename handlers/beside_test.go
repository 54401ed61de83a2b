package handlers

import (
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func checkOf(p bot.Plan) (check bot.SetCheck) {
	for _, e := range p.Effects {
		if c, ok := e.(bot.SetCheck); ok && c.Name == "roundtrip / batch" {
			check = c
		}
	}
	return check
}

func commentOf(p bot.Plan) string {
	for _, e := range p.Answers {
		if c, ok := e.(bot.KeepComment); ok {
			return c.Body
		}
	}
	return ""
}

// GitHub refuses a check with more buttons, or longer ones.
func TestButtonsBesideAreShort(t *testing.T) {
	if n := len(checkButtons()); n > 3 {
		t.Errorf("%d buttons", n)
	}
	for _, b := range checkButtons() {
		if len(b.Verb) > 20 || len(b.Label) > 20 || len(b.About) > 40 {
			t.Errorf("%+v is too long", b.CheckAction)
		}
	}
}

// Who may write the command may press the button, and is answered beside it.
func TestButtonsBesideACheck(t *testing.T) {
	for name, c := range map[string]struct {
		verb, by       string
		check, comment string
		listed         int
		fork           bool
	}{
		"a split":            {"split", "bob", "*Plan a split*, pressed by @bob: the answer is in the conversation.", "can come in", 2, false},
		"a recount":          {"recount", "ann", "*Recount*, pressed by @ann: done.", "", 2, false},
		"of a fork":          {"recount", "ann", "*Recount*, pressed by @ann: done.", "", 2, true},
		"an override":        {"ask_override", "bob", "*Ask for override*, pressed by @bob: the answer is in the conversation.", "the role `maintain`", 1, false},
		"who may only read":  {"recount", "rudi", "pressed by @rudi: Recheck needs the role `write`", "", 1, false},
		"and a split":        {"split", "rudi", "pressed by @rudi: Split needs the role `write`", "", 1, false},
		"and an override":    {"ask_override", "rudi", "pressed by @rudi: Override needs the role `write`", "", 1, false},
		"of another version": {"fly", "ann", "a button of another version", "", 1, false},
	} {
		k, large := mostlyLocked()
		k.changed[teaSHA(5)] = []bot.ChangedFile{{Path: "a.go", Status: "modified", Added: 390}, {Path: "b.go", Status: "modified", Added: 510}}
		k.changed[teaSHA(5)][1] = bot.ChangedFile{Path: "b.go", Status: "added", Added: 300}
		k.changed[teaSHA(5)] = append(k.changed[teaSHA(5)], bot.ChangedFile{Path: "c.go", Status: "added", Added: 210})
		first := checkOf(k.heardAt(t, teaTime, large))
		if len(first.Actions) != 3 || first.Conclusion != bot.Failure {
			t.Fatalf("%+v", first)
		}
		press := bot.CheckPressed{Repo: tea, SHA: teaSHA(5), Changes: []int{5}, Check: first.Name, Verb: c.verb, By: bot.Person{Login: bot.Login(c.by)}}
		if c.fork {
			press.Changes = nil
		}
		plan := k.heardAt(t, teaTime, press)
		check, comment := checkOf(plan), commentOf(plan)
		if !strings.Contains(strings.Split(check.Summary, "\n\n")[0], c.check) || check.Title != first.Title || k.listed != c.listed {
			t.Errorf("%s: %q, %s, listed %d times", name, check.Summary, check.Title, k.listed)
		}
		if !strings.Contains(comment, c.comment) || (comment == "") != (c.comment == "") {
			t.Errorf("%s: the comment says %q", name, comment)
		}
		if (check.Again != "") != (c.verb == "recount" && c.by != "rudi") {
			t.Errorf("%s: written again for %q", name, check.Again)
		}
		press.SHA = teaSHA(4)
		if plan := k.heardAt(t, teaTime, press); checkOf(plan).Name != "" || commentOf(plan) != "" {
			t.Errorf("%s, on an older commit: %+v", name, plan)
		}
	}
}

// What was pressed is told as long as the commit is the head, and what is
// within its limits asks for no override.
func TestAnswersBesideAreOfACommit(t *testing.T) {
	k, large := mostlyLocked()
	k.heardAt(t, teaTime, large)
	press := bot.CheckPressed{Repo: tea, SHA: teaSHA(5), Changes: []int{5}, Check: "roundtrip / batch", Verb: "ask_override", By: bot.Person{Login: "ann"}}
	if said := checkOf(k.heardAt(t, teaTime, press)).Summary; !strings.Contains(said, "is over no limit") {
		t.Error(said)
	}
	if said := checkOf(k.heardAt(t, teaTime, bot.JudgeDue{Ref: large.Change.Ref})).Summary; !strings.Contains(said, "is over no limit") {
		t.Error(said)
	}
	next := sized(5, teaSHA(6), bot.Size{Added: 9, Files: 1})
	next.Action, next.Before = "synchronize", teaSHA(5)
	if said := checkOf(k.heardAt(t, teaTime, next)).Summary; strings.Contains(said, "pressed") || said == "" {
		t.Error(said)
	}
}
