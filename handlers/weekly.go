package handlers

import (
	"context"
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
// the file names, and wakes us to look at it again. Mail is not sent by this
// version; the ledger says so.
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
	sent := sentDoc{Repo: repo}
	if _, err := h.Store.Doc(ctx, sent.DocKey(), &sent); err != nil {
		return plan, err
	}
	sent = sentDoc{
		Version: sent.Version, Repo: repo, Slot: d.Event.Slot, From: from, To: end, Zone: s.Zone.String(),
		Environment: s.Pipeline.Goal(), Services: services(s.Pipeline, repo), Channels: channels, Said: map[string][]flow.Said{},
	}
	pages, err := h.pages(ctx, sent, d.At)
	if err != nil {
		return plan, err
	}
	for _, p := range pages {
		plan.Do(sent.messages(p)...)
		sent.Said[p.service] = p.said
	}
	plan.Keep(sent)
	plan.Wake(slotTimer("amended", repo, d.Event.Slot.Add(reportCloses)))
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
