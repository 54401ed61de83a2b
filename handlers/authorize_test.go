package handlers

import (
	"errors"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// Every verb, every role, with and without a stage that asks for more.
func TestWhoMayWhat(t *testing.T) {
	strict := deploy.Stage{Name: "production", Deploy: deploy.Permission{Role: bot.RoleMaintain}, Rollback: deploy.Permission{Role: bot.RoleWrite}}
	lax := deploy.Stage{Name: "staging", Deploy: deploy.Permission{Role: bot.RoleRead}, Rollback: deploy.Permission{Role: bot.RoleRead}}
	needed := map[string][2]bot.Role{
		"deploy": {bot.RoleMaintain, bot.RoleWrite}, "promote": {bot.RoleMaintain, bot.RoleWrite},
		"rollback": {bot.RoleWrite, bot.RoleWrite}, "abort": {bot.RoleWrite, bot.RoleWrite},
		"good": {bot.RoleMaintain, bot.RoleWrite}, "main": {bot.RoleMaintain, bot.RoleWrite}, "claim": {bot.RoleMaintain, bot.RoleWrite},
		"status": {bot.RoleRead, bot.RoleRead}, "help": {bot.RoleRead, bot.RoleRead}, "policy": {bot.RoleRead, bot.RoleRead},
		"recheck": {bot.RoleMaintain, bot.RoleWrite}, "split": {bot.RoleMaintain, bot.RoleWrite}, "override": {bot.RoleMaintain, bot.RoleWrite},
		"something new": {bot.RoleMaintain, bot.RoleWrite},
	}
	for _, c := range Commands() {
		if _, ok := needed[c.Verb]; !ok {
			t.Errorf("nobody said who may %s", c.Verb)
		}
	}
	roles := map[bot.Login]bot.Role{"stranger": bot.RoleNone, "rudi": bot.RoleRead, "tri": bot.RoleTriage, "ann": bot.RoleWrite, "mia": bot.RoleMaintain, "root": bot.RoleAdmin}
	h := newDesk().handlers()
	for verb, need := range needed {
		for i, stage := range []deploy.Stage{strict, lax} {
			for login, role := range roles {
				err := h.authorize(t.Context(), bot.Person{Login: login}, verb, target{repo: tea, stage: stage})
				if may := role >= need[i]; (err == nil) != may || err != nil && !errors.As(err, new(bot.Refusal)) {
					t.Errorf("%s of %s by %s (%s): %v", verb, stage.Name, login, role, err)
				}
			}
			for name, actor := range map[string]bot.Person{
				"a bot": {Login: "root", Bot: true}, "an unlinked member": {Slack: "U9"}, "nobody": {},
			} {
				if err := h.authorize(t.Context(), actor, verb, target{repo: tea, stage: stage}); !errors.As(err, new(bot.Refusal)) {
					t.Errorf("%s of %s by %s: %v", verb, stage.Name, name, err)
				}
			}
		}
	}
}

// A GitHub that does not answer allows nothing, and it is tried again.
func TestUnreadableRoleAllowsNothing(t *testing.T) {
	k := newDesk()
	k.roleErr = errors.New("no answer")
	for _, c := range Commands() {
		err := k.handlers().authorize(t.Context(), bot.Person{Login: "root"}, c.Verb, target{repo: tea})
		if err == nil || errors.As(err, new(bot.Refusal)) {
			t.Errorf("%s: %v", c.Verb, err)
		}
	}
}

// Through every door, what changes something is refused to who may not.
func TestDoors(t *testing.T) {
	for name, c := range map[string]struct {
		by    bot.Person
		from  string
		issue bool
		want  int  // rollouts
		quiet bool // nothing at all is said
	}{
		"a writer's comment":       {bot.Person{Login: "ann"}, bot.FromComment, false, 1, false},
		"a reader's comment":       {bot.Person{Login: "rudi"}, bot.FromComment, false, 0, false},
		"a stranger's comment":     {bot.Person{Login: "stranger"}, bot.FromComment, false, 0, false},
		"a bot's comment":          {bot.Person{Login: "root", Bot: true}, bot.FromComment, false, 0, true},
		"our own comment":          {bot.Person{Login: "roundtrip[bot]", Bot: true}, bot.FromComment, false, 0, true},
		"a comment on an issue":    {bot.Person{Login: "ann"}, bot.FromComment, true, 0, true},
		"a known member's chat":    {bot.Person{Slack: "U1"}, bot.FromSlack, false, 1, false},
		"an unknown member's chat": {bot.Person{Slack: "U9"}, bot.FromSlack, false, 0, false},
		"a claimed login in chat":  {bot.Person{Slack: "U9", Login: "root"}, bot.FromSlack, false, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			k := newDesk()
			k.changes[1], k.pushed[teaSHA(1)] = openChange(1, teaSHA(1)), teaTime.AddDate(0, 0, -1)
			k.keep(t, bot.Plan{Docs: []bot.Doc{settingsDoc{Repo: tea, Good: []byte("x"), HasGood: true}}})
			e := bot.CommandGiven{From: c.from, By: c.by, IsIssue: c.issue, Text: "/deploy staging", At: teaTime, Comment: 5, Ref: bot.ChangeRef{Repo: tea, Number: 1}}
			if c.from == bot.FromSlack {
				e.Text, e.Ref, e.ChannelID = "deploy acme/tea#1 staging", bot.ChangeRef{}, "C1"
			}
			plan := k.hears(t, teaTime, e)
			if got := orders(plan); len(got) != c.want {
				t.Errorf("started %+v: %s", got, answer(plan))
			}
			if quiet := len(plan.Answers)+len(plan.Effects)+len(plan.Facts) == 0; quiet != c.quiet {
				t.Errorf("quiet is %t: %+v", quiet, plan)
			}
			if c.want == 0 && strings.Contains(answer(plan), "root") {
				t.Errorf("it believes who they say they are: %s", answer(plan))
			}
		})
	}
}
