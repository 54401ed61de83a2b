package sim

import "time"

// plots are what people are about; what they do not know is what goes wrong
// meanwhile. Each begins half a minute in, when all is open.
var plots = []func(*writer, int){
	func(w *writer, n int) { whole(w, n) }, raced, aborted, rolledBack, atOnce, spoilt, redMain, revoked,
}

// whole brings a change from the first stage to the last.
func whole(w *writer, n int) time.Duration {
	at := w.between(20*time.Second, 40*time.Second)
	w.add(at, "grace", comments, n, "/deploy staging")
	at += w.between(30*time.Second, 90*time.Second)
	w.add(at, "grace", comments, n, "/deploy canary")
	at += w.between(2*time.Minute, 4*time.Minute)
	w.add(at, "grace", comments, n, "/promote")
	return at
}

// raced pushes between the command and what comes of it.
func raced(w *writer, n int) {
	at := w.between(20*time.Second, 60*time.Second)
	w.add(at+w.between(-2*time.Second, 4*time.Second), "alice", pushes, n, "")
	w.add(at, "grace", comments, n, oneOf(w, "/deploy staging", "/deploy staging @HEAD", "/deploy canary @HEAD"))
	w.add(at+w.between(2*time.Second, 20*time.Second), "ci", passes, n, "")
	w.add(at+w.between(30*time.Second, 60*time.Second), "grace", comments, n, "/deploy staging @HEAD")
}

// aborted calls a deploy off at any moment, and perhaps twice.
func aborted(w *writer, n int) {
	at := w.between(20*time.Second, 40*time.Second)
	w.add(at, "grace", comments, n, "/deploy staging")
	stop := at + w.between(0, 2*time.Minute)
	if w.IntN(2) == 0 {
		at += w.between(30*time.Second, 60*time.Second)
		w.add(at, "grace", comments, n, "/deploy canary")
		stop = at + w.between(0, 3*time.Minute)
	}
	w.add(stop, "grace", comments, n, "/abort")
	w.add(stop+w.between(0, 2*time.Second), oneOf(w, "grace", "ann"), presses, 0, "abort")
	if w.IntN(2) == 0 {
		w.add(stop+w.between(0, 5*time.Second), "ann", comments, n, "/abort")
	}
}

// rolledBack goes back, and asks for it twice.
func rolledBack(w *writer, n int) {
	at := whole(w, n) + w.between(-time.Minute, 2*time.Minute)
	w.add(at, "grace", comments, n, "/rollback production")
	w.add(at+w.between(0, 3*time.Second), "ann", comments, n, "/rollback production")
}

// atOnce deploys two changes into one place.
func atOnce(w *writer, n int) {
	at := w.between(20*time.Second, 40*time.Second)
	other := n%changes + 1
	w.add(at, "grace", comments, n, "/deploy staging")
	w.add(at+w.between(0, 2*time.Second), "ann", comments, other, "/deploy staging")
	at += w.between(40*time.Second, 90*time.Second)
	w.add(at, "grace", comments, n, "/deploy canary")
	w.add(at+w.between(0, 2*time.Second), "ann", comments, other, "/deploy canary")
	w.add(at+w.between(2*time.Minute, 3*time.Minute), "grace", presses, 0, "promote")
	w.add(at+w.between(2*time.Minute, 3*time.Minute), "ann", presses, 0, "promote")
}

// spoilt is a change that fails in production, where it is seen or not.
func spoilt(w *writer, n int) {
	w.add(15*time.Second, "alice", spoils, n, "")
	whole(w, n)
	if w.IntN(3) == 0 {
		at := w.between(time.Minute, 4*time.Minute)
		w.add(at, "somebody", hides, 0, "")
		w.add(at+w.between(10*time.Second, 2*time.Minute), "somebody", shows, 0, "")
	}
}

// redMain merges, breaks main and repairs it.
func redMain(w *writer, n int) {
	at := w.between(30*time.Second, time.Minute)
	w.add(at, "grace", merges, n, "")
	at += w.between(0, 20*time.Second)
	w.add(at, "ci", fails, 0, "")
	w.add(at+w.between(0, 30*time.Second), "ci", passes, n%changes+1, "")
	if w.IntN(2) == 0 {
		w.add(at+w.between(time.Second, time.Minute), "bob", comments, n%changes+1, "/main claim")
	}
	at += w.between(20*time.Second, 3*time.Minute)
	w.add(at, "bob", pushes, 0, "")
	w.add(at+w.between(time.Second, time.Minute), "ci", passes, 0, "")
}

// revoked takes a role from who has asked for something.
func revoked(w *writer, n int) {
	at := w.between(20*time.Second, 40*time.Second)
	w.add(at, "grace", comments, n, "/deploy staging")
	w.add(at+w.between(-time.Second, 3*time.Second), "ann", becomes, 0, "admin")
	w.add(at+w.between(-time.Second, 10*time.Second), "grace", becomes, 0, "read")
	w.add(at+w.between(30*time.Second, time.Minute), "grace", comments, n, "/deploy canary")
	w.add(at+w.between(time.Minute, 3*time.Minute), "grace", becomes, 0, "maintain")
}

// meanwhile is anything that somebody may do at any time.
func (w *writer) meanwhile(at time.Duration, n int) {
	switch w.IntN(12) {
	case 0:
		w.add(at, "alice", pushes, n, "")
		w.add(at+w.between(time.Second, 20*time.Second), "ci", passes, n, "")
	case 1:
		w.add(at, "grace", comments, n, "/status")
	case 2:
		w.add(at, "alice", says, 0, "/roundtrip status")
	case 3:
		w.add(at, "bob", closes, n, "")
		w.add(at+w.between(0, time.Minute), "bob", reopens, n, "")
	case 4:
		w.add(at, "grace", merges, n, "")
	case 5, 6:
		w.add(at, "grace", comments, n, oneOf(w, "/deploy staging", "/deploy canary", "/deploy production", "/promote"))
	case 7:
		verb := oneOf(w, "promote", "abort")
		w.add(at, "grace", presses, 0, verb)
		w.add(at+w.between(0, time.Second), "grace", presses, 0, verb) // a double click
	case 8:
		w.add(at, "ci", oneOf(w, passes, fails), 0, "")
	case 9:
		w.add(at, "rudi", comments, n, "/deploy staging") // who may not
	case 10:
		w.add(at, "grace", comments, n, oneOf(w, "/help", "/abort", "/rollback production", "/main claim"))
	case 11:
		w.add(at, "bob", pushes, 0, "")
	}
}
