package deploy

import (
	"fmt"
	"strings"
)

// askHonoured fails closed: a rule of the file that is not asked must not
// look as if it had passed.
func askHonoured(a Ask) Answer {
	var settings []string
	for _, u := range a.Pipeline.Unavailable {
		if u.Stage == "" || u.Stage == a.Stage.Name {
			settings = append(settings, u.String())
		}
	}
	if len(settings) > 0 {
		return fail("Take it out of the file until it is, if you can do without.",
			"the file asks for what this version cannot do yet: %s", strings.Join(settings, ", "))
	}
	return pass("all that the file asks for is asked")
}

func askMainGreen(a Ask) Answer {
	if a.Stage.Gates.MainOK && a.MainRed != "" {
		advice := "Repair main first."
		if a.canGoBack() {
			advice = "Repair main first; " + a.goBack() + " is always open."
		}
		return fail(advice, "main is red: %s", a.MainRed)
	}
	return pass("main is not in the way")
}

func askNotBad(a Ask) Answer {
	if a.Slot.IsBad(a.Release.SHA) {
		good := fmt.Sprintf("/good %s @%s", a.Pipeline.Place(a.Release.Service, a.Stage.Name), a.Release.SHA.Short())
		return fail("Push a repair and deploy it. If it was not at fault, say so with the reason: "+good+" the fault was in …", "%s was rolled back from %s before", a.Release.SHA.Short(), a.Stage.Environment)
	}
	return pass("production has not rejected it")
}

func askKnown(a Ask) Answer {
	switch {
	case a.Slot.Dirty == "":
		return pass("it is known what runs in %s", a.Stage.Environment)
	case a.canGoBack():
		return fail(a.goBack(), "nobody knows what runs in %s: %s", a.Stage.Environment, a.Slot.Dirty)
	case a.Named:
		return a.forward()
	}
	return fail(a.inFull(), "nobody knows what runs in %s: %s. There is nothing to go back to, so a commit that is named in full may follow", a.Stage.Environment, a.Slot.Dirty)
}

// canGoBack reports whether a rollback would find something to bring. Where
// it would not, the way out is forward, for whoever names the commit in full.
func (a Ask) canGoBack() bool {
	_, ok := a.Slot.Back()
	return ok
}

// goBack is the line that takes back what is there.
func (a Ask) goBack() string {
	return "/rollback " + a.Pipeline.Place(a.Release.Service, a.Stage.Name)
}

// forward lets through what may follow where there is no way back.
func (a Ask) forward() Answer {
	return pass("there is nothing to go back to in %s, and the commit was named in full", a.Stage.Environment)
}

// inFull is the line that asks for the release by its whole name.
func (a Ask) inFull() string {
	return fmt.Sprintf("/deploy %s @%s", a.Pipeline.Place(a.Release.Service, a.Stage.Name), a.Release.SHA)
}
