package deploy

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// askSoaked: what is live holds its environment until it soaked. Before that
// nobody knows whether it is good, and what replaces it had nothing good to go
// back to but what is older still. A rollback asks no gate.
// Where nobody knows what is live, nothing soaks.
func askSoaked(a Ask) Answer {
	live := a.Slot.Live
	if a.Slot.Dirty != "" || live == nil || live.Soaked(a.Now) || live.Release.Same(a.Release) {
		return pass("what is live there has soaked")
	}
	instead := a.goBack()
	switch {
	case a.canGoBack() && a.Onward: // a rollback would take back its own canary
		instead = ""
	case a.canGoBack():
	case a.Named:
		return a.forward()
	default:
		instead = a.inFull()
	}
	left := (live.Soak - a.Now.Sub(live.At) + time.Second - 1).Truncate(time.Second)
	advice := fmt.Sprintf("Wait %s and ask again.", words.For(left))
	if instead != "" {
		advice += " If it must not stay: " + instead
	}
	return Answer{
		Result: Pending, Advice: advice,
		Says: fmt.Sprintf("%s is live in %s and soaks until %s", live.Release.SHA.Short(), a.Stage.Environment, words.Moment(live.At.Add(live.Soak))),
	}
}
