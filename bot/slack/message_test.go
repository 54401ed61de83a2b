package slack_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

func TestOneMessageAPlaceIsEdited(t *testing.T) {
	w := newWorld(t)
	w.do(message("main", "red"))
	w.do(message("main", "green"))
	w.do(message("weekly", "slow"))
	w.wantTexts("green", "slow")
	if n := w.Messages("#shop")[0].Edited; n != 1 {
		t.Errorf("edited %d times", n)
	}
	if r, _, _ := w.receipt(t.Context(), "message", "#shop/main"); r.More == "#shop" || r.More == "" {
		t.Errorf("the receipt holds no channel id: %+v", r)
	}
}

func TestAPostedMessageIsKnownByItsPlaceAndShowsNoPreviews(t *testing.T) {
	w := newWorld(t)
	w.do(message("main", "see https://example.com"))
	m := w.Messages("#shop")[0]
	var meta struct {
		Type    string            `json:"event_type"`
		Payload map[string]string `json:"event_payload"`
	}
	if err := json.Unmarshal(m.Metadata, &meta); err != nil || meta.Type != "roundtrip_place" || meta.Payload["place"] != "main" {
		t.Errorf("metadata %s, %v", m.Metadata, err)
	}
	if m.Unfurl {
		t.Error("links are shown with a preview")
	}
}

func TestBlocksThatAreNoMoreAreTakenAway(t *testing.T) {
	w := newWorld(t)
	w.do(message("main", "red"))
	w.do(bot.KeepMessage{Channel: "#shop", Place: "main", Text: "green"})
	if m := w.Messages("#shop")[0]; len(blocksOf(t, m)) > 0 {
		t.Errorf("an old block stands under a new text: %s", m.Blocks)
	}
}

func TestALostAnswerPostsNothingTwice(t *testing.T) {
	for name, channel := range map[string]string{"by name": "#shop", "by id": ""} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			e := message("main", "red")
			if e.Channel = channel; channel == "" {
				e.Channel = w.Channels()[0].ID
			}
			w.Fail(fakeslack.Fault{Method: "chat.postMessage", Lost: true, Times: 1})
			w.do(e)
			w.wantTexts("red")
			e.Text = "green"
			w.do(e)
			w.wantTexts("green")
		})
	}
}

// What is said when it is tried again may be newer than what was said.
func TestAFoundMessageIsBroughtUpToDate(t *testing.T) {
	w := newWorld(t)
	w.Fail(fakeslack.Fault{Method: "chat.postMessage", Lost: true, Times: 1})
	if err := w.try(message("main", "red"), 1); err == nil {
		t.Fatal("a lost answer is no answer")
	}
	if err := w.try(message("main", "green"), 2); err != nil {
		t.Fatal(err)
	}
	w.wantTexts("green")
}

func TestALostAnswerInAThreadPostsNothingTwice(t *testing.T) {
	w := newWorld(t)
	w.do(message("rollout", "deploying"))
	for i := range 150 { // more than a page, and Slack lists the oldest first
		w.do(reply("rollout/old/"+string(rune('a'+i)), "rollout", "step"))
	}
	w.Fail(fakeslack.Fault{Method: "chat.postMessage", Lost: true, Times: 1})
	w.do(reply("rollout/1", "rollout", "the last step"))
	list := w.Thread("#shop", w.Messages("#shop")[0].TS)
	if len(list) != 152 || list[151].Text != "the last step" {
		t.Errorf("%d messages in the thread", len(list))
	}
}

func TestALostEditIsMadeAgain(t *testing.T) {
	w := newWorld(t)
	w.do(message("main", "red"))
	w.Fail(fakeslack.Fault{Method: "chat.update", Lost: true, Times: 1})
	w.do(message("main", "green"))
	w.wantTexts("green")
}

func TestSomebodyElsesMetadataIsNotOurs(t *testing.T) {
	w := newWorld(t)
	w.do(message("other", "not this"))
	w.Fail(fakeslack.Fault{Method: "chat.postMessage", Status: 503, Times: 1})
	w.do(message("main", "red"))
	w.wantTexts("not this", "red")
}

