package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/dial"
	"github.com/roundtrip-bot/roundtrip/bot/web"
	"github.com/roundtrip-bot/roundtrip/bot/when"
	"github.com/roundtrip-bot/roundtrip/deploy/executor"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics"
	"github.com/roundtrip-bot/roundtrip/handlers"
)

// reader compiles a repository's file for the handlers. Without Slack nobody
// is told there, whatever the file says.
func reader(s config.Server) func([]byte) (handlers.Settings, []bot.Mistake) {
	return func(text []byte) (handlers.Settings, []bot.Mistake) {
		repo, mistakes := config.Defaults(), []bot.Mistake(nil)
		if text != nil {
			repo, mistakes = config.ParseRepo(handlers.ConfigPath, text)
		}
		if !s.Slack.On() {
			repo.Notify, repo.Weekly = bot.Notify{}, nil
		}
		return settings(repo), mistakes
	}
}

func settings(r config.Repo) handlers.Settings {
	s := handlers.Settings{HasFile: r.HasFile, Policies: r.Policies, Lines: r.Lines, Pipeline: r.Pipeline, Notify: r.Notify, Weekly: r.Weekly}
	if r.Weekly != nil {
		// ParseRepo has parsed it before; what it let pass does not fail here.
		if schedule, err := when.ParseSchedule(r.Weekly.Cron, r.Weekly.Zone); err == nil {
			s.Next, s.Zone = schedule.Next, schedule.Zone()
		}
	}
	return s
}

func logins(people []bot.Person) map[string]bot.Login {
	by := map[string]bot.Login{}
	for _, p := range people {
		by[p.Slack] = p.Login
	}
	return by
}

// targets are the endpoints and commands that put stages in place.
func targets(s config.Server) (list []executor.Endpoint) {
	for _, e := range s.Endpoints {
		if e.Type == "http" {
			list = append(list, executor.Endpoint{Name: e.Name, Kind: e.Type, URL: e.URL, Secret: e.Secret.Reveal(), MayUse: e.MayUse, Timeout: e.Timeout})
		}
	}
	for _, c := range s.Commands {
		list = append(list, executor.Endpoint{Name: c.Name, Kind: "command", Run: c.Run, MayUse: c.MayUse, Timeout: c.Timeout})
	}
	return list
}

// executors say where commands' runs are remembered and that this very program
// watches them.
func executors(s config.Server, a around, m *meters) (executor.Options, error) {
	o := executor.Options{Now: a.clock, Over: a.over, Watch: a.carry(m), Enter: dial.NewPlaces(waitForOne, ordersAtOnce).Enter}
	if len(s.Commands) == 0 {
		return o, nil
	}
	self, err := os.Executable()
	if err != nil {
		return o, fmt.Errorf("find out who watches commands: %w", err)
	}
	state, err := filepath.Abs(runsFolder(s.Database))
	if err != nil {
		return o, fmt.Errorf("find the folder that remembers commands: %w", err)
	}
	o.State, o.Supervisor = state, []string{self, superviseName}
	return o, nil
}

// runsFolder remembers commands' runs, which are of this machine: beside the
// database where it is a file, else in the folder that the server runs in.
func runsFolder(d config.Database) string {
	if file, ok := d.File(); ok {
		return file + ".commands"
	}
	return "roundtrip.commands"
}

// metricSources are the endpoints that production is asked through.
func metricSources(s config.Server) (list []metrics.Endpoint) {
	for _, e := range s.Endpoints {
		if e.Type == "scrape" || e.Type == "prometheus" {
			list = append(list, metrics.Endpoint{Name: e.Name, Kind: e.Type, URL: e.URL, Secret: e.Secret.Reveal(), Stable: e.Stable, Canary: e.Canary, MayUse: e.MayUse, Timeout: e.Timeout})
		}
	}
	return list
}

// rolloutPages says where people read of a rollout; nil when they cannot.
func rolloutPages(base string) func(string) string {
	if base == "" {
		return nil
	}
	return func(id string) string { return base + web.RolloutPath(id) }
}

// hostIn an address; empty when there is none.
func hostIn(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
