package handlers

import (
	"context"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
	"github.com/roundtrip-bot/roundtrip/bot/when"
)

// reportCloses is how long after its slot a report is looked at once more: by
// then what failed on a Sunday evening was taken back, and what GitHub told
// late is there.
const reportCloses = 48 * time.Hour

// sentDoc is the newest report that was sent, and what it said. What it is
// about and who has it stay as they were, whatever the file says by now.
type sentDoc struct {
	bot.Version
	Repo        bot.RepoRef            `json:"repo"`
	Slot        time.Time              `json:"slot"`
	From        time.Time              `json:"from"`
	To          time.Time              `json:"to"`
	Zone        string                 `json:"zone"` // days are counted there
	Environment string                 `json:"environment"`
	Services    []string               `json:"services"`
	Channels    []string               `json:"channels"`
	Said        map[string][]flow.Said `json:"said"` // by service; empty: the whole
}

func (d sentDoc) DocKey() string { return "report/" + d.Repo.Key() }

// page of a report: the whole, or a service in its thread.
type page struct {
	service string // empty: the whole
	said    []flow.Said
	text    string
	blocks  []bot.Block
}

// pages of a report as it looks now: the whole, and each service of which
// there is something to say or was.
func (h *Handlers) pages(ctx context.Context, d sentDoc, now time.Time) ([]page, error) {
	zone, err := when.ParseZone(d.Zone)
	if err != nil {
		return nil, fmt.Errorf("measure %s in its zone: %w", d.Repo.Name, err)
	}
	facts, err := h.Store.Facts(ctx, bot.FactQuery{Repo: d.Repo, Kinds: flow.Kinds()})
	if err != nil {
		return nil, err
	}
	period := flow.Period{From: d.From.In(zone), To: d.To.In(zone), Repo: d.Repo.Name, Environment: d.Environment, Now: now}
	whole, parts := flow.ByService(flow.FromFacts(facts), period, d.Services)
	text, blocks := flow.SlackOf(whole, parts)
	pages := []page{{"", flow.SaidOf(whole, parts), text, blocks}}
	for _, p := range parts {
		if _, told := d.Said[p.Period.Service]; told || p.Moved() {
			text, blocks := flow.Reply(p)
			pages = append(pages, page{p.Period.Service, flow.SaidOf(p, nil), text, blocks})
		}
	}
	return pages, nil
}

// messages are a page in each channel that has the report.
func (d sentDoc) messages(p page) (all []bot.Effect) {
	m := bot.KeepMessage{Repo: d.Repo, Text: p.text, Blocks: p.blocks}
	m.Place = fmt.Sprintf("weekly/%s/%s", d.Repo.Key(), d.From.Format(time.DateOnly))
	if p.service != "" {
		m.Place, m.Thread = m.Place+"/"+p.service, m.Place
	}
	for _, m.Channel = range d.Channels {
		all = append(all, m)
	}
	return all
}

// amended looks at the newest report again and edits what says something else
// by now. A later report of the same week has a look of its own.
func (h *Handlers) amended(ctx context.Context, s Settings, d bot.Delivery[bot.ScheduleDue]) (plan bot.Plan, err error) {
	sent := sentDoc{Repo: d.Event.Repo}
	found, err := h.Store.Doc(ctx, sent.DocKey(), &sent)
	if err != nil || !found || s.Weekly == nil || !sent.Slot.Add(reportCloses).Equal(d.Event.Slot) {
		return plan, err
	}
	pages, err := h.pages(ctx, sent, d.At)
	if err != nil {
		return plan, err
	}
	var outdated []flow.Said
	for _, p := range pages {
		before, told := sent.Said[p.service]
		changed := flow.Outdated(before, p.said)
		if told && len(changed) == 0 {
			continue
		}
		if told {
			p.text, p.blocks = flow.Amended(p.text, p.blocks, changed, d.At)
		}
		plan.Do(sent.messages(p)...)
		sent.Said[p.service], outdated = p.said, append(outdated, changed...)
	}
	if len(plan.Effects) == 0 {
		return plan, nil
	}
	plan.Keep(sent)
	plan.Learn(bot.NewFact("report.amended", sent.Repo, "weekly", d.At, map[string]any{"from": sent.From, "to": sent.To, "before": outdated}))
	return plan, nil
}
