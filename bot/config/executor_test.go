package config

import (
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// TestWhoCanPutStagesInPlace: executors that exist are not called unavailable,
// and the others still are.
func TestWhoCanPutStagesInPlace(t *testing.T) {
	for executor, want := range map[string]struct {
		ref   bot.ExecutorRef
		there bool
	}{
		"http: shop-cd":                   {bot.ExecutorRef{Kind: "http", Name: "shop-cd"}, true},
		"command: shop-deploy":            {bot.ExecutorRef{Kind: "command", Name: "shop-deploy"}, true},
		"actions: {workflow: deploy.yml}": {bot.ExecutorRef{Kind: "actions", Name: "deploy.yml"}, true},
		"deployment: {}":                  {bot.ExecutorRef{Kind: "deployment"}, false},
		"argo: shop":                      {bot.ExecutorRef{Kind: "argo", Name: "shop"}, false},
	} {
		r, mistakes := ParseRepo("roundtrip.yml", []byte("version: 1\nstages:\n  one: {executor: {"+executor+"}}\n"))
		if len(mistakes) > 0 || len(r.Pipeline.Stages) != 1 || r.Pipeline.Stages[0].Executor != want.ref {
			t.Errorf("%s: %v, %+v", executor, mistakes, r.Pipeline.Stages)
		}
		if beyond := r.Pipeline.Unavailable; (len(beyond) == 0) != want.there || len(beyond) > 0 && !strings.Contains(beyond[0].Path, "executor") {
			t.Errorf("%s: %v", executor, beyond)
		}
	}
}
