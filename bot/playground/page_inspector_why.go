package playground

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// whyEffect says why an effect is in its state, and what comes next.
func (w *World) whyEffect(t bot.Task, before *bot.Task) (why []string) {
	switch t.State {
	case bot.TaskWaiting:
		why = append(why, w.whyWaits(t, before))
	case bot.TaskPerforming:
		why = append(why, "in hand now")
	case bot.TaskUnchanged:
		why = append(why, "what is there says the same")
	case bot.TaskSuperseded:
		why = append(why, "a newer one took its place")
	case bot.TaskHeld:
		why = append(why, "the bot only observes: recorded, not done")
	case bot.TaskDoubtful:
		why = append(why, "it may or may not have been done: a person decides")
	case bot.TaskFailed:
		why = append(why, "given up: trying again would not help")
	}
	why = append(why, tried(t)...)
	if t.Error != "" {
		why = append(why, "last error: "+secretless(t.Error))
	}
	return append(why, "because of "+t.Cause)
}

func (w *World) whyWaits(t bot.Task, before *bot.Task) string {
	switch {
	case before != nil:
		return fmt.Sprintf("behind %d. %s, which is %s: one after the other", before.Seq, before.Kind, before.State)
	case t.Due.After(w.Now()) && t.Attempts > 0:
		return "next try " + w.until(t.Due)
	case t.Due.After(w.Now()):
		return "not before " + w.until(t.Due)
	}
	return "its turn comes next"
}

// tried says how often an effect was tried, and apart from that how often it
// was taken up: who is asked to wait, or is gone, has not tried.
func tried(t bot.Task) (why []string) {
	tries := t.Tries + t.Away
	if t.State == bot.TaskDone || t.State == bot.TaskFailed {
		tries++ // the last one; what is counted is those after which it is tried again
	}
	tries = min(tries, t.Attempts-t.Lapses)
	if tries > 0 {
		why = append(why, "tried "+times(tries))
	}
	if t.Attempts > 1 && t.Attempts != tries {
		why = append(why, "taken up "+times(t.Attempts))
	}
	if t.Lapses > 0 {
		why = append(why, times(t.Lapses)+" whoever had it in hand was gone")
	}
	return why
}

func times(n int) string {
	if n == 1 {
		return "1 time"
	}
	return fmt.Sprintf("%d times", n)
}

// until is a moment, and how far off it is.
func (w *World) until(at time.Time) string {
	clock := "at " + at.UTC().Format("15:04:05")
	if left := at.Sub(w.Now()).Round(time.Second); left > 0 {
		return clock + ", in " + left.String()
	}
	return clock
}
