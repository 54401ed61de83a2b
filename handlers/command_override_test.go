package handlers

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// heardAt is what the handlers plan by whose file a large change waits.
func (k strict) heardAt(t *testing.T, at time.Time, e bot.Event) (all bot.Plan) {
	t.Helper()
	for _, handler := range k.blocking().All() {
		plan, _, err := handler.Handle(t.Context(), bot.Delivery[bot.Event]{ID: "d", At: at, Event: e})
		if err != nil {
			t.Fatal(err)
		}
		k.keep(t, plan)
		all.Join(plan)
	}
	return all
}

func batchOf(p bot.Plan) (title string) {
	for _, e := range p.Effects {
		if c, ok := e.(bot.SetCheck); ok && c.Name == "roundtrip / batch" {
			title = c.Title
		}
	}
	return title
}

func says(number int, by, text string) bot.CommandGiven {
	return bot.CommandGiven{From: bot.FromComment, Ref: bot.ChangeRef{Repo: tea, Number: number}, By: bot.Person{Login: bot.Login(by)}, Text: text, Comment: 1, At: teaTime}
}

// Only somebody else with the role may, with a reason, of what is too large,
// and it ends.
func TestWhoMayOverride(t *testing.T) {
	for name, c := range map[string]struct {
		by, text, title string
	}{
		"a maintainer":      {"mia", "/override batch one table", "900 lines - allowed by @mia until "},
		"who may write":     {"wil", "/override batch one table", ""},
		"who wrote it":      {"bob", "/override batch one table", ""},
		"nobody said why":   {"mia", "/override batch", ""},
		"of something else": {"mia", "/override main one table", ""},
	} {
		k := strict{newDesk()}
		k.roles = map[bot.Login]bot.Role{"mia": bot.RoleMaintain, "wil": bot.RoleWrite, "bob": bot.RoleAdmin}
		k.heardAt(t, teaTime, sized(5, teaSHA(5), bot.Size{Added: 900, Files: 2}))
		plan := k.heardAt(t, teaTime, says(5, c.by, c.text))
		if title := batchOf(plan); c.title == "" && title != "" || !strings.HasPrefix(title, c.title) {
			t.Errorf("%s: %q", name, title)
		}
		recorded := false
		for _, f := range plan.Facts {
			if f.Kind == "override.granted" {
				recorded = true
				if data := string(f.Data); !strings.Contains(data, `"role":"maintain"`) || f.By == "" {
					t.Errorf("%s: by %s, %s", name, f.By, data)
				}
			}
		}
		if recorded != (c.title != "") {
			t.Errorf("%s: recorded %t", name, recorded)
		}
		if c.title == "" {
			continue
		}
		again := bot.JudgeDue{Ref: bot.ChangeRef{Repo: tea, Number: 5}, Why: "override"}
		if title := batchOf(k.heardAt(t, teaTime.Add(7*24*time.Hour-time.Second), again)); !strings.HasPrefix(title, c.title) {
			t.Errorf("before it ends: %q", title)
		}
		if title := batchOf(k.heardAt(t, teaTime.Add(7*24*time.Hour), again)); title != "900 lines - the limit here is 400" {
			t.Errorf("after it ended: %q", title)
		}
	}
}

// Whoever wrote a change, and whoever may write, has it counted anew.
func TestRecheck(t *testing.T) {
	for by, may := range map[string]bool{"bob": true, "wil": true, "rudi": false} {
		k, large := mostlyLocked()
		k.roles = map[bot.Login]bot.Role{"wil": bot.RoleWrite, "rudi": bot.RoleRead}
		k.heardAt(t, teaTime, large)
		title := batchOf(k.heardAt(t, teaTime, says(5, by, "/recheck")))
		if (title != "") != may || (k.listed == 2) != may {
			t.Errorf("%s: %q, listed %d times", by, title, k.listed)
		}
	}
}

// What is granted is of the size by the rules in force, not by those of a count
// before them, nor of a branch that it went to before.
func TestAnOverrideIsOfWhatCountsNow(t *testing.T) {
	k, large := mostlyLocked()
	k.changed[teaSHA(5)] = []bot.ChangedFile{{Path: "go.sum", Status: "modified", Added: 390}, {Path: "a.go", Status: "modified", Added: 510}}
	k.roles["mia"] = bot.RoleMaintain
	k.heardAt(t, teaTime, large)
	var doc changeDoc
	if _, err := k.Doc(t.Context(), changeKey(large.Change.Ref), &doc); err != nil || doc.Lines.Told.Lines != 510 {
		t.Fatal(doc.Lines, err)
	}
	for name, age := range map[string]func(l *linesCounted){
		"other rules":    func(l *linesCounted) { l.Rules = "" },
		"another branch": func(l *linesCounted) { l.Base = "release" },
	} {
		old := *doc.Lines
		age(&old)
		old.Told.Lines = 9000
		aged := doc
		aged.Lines = &old
		k.keep(t, bot.Plan{Docs: []bot.Doc{aged}})
		var granted string
		for _, f := range k.heardAt(t, teaTime, says(5, "mia", "/override batch one table")).Facts {
			if f.Kind == "override.granted" {
				granted = string(f.Data)
			}
		}
		if !strings.Contains(granted, `"most":561`) {
			t.Errorf("%s: %s", name, granted)
		}
	}
}
