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
		{"the pull request's text", words.RevertBody(gifts, "main", "unit fails since bbbbbbb", bob), []string{"Reverts acme/shop#12\n", "`@bob` asked"}},
		{"by hand", byHand.Comment(), []string{"The revert of #12 could not be opened", "`GitHub answered: UNPROCESSABLE", "git revert --no-edit -m 1 " + string(newer), "**Next:**"}},
		{"by hand, in chat", chat(byHand.Chat()), []string{"a &lt;conflict&gt;", "git switch -c revert-12-by-hand origin/main", "*Next:*"}},
		{"by hand, squashed onto a branch of a strange name", squashed.Comment(), []string{"git revert --no-edit " + string(newer), "origin/BRANCH"}},
	})
}
