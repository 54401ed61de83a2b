package flow

import (
	"fmt"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/words"
)

const quiet = "A quiet week: nothing went live, nothing was merged and main never broke. There is nothing to measure, and that is no bad sign."

// sentence is the report in one or two sentences, by rules.
func (r Report) sentence() string {
	if r.Quiet {
		if r.Period.To.Sub(r.Period.From) > 8*24*time.Hour {
			return strings.Replace(quiet, "week", "time", 1)
		}
		return quiet
	}
	live, lead, failed, red := r.Result("deployment_frequency"), r.Result("lead_time"), r.Result("fail_rate"), r.Result("red_main")
	if live.N == 0 {
		return fmt.Sprintf("Nothing went live. %s", r.mainSentence(red))
	}
	parts := []string{words.Plural(live.N, "deployment") + " went live"}
	if f, ok := lead.Figure("median"); ok {
		parts = append(parts, fmt.Sprintf("half of the %d changes within %s of their first commit", lead.N, duration(f, time.Hour)))
	}
	if f, _ := failed.Figure("failed"); f.Value > 0 {
		parts = append(parts, fmt.Sprintf("%.0f had to be repaired", f.Value))
	} else if failed.N > 0 {
		parts = append(parts, "none had to be repaired")
	}
	return strings.Join(parts, ", ") + ". " + r.mainSentence(red)
}

func (r Report) mainSentence(red Result) string {
	f, _ := red.Figure("red_minutes")
	if f.N == 0 {
		return "Main never broke."
	}
	return fmt.Sprintf("Main was red for %s.", duration(f, time.Minute))
}

// left says what a result leaves out and what is to be known of it.
func (r Result) left() string {
	var parts []string
	if len(r.Excluded) > 0 {
		parts = append(parts, "left out: "+list(r.Excluded))
	}
	if len(r.Notes) > 0 {
		parts = append(parts, list(r.Notes))
	}
	return strings.Join(parts, "; ")
}

func list(counts []Count) string {
	var parts []string
	for _, c := range counts {
		parts = append(parts, fmt.Sprintf("%d %s", c.N, c.Why))
	}
	return strings.Join(parts, ", ")
}

// small print: what holds for the whole report.
func (r Report) small() string {
	text := "Percentiles from 5 on; of fewer, each. No numbers about persons."
	if r.Unread > 0 {
		text += fmt.Sprintf(" %s of the ledger could not be read and may be missing here.", words.Plural(r.Unread, "fact"))
	}
	return text
}
