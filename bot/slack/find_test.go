package slack_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
	"github.com/roundtrip-bot/roundtrip/bot/slack"
)

// twice posts a message, and once more what somebody posted who knew of none.
func (w *world) twice(e bot.KeepMessage) (first, second fakeslack.Message) {
	w.do(e)
	kept := w.receipts
	w.receipts = map[string]bot.Receipt{}
	for key, r := range kept {
		if key != e.Kind()+" "+e.Key() {
			w.receipts[key] = r
		}
	}
	w.do(e)
	list := w.Messages("#shop")
	w.receipts = kept
	return list[len(list)-2], list[len(list)-1]
}

func (w *world) beside(e bot.KeepMessage) {
	w.t.Helper()
	if err := w.perform(bot.Job{Effect: e, Attempt: 2, Beside: true}); err != nil {
		w.t.Fatal(err)
	}
}

// Of what was posted twice the oldest stays, whichever of them is known.
func TestWhatStandsTwiceStandsOnce(t *testing.T) {
	w := newWorld(t)
	first, second := w.twice(message("main", "red"))
	w.wantTexts("red", "red")
	w.receipts["message #shop/main"] = bot.Receipt{ID: second.TS, More: second.Channel}
	w.beside(message("main", "green"))
	w.wantTexts("green")
	if r := w.receipts["message #shop/main"]; r.ID != first.TS || w.Messages("#shop")[0].TS != first.TS {
		t.Errorf("it stands at %s and is known as %s, and is not the oldest, %s", w.Messages("#shop")[0].TS, r.ID, first.TS)
	}
}

// Whoever was replied to stays, and so does what is somebody else's.
func TestWhatWasRepliedToStays(t *testing.T) {
	w := newWorld(t)
	_, second := w.twice(message("main", "red"))
	w.receipts["message #shop/main"] = bot.Receipt{ID: second.TS, More: second.Channel}
	w.do(reply("main/1", "main", "a build broke"))
	w.do(message("other", "other"))
	w.beside(message("main", "green"))
	w.wantTexts("green", "a build broke", "other")
	if got := w.Messages("#shop")[0].TS; got != second.TS {
		t.Errorf("%s stays, and %s was replied to", got, second.TS)
	}
}

func TestAReplyThatStandsTwiceStandsOnce(t *testing.T) {
	w := newWorld(t)
	w.do(message("rollout", "deploying"))
	w.twice(reply("rollout/1", "rollout", "10 %"))
	w.wantTexts("deploying", "10 %", "10 %")
	w.beside(reply("rollout/1", "rollout", "10 % was well"))
	w.wantTexts("deploying", "10 % was well")
}

// What stands too far back to be found is edited all the same.
func TestWhatIsKnownAndNotFoundIsEdited(t *testing.T) {
	w := newWorld(t)
	w.do(message("main", "red"))
	for range 101 {
		w.do(message(t.Name()+string(rune(len(w.texts()))), "later"))
	}
	w.beside(message("main", "green"))
	if got := w.texts(); len(got) != 102 || got[0] != "green" {
		t.Errorf("%d messages, the first %q", len(got), got[0])
	}
}

// What may not be deleted stays, and what is said is said; the receipt tells
// that it stands twice.
func TestWhatMayNotBeDeletedStays(t *testing.T) {
	for code, want := range map[string]struct{ fine, stays bool }{
		"cant_delete_message":                 {true, true},
		"compliance_exports_prevent_deletion": {true, true},
		"missing_scope":                       {true, true},
		"message_not_found":                   {true, false},
		"internal_error":                      {false, false},
	} {
		w := newWorld(t)
		w.twice(message("main", "red"))
		w.Fail(fakeslack.Fault{Method: "chat.delete", Error: code})
		err := w.perform(bot.Job{Effect: message("main", "green"), Attempt: 2, Beside: true})
		if stays := w.receipts["message #shop/main"].Twice; (err == nil) != want.fine || (stays != "") != want.stays || want.stays && !strings.Contains(stays, code) {
			t.Errorf("%s: %v, stays there twice: %q", code, err, stays)
		}
		w.wantTexts("green", "red")
	}
}

// meanwhile does something before the first request for a method goes on.
type meanwhile struct {
	method string
	do     func()
}

func (m *meanwhile) RoundTrip(r *http.Request) (*http.Response, error) {
	if do := m.do; do != nil && strings.HasSuffix(r.URL.Path, m.method) {
		m.do = nil
		do()
	}
	return http.DefaultTransport.RoundTrip(r)
}

// Whoever asks Slack who we are, and waits for it, holds nobody else up.
func TestWhoWeAreIsAskedWithoutALock(t *testing.T) {
	w := newWorld(t)
	w.twice(message("main", "red"))
	w.twice(message("other", "red"))
	asks := &meanwhile{"/auth.test", func() { w.beside(message("other", "green")) }}
	w.client = slack.New(slack.Options{APIURL: w.url + "/api/", BotToken: token, Receipts: w.receipt, Transport: asks})
	w.beside(message("main", "blue"))
	w.wantTexts("blue", "green")
}
