package config

import (
	"time"

	"github.com/roundtrip-bot/roundtrip/deploy"
)

// soak is how long a release is live in production before it is known good,
// unless the file says otherwise.
const soak = 10 * time.Minute

// soaks gives each stage its soak. Where a canary goes on to 100 %, its last
// step is one already; where it does not, the stage that follows has one.
func (r *reader) soaks(stages []deploy.Stage) {
	for i, s := range stages {
		path := "stages." + string(s.Name) + ".strategy"
		if _, canary := r.spots[path+".canary"]; canary {
			continue
		}
		if all := r.shape.Stages[name(s.Name)].Strategy; all != nil && all.AllAtOnce != nil {
			stages[i].Soak = time.Duration(all.AllAtOnce.For)
		}
		if _, given := r.spots[path+".all_at_once.for"]; !given && s.Production {
			stages[i].Soak = soak
		}
	}
}
