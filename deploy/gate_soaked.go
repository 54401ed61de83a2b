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
	if !a.canGoBack() {
		if a.Named {
			return a.forward()
		}
		instead = a.inFull()
	}
	left := (live.Soak - a.Now.Sub(live.At) + time.Second - 1).Truncate(time.Second)
	return Answer{
		Result: Pending,
		Says:   fmt.Sprintf("%s is live in %s and soaks until %s", live.Release.SHA.Short(), a.Stage.Environment, words.Moment(live.At.Add(live.Soak))),
		Advice: fmt.Sprintf("Wait %s and ask again. If it must not stay: %s", words.For(left), instead),
	}
}
