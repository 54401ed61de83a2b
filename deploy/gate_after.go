package deploy

import "time"

// askAfter: order is kept for the very same commit. Only what is there now
// counts: a release that went back has not been there.
func askAfter(a Ask) Answer {
	for _, after := range a.Stage.After {
		since, ok := a.Been[after.Stage]
		if !ok {
			return fail("/deploy "+string(after.Stage), "%s has not been in %s", a.Release.SHA.Short(), after.Stage)
		}
		if been := a.Now.Sub(since); been < after.For {
			answer := fail("", "%s has been in %s for %s of %s", a.Release.SHA.Short(), after.Stage,
				been.Truncate(time.Second), after.For)
			answer.Result = Pending
			answer.Advice = "Wait " + (after.For - been).Truncate(time.Second).String() + " and ask again."
			return answer
		}
	}
	return pass("the stages before are behind it")
}
