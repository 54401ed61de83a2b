package bot

// How often an effect fails before it is given up: about five hours. That whom it
// is for does not answer at all is no fault of the effect: then it is about three
// days, so that what is owed is there when they are back. Each is counted apart.
const (
	TaskTries = 30
	AwayTries = 300
)

// HandedOn and AwayHandedOn are how many of these count at most for what says
// something else and takes its place: some it has of its own.
const (
	HandedOn     = TaskTries - 5
	AwayHandedOn = AwayTries - 5
)

// HandOn is how many of t's tries count for what takes its place and has this hash.
func (t Task) HandOn(hash string) (tries, away int) {
	if hash == t.Hash {
		return t.Tries, t.Away
	}
	return min(t.Tries, HandedOn), min(t.Away, AwayHandedOn)
}
