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
	period := flow.Period{From: from, To: end, Repo: repo.Name, Environment: s.Pipeline.Goal(), Now: d.At}
	whole, parts := flow.ByService(flow.FromFacts(facts), period, services(s.Pipeline, repo))
	for _, channel := range channels {
		plan.Do(reportMessages(repo, channel, whole, parts)...)
	}
	plan.Learn(bot.NewFact("report.sent", repo, "weekly", d.At, told))
	return plan, nil
}

// reportMessages are the report, and in its thread one of each service of
// which there is something to say.
func reportMessages(repo bot.RepoRef, channel string, whole flow.Report, parts []flow.Report) (messages []bot.Effect) {
	place := fmt.Sprintf("weekly/%s/%s", repo.Key(), whole.Period.From.Format(time.DateOnly))
	text, blocks := flow.SlackOf(whole, parts)
	messages = append(messages, bot.KeepMessage{Repo: repo, Channel: channel, Place: place, Text: text, Blocks: blocks})
	for _, p := range parts {
		if p.Moved() {
			text, blocks := flow.Reply(p)
			messages = append(messages, bot.KeepMessage{Repo: repo, Channel: channel, Place: place + "/" + p.Period.Service, Thread: place, Text: text, Blocks: blocks})
		}
	}
	return messages
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

// services of the file; a repository that names none is its own.
func services(p deploy.Pipeline, repo bot.RepoRef) (names []string) {
	for _, s := range p.Services {
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return []string{repo.Name.Name()}
	}
	return names
}
