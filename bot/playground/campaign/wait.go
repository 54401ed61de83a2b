package campaign

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// Wait is what people waited for: from the moment at which GitHub had
// something to tell us until it was written.
type Wait struct {
	Each    []time.Duration // ascending
	Missing int             // of those that waited for ever
}

// At is how long the share q waited at most.
func (w Wait) At(q float64) time.Duration {
	if len(w.Each) == 0 {
		return 0
	}
	return w.Each[min(int(q*float64(len(w.Each))), len(w.Each)-1)]
}

// asked is something that somebody waits for, and what answers it: a commit
// its first verdict, a comment its first reaction.
type asked struct {
	at      time.Time
	answers string
}

// verdict is the check that is one.
const verdict = "roundtrip / batch"

// firstAnswers is when each was first answered, by what it is for.
func firstAnswers(writes []fakegithub.Write) map[string]time.Time {
	first := map[string]time.Time{}
	for _, w := range writes {
		key := w.Path
		if strings.HasSuffix(w.Path, "/check-runs") {
			var run struct {
				Name string `json:"name"`
				SHA  string `json:"head_sha"`
			}
			if json.Unmarshal(w.Body, &run) != nil || run.Name != verdict {
				continue
			}
			key = run.SHA
		}
		if _, known := first[key]; !known && w.Status/100 == 2 {
			first[key] = w.Time
		}
	}
	return first
}

// wait for all answers, at most for the patience.
func (p Pace) wait(ctx context.Context, list []asked) (w Wait, err error) {
	until := time.Now().Add(p.Patience)
	for {
		w = Wait{}
		first := firstAnswers(p.Serve.World.GitHub.Writes())
		for _, a := range list {
			if at, ok := first[a.answers]; ok {
				w.Each = append(w.Each, at.Sub(a.at))
			} else {
				w.Missing++
			}
		}
		if w.Missing == 0 || ctx.Err() != nil || time.Now().After(until) {
			slices.Sort(w.Each)
			return w, context.Cause(ctx)
		}
		time.Sleep(200 * time.Millisecond)
	}
}