func TestWhereHistoryMayNotBeReadItIsPosted(t *testing.T) {
	for _, method := range []string{"conversations.history", "conversations.list"} {
		w := newWorld(t)
		w.Fail(fakeslack.Fault{Method: method, Error: "missing_scope"})
		w.Fail(fakeslack.Fault{Method: "chat.postMessage", Status: 500, Times: 1})
		w.do(message("main", "red"))
		w.wantTexts("red")
	}
}

func TestAReplyStandsInItsThread(t *testing.T) {
	w := newWorld(t)
	w.do(message("rollout", "deploying"))
	w.do(reply("rollout/1", "rollout", "10 %"))
	w.do(reply("rollout/2", "rollout", "50 %"))
	w.do(message("rollout", "live"))
	w.do(reply("rollout/1", "rollout", "10 % was well"))
	list := w.Thread("#shop", w.Messages("#shop")[0].TS)
	if len(list) != 3 || list[0].Text != "live" || list[1].Text != "10 % was well" || list[2].Text != "50 %" {
		t.Errorf("%+v", list)
	}
	if n := w.RequestsTo("conversations.history") + w.RequestsTo("conversations.list"); n != 0 {
		t.Errorf("%d looks though nothing was in doubt", n)
	}
}

func TestAParentWithoutReceiptIsLookedFor(t *testing.T) {
	w := newWorld(t)
	w.do(message("rollout", "deploying"))
	clear(w.receipts)
	w.do(reply("rollout/1", "rollout", "10 %"))
	if m := w.Messages("#shop")[1]; !m.IsReply() {
		t.Errorf("it stands beside the thread: %+v", m)
	}
}

func TestWithoutAParentItIsSaidInTheChannel(t *testing.T) {
	w := newWorld(t)
	w.do(reply("rollout/1", "rollout", "10 %"))
	w.wantTexts("10 %")
}

func TestWhatWasDeletedIsPostedAnew(t *testing.T) {
	w := newWorld(t)
	w.do(message("rollout", "deploying"))
	w.do(reply("rollout/1", "rollout", "10 %"))
	for _, m := range w.Messages("#shop") {
		w.delete(m)
	}
	w.do(message("rollout", "live"))
	w.do(reply("rollout/1", "rollout", "10 % was well"))
	w.wantTexts("live", "10 % was well")
	if !w.Messages("#shop")[1].IsReply() {
		t.Error("the reply left its new thread")
	}
}

func TestAReplyToADeletedParentIsSaidOnceInTheChannel(t *testing.T) {
	w := newWorld(t)
	w.do(message("rollout", "deploying"))
	w.delete(w.Messages("#shop")[0])
	w.Fail(fakeslack.Fault{Method: "chat.postMessage", Lost: true, Times: 1})
	w.do(reply("rollout/1", "rollout", "10 %"))
	w.wantTexts("10 %")
}

// Slack may also refuse a thread that is gone.
func TestAReplyToAThreadThatIsRefusedIsSaidInTheChannel(t *testing.T) {
	w := newWorld(t)
	w.do(message("rollout", "deploying"))
	w.Fail(fakeslack.Fault{Method: "chat.postMessage", Error: "thread_not_found", Times: 1})
	w.do(reply("rollout/1", "rollout", "10 %"))
	w.wantTexts("deploying", "10 %")
}

func TestStrangersTextStaysText(t *testing.T) {
	w := newWorld(t)
	w.do(message("main", "a &lt;!channel&gt; b &amp; c"))
	m := w.Messages("#shop")[0]
	if m.Text != "a &lt;!channel&gt; b &amp; c" || strings.Contains(string(m.Blocks), "<!channel>") {
		t.Errorf("escaped text was changed: %q %s", m.Text, m.Blocks)
	}
	if text := blocksOf(t, m)[0]["text"].(map[string]any); text["type"] != "mrkdwn" || text["verbatim"] != true {
		t.Errorf("what looks like a link becomes one: %v", text)
	}
}

func (w *world) delete(m fakeslack.Message) {
	w.t.Helper()
	body := strings.NewReader("channel=" + m.Channel + "&ts=" + m.TS + "&token=" + token)
	r, err := http.Post(w.url+"/api/chat.delete", "application/x-www-form-urlencoded", body)
	if err != nil {
		w.t.Fatal(err)
	}
	_ = r.Body.Close()
}
