package playground

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

const one, two = "42/7/shop/production/1", "42/7/shop/production/2"

// sound is a world at rest in which all is as it should be: one deploy, asked
// for, begun, live, and shown.
func sound() Seen {
	return Seen{
		Bot: "roundtrip[bot]", Quiet: true,
		Calls:   []fakeprod.Call{{Op: fakeprod.OpStart, Key: one, Changed: true}, {Op: fakeprod.OpStart, Key: one}},
		Targets: []fakeprod.Deployment{{Key: one, State: fakeprod.Finished, SHA: "aaaaaaaa"}},
		Stable:  map[string]string{Production: "aaaaaaaa"}, Canary: map[string]string{Production: ""},
		Changes: []fakegithub.ChangeView{{Number: 1, Head: "aaaaaaaa", Comments: []fakegithub.CommentView{
			{ID: 9, Author: "ann", Body: "/deploy production", Reactions: map[string]int{bot.Rocket: 1}},
			{ID: 10, Author: "roundtrip[bot]", Body: "### Live\n\n<!-- roundtrip 0a -->"},
		}}},
		Deployments: []fakegithub.DeploymentView{mirrored(one, "aaaaaaaa", "in_progress", "success")},
		Messages:    []fakeslack.Message{placed("rollout/"+one, ""), placed("rollout/"+one+"/live", "1.0")},
		Accepted:    []Accepted{{ID: "g1", Event: "issue_comment created", CommentID: 9, Comment: "/deploy production", State: bot.LetterDone}},
	}
}

func mirrored(key, sha string, states ...string) fakegithub.DeploymentView {
	d := fakegithub.DeploymentView{SHA: sha, Environment: Production, Payload: map[string]any{"roundtrip": key}}
	for _, s := range states {
		d.Statuses = append(d.Statuses, fakegithub.DeploymentStatusView{State: s})
	}
	return d
}

func placed(place, thread string) fakeslack.Message {
	meta, _ := json.Marshal(map[string]any{"event_payload": map[string]string{"place": place}})
	return fakeslack.Message{Channel: "C1", TS: "1.0", ThreadTS: thread, Text: place, Metadata: meta}
}

