package main

import (
	"context"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
	"github.com/roundtrip-bot/roundtrip/bot/github"
	"github.com/roundtrip-bot/roundtrip/bot/slack"
	"github.com/roundtrip-bot/roundtrip/deploy/executor"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics"
)

// outside are the adapters to all that is not ours.
type outside struct {
	github  *github.Client
	slack   *slack.Client // nil without Slack
	stages  *executor.Set
	sources *metrics.Set
}

func adapters(s config.Server, db database, a around, m *meters) (o outside, err error) {
	marks := markKeys(s)
	o.github, err = github.New(github.Options{
		APIURL: s.GitHub.APIURL, AppID: s.GitHub.AppID, PrivateKey: []byte(s.GitHub.PrivateKey.Reveal()), Now: a.clock, Transport: a.carry(m)(a.over), Seen: m.budgets.seen,
		MarkKey: marks[0], MarkKeysOld: marks[1:], Page: rolloutPages(s.PagesURL), SetsOff: config.SetsOff,
	})
	if err != nil {
		return o, err
	}
	if s.Slack.On() {
		o.slack = slack.New(slack.Options{APIURL: s.Slack.APIURL, BotToken: s.Slack.BotToken.Reveal(), AppToken: s.Slack.AppToken.Reveal(), Receipts: receipts(db), Transport: a.carry(m)(a.over)})
	}
	executing, err := executors(s, a, m)
	if err != nil {
		return o, err
	}
	executing.Workflows = o.github.Workflows()
	if o.stages, err = executor.New(targets(s), executing); err != nil {
		return o, err
	}
	o.sources, err = metrics.New(metricSources(s), metrics.Options{Hosts: s.Hosts, Over: a.over, Watch: a.ask(m), WatchProbes: m.requests.watch})
	return o, err
}

func receipts(db database) func(context.Context, string, string) (bot.Receipt, bool, error) {
	return func(ctx context.Context, kind, key string) (bot.Receipt, bool, error) {
		r, _, ok, err := db.Receipt(ctx, kind, key)
		return r, ok, err
	}
}

// lanes: who waits for one peer must not delay another.
func (o outside) lanes() []engine.Lane {
	lanes := []engine.Lane{{Name: "github"}, {Name: "stages", Loops: ordersAtOnce}}
	for _, p := range o.github.All() {
		lanes[0].Performers = append(lanes[0].Performers, p)
	}
	for _, p := range o.stages.All() {
		lanes[1].Performers = append(lanes[1].Performers, p)
	}
	if o.slack == nil {
		return lanes
	}
	chat := engine.Lane{Name: "slack"}
	for _, p := range o.slack.All() {
		chat.Performers = append(chat.Performers, p)
	}
	return append(lanes, chat)
}
