package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

func nextWeekly(s Settings, after time.Time) (time.Time, bool) {
	if s.Weekly == nil || s.Next == nil {
		return time.Time{}, false
	}
	return s.Next(after), true
}

// weekly sends the report of the ISO week before the slot to the channels that
// the file names. Mail is not sent by this version; the ledger says so.
func (h *Handlers) weekly(ctx context.Context, s Settings, d bot.Delivery[bot.ScheduleDue]) (plan bot.Plan, err error) {
	repo := d.Event.Repo
	from, end := flow.WeekBefore(d.Event.Slot, s.Zone)
	channels, others := recipients(s.Weekly.To)
	told := map[string]any{"from": from, "to": end, "slot": d.Event.Slot, "channels": channels, "not_sent": others}
	if len(channels) == 0 {
		told["why"] = "none of the recipients is a channel in Slack, and mail is not sent yet"
		plan.Learn(bot.NewFact("report.unsent", repo, "weekly", d.At, told))
		return plan, nil
	}
	facts, err := h.Store.Facts(ctx, bot.FactQuery{Repo: repo, Kinds: flow.Kinds()})
	if err != nil {
		return plan, err
	}
	period := flow.Period{From: from, To: end, Repo: repo.Name, Service: firstService(s.Pipeline, repo), Environment: lastEnvironment(s.Pipeline), Now: d.At}
	text, blocks := flow.Slack(flow.New(flow.FromFacts(facts), period))
	for _, channel := range channels {
		plan.Do(bot.KeepMessage{Repo: repo, Channel: channel, Place: fmt.Sprintf("weekly/%s/%s", repo.Key(), from.Format(time.DateOnly)), Text: text, Blocks: blocks})
	}
	plan.Learn(bot.NewFact("report.sent", repo, "weekly", d.At, told))
	return plan, nil
}

// recipients are the channels, each once, and how many others there are.
// Addresses do not go into the ledger.
func recipients(to []string) (channels []string, others int) {
	for _, r := range to {
		channel, ok := strings.CutPrefix(r, "slack:")
		switch {
		case !ok || channel == "":
			others++
		case !slices.Contains(channels, channel):
			channels = append(channels, channel)
		}
	}
	return channels, others
}

// firstService of the file; a repository that names none is its own.
func firstService(p deploy.Pipeline, repo bot.RepoRef) string {
	if len(p.Services) > 0 && p.Services[0].Name != "" {
		return p.Services[0].Name
	}
	return repo.Name.Name()
}

// lastEnvironment is where the pipeline ends, which is what reports are about.
func lastEnvironment(p deploy.Pipeline) string {
	if n := len(p.Stages); n > 0 && p.Stages[n-1].Environment != "" {
		return p.Stages[n-1].Environment
	}
	return "production"
}
