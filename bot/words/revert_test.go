package words_test

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

func TestReverts(t *testing.T) {
	bob := bot.Person{Login: "bob"}
	asked, opened, theirs := incident(), incident(), incident()
	offered, taken, takenOffered := incident(), incident(), incident()
	taken.Claimed, taken.ClaimedAt = bob, begin.Add(3*time.Minute)
	takenOffered.Claimed, takenOffered.ClaimedAt = taken.Claimed, taken.ClaimedAt
	offered.Revert.Offered, takenOffered.Revert.Offered = true, true
	asked.Revert = words.TakeBack{By: bob}
	opened.Revert = words.TakeBack{By: bob, Opened: 13}
	theirs.Revert = words.TakeBack{Opened: 13}
	byHand := words.RevertByHand{Change: gifts, Branch: "main", SHA: newer, Merge: true, Why: "open a revert of acme/shop#12: GitHub answered: UNPROCESSABLE: a <conflict>"}
	squashed := byHand
	squashed.Merge, squashed.Branch = false, "v1; rm -rf ~"
	page(t, "revert.txt", []message{
		{"asked for", chat(asked.Broke()), []string{"↩ @bob asked for a revert of #12."}},
		{"opened", chat(opened.Broke()), []string{"*Next:* merge #13, which takes #12 back. "}},
		{"opened, in the thread", opened.RevertOpened(), []string{"↩ #13 takes #12 back, asked by @bob. Next: merge it"}},
		{"opened by somebody, in the thread", theirs.RevertOpened(), []string{"↩ #13 takes #12 back. Next: merge it"}},
		{"a nudge", opened.Nudge(5*time.Minute, 10*time.Minute), []string{"Next: merge #13, which takes #12 back."}},
		{"escalated", opened.Escalated(20*time.Minute, "@sre"), []string{"@sre: main has been red for 20 min", "Next: merge #13, which takes #12 back."}},
		{"a nudge while it is asked for", asked.Nudge(5*time.Minute, 10*time.Minute), []string{"main claim`, then revert #12 or push a repair."}},
		{"a nudge where a button offers it", offered.Nudge(5*time.Minute, 10*time.Minute), []string{"main claim`, then revert #12 or push a repair."}},
		{"a nudge where none does", incident().Nudge(5*time.Minute, 10*time.Minute), []string{"main claim`, then push a repair, or revert by hand what fails."}},
		{"a nudge where somebody takes care", taken.Nudge(5*time.Minute, 10*time.Minute), []string{"@bob takes care of it since 08:03 UTC. Next: push a repair, or revert by hand what fails."}},
		{"a nudge where somebody takes care and a button offers it", takenOffered.Nudge(5*time.Minute, 10*time.Minute), []string{"since 08:03 UTC. Next: revert #12 or push a repair."}},
		{"escalated where a button offers it", offered.Escalated(20*time.Minute, "@sre"), []string{"Next: revert #12 or push a repair."}},
		{"escalated where none does", incident().Escalated(20*time.Minute, "@sre"), []string{"Next: push a repair, or revert by hand what fails."}},
		{"the pull request's text", words.RevertBody(gifts, "main", "unit fails since bbbbbbb", bob), []string{"Reverts acme/shop#12\n", "`@bob` asked"}},
		{"by hand", byHand.Comment(), []string{"The revert of #12 could not be opened", "`GitHub answered: UNPROCESSABLE", "git revert --no-edit -m 1 " + string(newer), "**Next:**"}},
		{"by hand, in chat", chat(byHand.Chat()), []string{"a &lt;conflict&gt;", "git switch -c revert-12-by-hand origin/main", "*Next:*"}},
		{"by hand, squashed onto a branch of a strange name", squashed.Comment(), []string{"git revert --no-edit " + string(newer), "origin/BRANCH"}},
	})
}
