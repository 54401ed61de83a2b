package sim

import (
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// written: what people see is what the bot wanted to say last. Of an effect
// that it gave up it says so; that is another matter.
func (v *verdict) written(seen playground.Seen, tasks []bot.Task) {
	done := map[string]bool{}
	for _, t := range tasks { // the newest first
		key := t.Kind + " " + t.Key
		if done[key] || t.State == bot.TaskHeld {
			continue
		}
		done[key] = true
		e, err := bot.DecodeEffect(t.Kind, t.Body)
		if err != nil || t.State != bot.TaskDone && t.State != bot.TaskUnchanged {
			continue
		}
		switch e := e.(type) {
		case bot.SetCheck:
			v.check(e)
		case bot.KeepComment:
			v.comment(e, seen)
		case bot.KeepMessage:
			v.message(e, seen)
		}
	}
}

func (v *verdict) check(e bot.SetCheck) {
	newest, id := "none", int64(0)
	for _, c := range v.world.GitHub.Checks(string(e.Repo.Name), string(e.SHA)) {
		if c.Name == e.Name && c.ID > id {
			newest, id = c.Status+" "+c.Conclusion+" "+c.Title, c.ID
		}
	}
	if want := e.Status + " " + e.Conclusion + " " + e.Title; newest != want {
		v.add("Written last", "%s on %s shows %q, and should show %q", e.Name, e.SHA.Short(), newest, want)
	}
}

func (v *verdict) comment(e bot.KeepComment, seen playground.Seen) {
	begins, _, _ := strings.Cut(e.Body, "\n")
	for _, c := range seen.Changes {
		if c.Number != e.Ref.Number {
			continue
		}
		for _, m := range c.Comments {
			if m.Author == seen.Bot && strings.HasPrefix(m.Body, strings.TrimSpace(e.Body)) {
				return
			}
		}
	}
	v.add("Written last", "no comment on %s has the %s as it should be: %s", e.Ref, e.Place, begins)
}

func (v *verdict) message(e bot.KeepMessage, seen playground.Seen) {
	found := "none"
	for _, m := range seen.Messages {
		if playground.PlaceOf(m) != e.Place || "#"+v.channels()[m.Channel] != e.Channel {
			continue
		}
		if m.Text == e.Text {
			return
		}
		found = m.Text
	}
	v.add("Written last", "the message %s in %s says %q, and should say %q", e.Place, e.Channel, found, e.Text)
}

// channels are their names by id.
func (v *verdict) channels() map[string]string {
	names := map[string]string{}
	for _, c := range v.world.Slack.Channels() {
		names[c.ID] = c.Name
	}
	return names
}
