package campaign

import (
	"context"
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// judge counts what was lost, doubled and doubtful.
func (c Campaign) judge(ctx context.Context, r *Result) error {
	w := c.Serve.World
	db, err := c.Books(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	r.Accepted = len(w.GitHub.Deliveries())
	if r.Lost, err = Lost(ctx, w, db); err != nil {
		return err
	}
	doubtful, err := db.Tasks(ctx, bot.TaskDoubtful, 1000)
	if err != nil {
		return err
	}
	for _, t := range doubtful {
		r.Doubtful = append(r.Doubtful, fmt.Sprintf("%s %s: %s", t.Kind, t.Key, t.Error))
	}
	r.Doubled, r.Orders = StartedTwice(w.Prod.Calls(), r.killed)
	r.Doubled = append(r.Doubled, Twice(w)...)
	return nil
}

// Lost is what was accepted and not worked on, each effect that is not there
// (one in doubt is not counted), and a ledger that does not hold together.
func Lost(ctx context.Context, w *playground.World, db Reader) (lost []string, err error) {
	for _, d := range w.GitHub.Deliveries() {
		l, ok, err := db.Letter(ctx, bot.GitHubLetter(d.ID))
		if err != nil {
			return nil, err
		}
		if !ok || l.State != bot.LetterDone && l.State != bot.LetterIgnored {
			lost = append(lost, fmt.Sprintf("delivery %s %s.%s is %q (found %v): %s", d.ID, d.Event, d.Action, l.State, ok, l.Error))
		}
	}
	failed, err := db.Tasks(ctx, bot.TaskFailed, 1000)
	if err != nil {
		return nil, err
	}
	for _, t := range failed {
		lost = append(lost, fmt.Sprintf("effect %s %s failed: %s", t.Kind, t.Key, t.Error))
	}
	if err := db.VerifyLedger(ctx); err != nil {
		lost = append(lost, err.Error())
	}
	return lost, nil
}

// Twice is what GitHub was told or given twice: one check of each name on each
// head, one answer to each command, one deployment of each rollout.
func Twice(w *playground.World) (wrong []string) {
	created := map[string]int{}
	for _, write := range w.GitHub.Writes() {
		if strings.HasSuffix(write.Route, "/check-runs") || strings.HasSuffix(write.Route, "/deployments") {
			if created[write.Route+string(write.Body)]++; created[write.Route+string(write.Body)] == 2 {
				wrong = append(wrong, fmt.Sprintf("written twice: %s %s", write.Route, write.Body))
			}
		}
	}
	for _, c := range w.GitHub.Changes(playground.Repo) {
		wrong = append(wrong, twiceOn(c, w.GitHub.BotLogin())...)
	}
	return wrong
}

func twiceOn(c fakegithub.ChangeView, us string) (wrong []string) {
	batch, bodies := 0, map[string]int{}
	for _, check := range c.Checks {
		if check.Name == "roundtrip / batch" {
			batch++
		}
	}
	if batch > 1 || batch == 0 && c.State == "open" { // what is closed before it is heard of needs none
		wrong = append(wrong, fmt.Sprintf("#%d has %d batch checks", c.Number, batch))
	}
	for _, m := range c.Comments {
		if bodies[m.Body]++; bodies[m.Body] == 2 && m.Author == us {
			wrong = append(wrong, fmt.Sprintf("#%d was answered twice: %s", c.Number, m.Body))
		}
	}
	return wrong
}
