package handlers

import (
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

// told is the start as it waits on, once the change says so. It does not the
// first time: a merge is often heard before the push of the right file that it
// brings.
func (w waitsForFile) told(now time.Time) bot.StartDue {
	if w.Told == "" && now.After(w.Since) {
		w.Told = w.at.Place
		w.says(w.at.Waits())
	}
	return w.StartDue
}

// ends says what became of it, where the change was told that it waits.
func (w waitsForFile) ends(body string) {
	if w.Told != "" {
		w.says(body)
	}
}

func (w waitsForFile) says(body string) {
	w.plan.Do(bot.KeepComment{Ref: w.Ref, Place: "start/" + w.Told, Body: body})
}