// TestTheScoreboardSees: what it is there to see turns it red, each thing the
// line that is about it, and a sound world is green.
func TestTheScoreboardSees(t *testing.T) {
	if red := reds(sound()); len(red) > 0 {
		t.Fatalf("a sound world is red: %v", red)
	}
	for what, other := range map[string]func(*Seen){
		"a refusal without a word": func(s *Seen) {
			s.Accepted = append(s.Accepted, Accepted{ID: "g2", Event: "issue_comment created", CommentID: 11, Comment: "/deploy staging", State: bot.LetterDone, Silent: true})
		},
		"help": func(s *Seen) {
			s.Changes[0].Comments = append(s.Changes[0].Comments, fakegithub.CommentView{ID: 12, Author: "ann", Body: "/help"}, fakegithub.CommentView{ID: 13, Author: "roundtrip[bot]", Body: "### What I understand\n\n<!-- roundtrip 0b -->"})
		},
		"a webhook to be fetched yet":      func(s *Seen) { s.Lost = []Lost{{"g2", "push", false}} },
		"what people were told to look at": func(s *Seen) { s.Deployments[0] = mirrored(one, "aaaaaaaa", "in_progress", "error") },
	} {
		s := sound()
		if other(&s); len(reds(s)) > 0 {
			t.Errorf("%s is red: %v", what, reds(s))
		}
	}
	for what, c := range map[string]struct {
		line string
		harm func(*Seen)
	}{
		"an order begun twice":      {"No deploy is doubled", func(s *Seen) { s.Calls[1].Changed = true }},
		"an order nobody asked for": {"No deploy is doubled", func(s *Seen) { s.Calls[1].Key, s.Calls[1].Changed = two, true }},
		"a second Deployment":       {"No deploy is doubled", func(s *Seen) { s.Deployments = append(s.Deployments, s.Deployments[0]) }},
		"a claim without an answer": {"No deploy is lost", func(s *Seen) { s.Accepted = append(s.Accepted, line("/main claim")) }},
		"a veto without an answer":  {"No deploy is lost", func(s *Seen) { s.Accepted = append(s.Accepted, line("/good canary @aaaaaaa it was the database")) }},
		"an order after a question": {"No deploy is doubled", func(s *Seen) { s.Accepted[0].Comment = "/status" }},
		"no answer":                 {"No deploy is lost", func(s *Seen) { s.Changes[0].Comments[0].Reactions = nil }},
		"a webhook not fetched":     {"No deploy is lost", func(s *Seen) { s.Lost = []Lost{{"g2", "push", true}} }},
		"running, but never begun":  {"No deploy is lost", func(s *Seen) { s.Calls = nil }},
		"a version thrown out":      {"One rollout at a time in a slot", func(s *Seen) { s.Targets[0].Message = "replaced by " + two }},
		"a second comment":          {"One comment for each place", func(s *Seen) { s.Changes[0].Comments = append(s.Changes[0].Comments, s.Changes[0].Comments[1]) }},
		"comments without end":      {"No more comments than allowed", func(s *Seen) { s.Changes[0].Comments = append(s.Changes[0].Comments, chatter("1a"), chatter("2a")) }},
		"a second message":          {"One message for each rollout", func(s *Seen) { s.Messages[1] = s.Messages[0] }},
		"a rollout not told of":     {"The chat tells each rollout", func(s *Seen) { s.Messages = s.Messages[1:] }},
		"a success not shown": {"GitHub shows what runs", func(s *Seen) {
			s.Deployments[0].Statuses = s.Deployments[0].Statuses[:1]
			s.Calls = append(s.Calls, fakeprod.Call{Op: fakeprod.OpFinish, Key: one, Changed: true})
		}},
		"another runs":               {"GitHub shows what runs", func(s *Seen) { s.Stable[Production] = "bbbbbbbb" }},
		"a canary that is not shown": {"GitHub shows what runs", func(s *Seen) { s.Canary[Production] = "bbbbbbbb" }},
		"a delivery nobody knows of": {"Nothing accepted is left lying", func(s *Seen) { s.Accepted[0].State = "" }},
		"a delivery that lies there": {"Nothing accepted is left lying", func(s *Seen) { s.Accepted[0].State = bot.LetterReady }},
	} {
		s := sound()
		c.harm(&s)
		if red := reds(s); len(red) != 1 || red[0] != c.line {
			t.Errorf("%s: red is %q, not %q", what, strings.Join(red, ", "), c.line)
		}
	}
}

// TestOnItsWayIsNotLost: while the bot works, what is not there yet is counted
// and not held against it; what is there twice is.
func TestOnItsWayIsNotLost(t *testing.T) {
	s := sound()
	s.Quiet = false
	s.Changes[0].Comments[0].Reactions, s.Accepted[0].State, s.Stable[Production] = nil, bot.LetterReady, "bbbbbbbb"
	if red := reds(s); len(red) > 0 {
		t.Errorf("what is on its way is red: %v", red)
	}
	open := 0
	for _, i := range Judge(s) {
		open += i.Open
	}
	if open != 3 {
		t.Errorf("%d are on their way, not 3", open)
	}
	s.Calls[1].Changed = true
	if red := reds(s); len(red) != 1 {
		t.Errorf("an order begun twice is red only at rest: %v", red)
	}
}

// line is a command that was accepted, and that nobody answered.
func line(said string) Accepted {
	return Accepted{ID: "g2", Event: "issue_comment created", CommentID: 10, Comment: said, State: bot.LetterDone}
}

func chatter(mark string) fakegithub.CommentView {
	return fakegithub.CommentView{Author: "roundtrip[bot]", Body: "More\n\n<!-- roundtrip " + mark + " -->"}
}

func reds(s Seen) (names []string) {
	for _, i := range Judge(s) {
		if !i.Holds() {
			names = append(names, i.Name)
		}
	}
	return names
}
