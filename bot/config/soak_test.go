package config_test

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/config"
)

// Production soaks for ten minutes unless the file says otherwise; what is
// before it does not.
func TestProductionSoaks(t *testing.T) {
	for last, want := range map[string]time.Duration{
		"{executor: {http: x}}":                                                              10 * time.Minute,
		"{executor: {http: x}, strategy: {all_at_once: {}}}":                                 10 * time.Minute,
		"{executor: {http: x}, strategy: {all_at_once: {for: 1h}}}":                          time.Hour,
		"{executor: {http: x}, strategy: {all_at_once: {for: 0s}}}":                          0,
		"{executor: {http: x}, strategy: {canary: [{weight: 100%, for: 1m}]}}":               0, // its last step is the soak
		"{environment: eu-staging, executor: {http: x}, strategy: {all_at_once: {}}}":        0,
		"{environment: eu-staging, executor: {http: x}, strategy: {all_at_once: {for: 2m}}}": 2 * time.Minute,
	} {
		repo, mistakes := config.ParseRepo(config.RepoFile, []byte("version: 1\nstages:\n  staging: {executor: {http: x}}\n  live: "+last+"\n"))
		if len(mistakes) > 0 {
			t.Fatalf("%s: %v", last, mistakes)
		}
		if s := repo.Pipeline.Stages; s[1].Soak != want || s[0].Soak != 0 {
			t.Errorf("%s soaks %v, want %v; staging %v", last, s[1].Soak, want, s[0].Soak)
		}
	}
}
