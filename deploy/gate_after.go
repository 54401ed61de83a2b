package deploy

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// askAfter: order is kept for the very same commit. Only what is there now
// counts: a release that went back has not been there.
func askAfter(a Ask) Answer {
	for _, after := range a.Stage.After {
		since, ok := a.Been[after.Stage]
		if !ok {
			return fail("/deploy "+a.Pipeline.Place(a.Release.Service, after.Stage), "%s has not been in %s", a.Release.SHA.Short(), after.Stage)
		}
		been := a.Now.Sub(since)
		if been >= after.For {
			continue
		}
		left := (after.For - been + time.Second - 1).Truncate(time.Second)
		return Answer{
			Result: Pending, Advice: "Wait " + words.For(left) + " and ask again.",
			Says: fmt.Sprintf("%s has been in %s for %s of %s", a.Release.SHA.Short(), after.Stage, words.For(been.Truncate(time.Second)), words.For(after.For)),
		}
	}
	return pass("the stages before are behind it")
}
