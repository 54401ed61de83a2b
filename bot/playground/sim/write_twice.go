package sim

import "time"

// What a read is after the answer to a write was lost: it is to say whether that
// took place.
var asksAfter = map[string]string{
	"POST /stand-in/cd/deployments": "GET /stand-in/cd/deployments", "/comments": "GET /stand-in/github/repos/acme/shop/issues/",
	"/check-runs": "GET /stand-in/github/repos/acme/shop/commits/", "/deployments": "GET /stand-in/github/repos/acme/shop/deployments",
	"chat.postMessage": "conversations.history",
}

// worse is what goes wrong besides, in one history of two, drawn from a stream
// of its own: the database's clock jumps, or what was to make good for one
// fault meets another.
func (w *writer) worse() {
	switch w.IntN(6) {
	case 0:
		for range 1 + w.IntN(3) {
			w.add(w.between(10*time.Second, 9*time.Minute), "the database's clock", jumps, 0, w.leap().String())
		}
	case 1:
		replica, door := 1+w.IntN(replicas), 1+w.IntN(doorsPassed)
		for range 2 + w.IntN(2) { // killed, and again while it takes up what it left
			w.faults = append(w.faults, Fault{Kind: crash, Replica: replica, At: door, For: w.between(0, 20*time.Second)})
			door += 1 + w.IntN(12)
		}
	case 2:
		write := oneOf(w, "POST /stand-in/cd/deployments", "/comments", "/check-runs", "/deployments", "chat.postMessage")
		at := 1 + w.IntN(4)
		w.faults = append(w.faults, Fault{Kind: oneOf(w, lose, lose, crash), Aim: write, At: at, For: w.between(0, 20*time.Second)})
		for range 1 + w.IntN(3) {
			w.faults = append(w.faults, Fault{Kind: oneOf(w, refuse, lose, limit, crash), Aim: asksAfter[write], At: 1, For: w.between(time.Second, 30*time.Second), Then: true})
		}
	}
}

// leap is how far the clock jumps, in both directions: seconds, minutes or hours.
func (w *writer) leap() time.Duration {
	d := oneOf(w, w.between(time.Second, time.Minute), w.between(time.Minute, time.Hour), w.between(time.Hour, 6*time.Hour))
	return oneOf(w, d, -d)
}
