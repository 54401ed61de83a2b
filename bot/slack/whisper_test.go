package slack_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

func whisper(address string) bot.Whisper {
	return bot.Whisper{Command: "slack/1", URL: address, Text: "main is red", Blocks: []bot.Block{{Kind: bot.Section, Text: "*main is red*"}}}
}

// given is a command of alice's, and where its answer goes.
func (w *world) given() (alice, id, address string) {
	w.t.Helper()
	alice = w.AddPerson("alice")
	bot := newBot(w.t)
	w.SetURLs("", bot.url, "")
	r, err := w.Command(w.t.Context(), alice, "#shop", "/roundtrip", "status")
	if err != nil || r.Status != 200 {
		w.t.Fatalf("%+v, %v", r, err)
	}
	return alice, r.ID, bot.form(w.t).Get("response_url")
}

func TestAnAnswerIsSeenByWhoAskedAlone(t *testing.T) {
	w := newWorld(t)
	alice, _, address := w.given()
	w.do(whisper(address))
	list := w.Ephemerals(alice)
	if len(list) != 1 || list[0].Text != "main is red" || blocksOf(t, list[0])[0]["type"] != "section" {
		t.Errorf("alice sees %+v", list)
	}
	w.wantTexts()
}

func TestASecondAnswerDoesNotReplaceTheFirst(t *testing.T) {
	w := newWorld(t)
	alice, _, address := w.given()
	w.do(whisper(address))
	w.do(bot.Whisper{Command: "slack/2", URL: address, Text: "and #12 waits"})
	if list := w.Ephemerals(alice); len(list) != 2 || list[0].Text != "main is red" {
		t.Errorf("alice sees %+v", list)
	}
}

func TestAnAddressThatIsUsedUpIsNotTriedAgain(t *testing.T) {
	w := newWorld(t)
	_, _, address := w.given()
	for i := range 5 {
		w.do(bot.Whisper{Command: string(rune('a' + i)), URL: address, Text: "x"})
	}
	for name, where := range map[string]string{"used up": address, "unknown": w.url + "/response/none"} {
		err := w.try(whisper(where), 1)
		if !errors.As(err, new(bot.Permanent)) || !strings.Contains(err.Error(), "30 minutes") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnAnswerIsTriedAgainWhenSlackIsInTrouble(t *testing.T) {
	w := newWorld(t)
	alice, _, address := w.given()
	for name, f := range map[string]fakeslack.Fault{"503": {Status: 503}, "cut": {Cut: true}} {
		f.Method, f.Times = "response", 1
		w.Fail(f)
		plainly(t, name, w.try(whisper(address), 1))
	}
	w.Fail(fakeslack.Fault{Method: "response", Status: 429, RetryAfter: 9 * time.Second, Times: 1})
	var wait bot.RetryAfter
	if err := w.try(whisper(address), 1); !errors.As(err, &wait) || wait.After != 9*time.Second {
		t.Errorf("%v", err)
	}
	w.do(whisper(address))
	if list := w.Ephemerals(alice); len(list) != 1 {
		t.Errorf("alice sees %+v", list)
	}
}

func TestAnAnswerThatSlackRefusesIsNotTriedAgain(t *testing.T) {
	w := newWorld(t)
	_, _, address := w.given()
	for name, e := range map[string]bot.Whisper{
		"nothing to say": {Command: "1", URL: address}, "no address": {Command: "2", Text: "x"}, "a broken one": {Command: "3", URL: "http://[::1", Text: "x"},
	} {
		if err := w.try(e, 1); !errors.As(err, new(bot.Permanent)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
