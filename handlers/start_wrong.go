package handlers

import (
	"cmp"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// waitsForFile is a start that the merged change may have been told of: that
// it waits for the file to be right.
type waitsForFile struct {
	bot.StartDue
	at   words.Start
	plan *bot.Plan
}

// waits is the start as it waits on, once the change says so. It does not the
// first time: a merge is often heard before the push of the right file that it
// brings.
func (w waitsForFile) waits(now time.Time) bot.StartDue {
	if !now.After(w.Since) {
		return w.StartDue
	}
	if w.Told == "" {
		w.Told, w.Right = w.at.Place, true
	}
	if w.Right {
		w.Right = false
		w.says(w.at.Waits())
	}
	return w.StartDue
}

// goesOn is the start as it waits for its gates. Where the change was told of
// it, that stays known: what it was told last may come to be untrue.
func (w waitsForFile) goesOn() bot.StartDue {
	if w.Told != "" && !w.Right {
		w.Right = true
		w.says(w.at.GoesOn())
	}
	return w.StartDue
}

// ends says what became of it, where the change was told that it waits.
func (w waitsForFile) ends(body string) {
	if w.Told != "" {
		w.says(body)
	}
}

// noLonger ends it where the file that is right does not ask for it. Of what
// the file names no more, the place is what it was called when it did.
func (w waitsForFile) noLonger(named bool) {
	if named {
		w.ends(w.at.NoLonger())
		return
	}
	w.at.Place = w.Told
	w.ends(w.at.Gone())
}

func (w waitsForFile) says(body string) {
	w.plan.Do(bot.KeepComment{Ref: w.Ref, Place: startComment(w.StartDue, w.at.Place), Body: body})
}

// startComment is the comment that says what becomes of a start: the one that
// there is, also when the place is called otherwise by now.
func startComment(e bot.StartDue, place string) string { return "start/" + cmp.Or(e.Told, place) }
