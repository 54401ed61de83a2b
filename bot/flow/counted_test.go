package flow_test

import (
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/flow"
)

func TestOneIsNotMany(t *testing.T) {
	for want, r := range map[string]flow.Result{
		"0 deployments":              {Of: "deployments"},
		"1 incident":                 {N: 1, Of: "incidents"},
		"1 merged change":            {N: 1, Of: "merged changes"},
		"1 deployment with changes":  {N: 1, Of: "deployments with changes"},
		"2 deployments with changes": {N: 2, Of: "deployments with changes"},
	} {
		if got := r.Counted(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
