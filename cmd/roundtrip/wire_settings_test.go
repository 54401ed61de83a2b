package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/deploy/executor"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics"
)

// TestWhatTheOperatorNamesIsThere: endpoints and commands become executors and
// sources, and runs are remembered beside the database.
func TestWhatTheOperatorNamesIsThere(t *testing.T) {
	dir := t.TempDir()
	s := config.Server{
		Database: config.NewDatabase("sqlite:" + filepath.Join(dir, "roundtrip.db")),
		Endpoints: map[string]config.Endpoint{
			"shop-cd": {Name: "shop-cd", Type: "http", URL: "https://cd.example.com", Secret: config.NewSecret("0123456789abcdef0123456789abcdef")},
			"prom":    {Name: "prom", Type: "prometheus", URL: "http://prometheus:9090", Repositories: []string{"acme/*"}},
			"pages":   {Name: "pages", Type: "scrape", Stable: []string{"http://s/metrics"}, Canary: []string{"http://c/metrics"}},
		},
		Commands: map[string]config.Command{"deploy": {Name: "deploy", Run: []string{"/bin/true"}, Timeout: time.Minute}},
	}
	o, err := executors(s, around{}, newMeters(nil, nil))
	if err != nil || o.State != filepath.Join(dir, "roundtrip.db.commands") || len(o.Supervisor) != 2 || o.Supervisor[1] != superviseName {
		t.Errorf("%+v, %v", o, err)
	}
	shared := s
	shared.Database = config.NewDatabase("postgres://u:p@db/x")
	if o, err := executors(shared, around{}, newMeters(nil, nil)); err != nil || filepath.Base(o.State) != "roundtrip.commands" || !filepath.IsAbs(o.State) {
		t.Errorf("with a database elsewhere: %+v, %v", o, err)
	}
	if list := targets(s); len(list) != 2 {
		t.Errorf("%+v", list)
	}
	if _, err := executor.New(targets(s), o); err != nil {
		t.Error(err)
	}
	if list := metricSources(s); len(list) != 2 {
		t.Errorf("%+v", list)
	}
	if _, err := metrics.New(metricSources(s), metrics.Options{}); err != nil {
		t.Error(err)
	}
	if o, err := executors(config.Server{}, around{}, newMeters(nil, nil)); err != nil || o.State != "" {
		t.Errorf("without commands: %+v, %v", o, err)
	}
}
