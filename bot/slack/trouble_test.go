package slack_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
	"github.com/roundtrip-bot/roundtrip/bot/slack"
)

func TestALimitIsWaitedFor(t *testing.T) {
	w := newWorld(t)
	w.do(message("there", "one"))
	for method, e := range map[string]bot.KeepMessage{"chat.postMessage": message("new", "x"), "chat.update": message("there", "two")} {
		w.Fail(fakeslack.Fault{Method: method, Status: 429, RetryAfter: 7 * time.Second, Times: 1})
		var wait bot.RetryAfter
		if err := w.try(e, 1); !errors.As(err, &wait) || wait.After != 7*time.Second {
			t.Errorf("%s: %v", method, err)
		}
		w.do(e)
	}
	w.Fail(fakeslack.Fault{Method: "conversations.history", Status: 429, Times: 1})
	if err := w.try(message("third", "x"), 2); !errors.As(err, new(bot.RetryAfter)) {
		t.Errorf("while it looks: %v", err)
	}
	w.wantTexts("two", "x")
}

func TestTroubleOfSlackIsTriedAgain(t *testing.T) {
	for name, f := range map[string]fakeslack.Fault{
		"500": {Status: 500}, "503": {Status: 503}, "cut": {Cut: true}, "lost": {Lost: true},
		"internal": {Error: "internal_error"}, "fatal": {Error: "fatal_error"}, "new": {Error: "an_error_of_tomorrow"},
	} {
		w := newWorld(t)
		f.Method = "*"
		w.Fail(f)
		plainly(t, name, w.try(message("main", "red"), 1))
		plainly(t, name+" again", w.try(message("main", "red"), 2))
		w.ClearFaults()
		if err := w.try(message("main", "red"), 3); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		w.wantTexts("red")
	}
}

// plainly: err is one that the engine tries again after a while of its own.
func plainly(t *testing.T, name string, err error) {
	t.Helper()
	if err == nil || errors.As(err, new(bot.Permanent)) || errors.As(err, new(bot.RetryAfter)) {
		t.Errorf("%s: %v", name, err)
	}
}

func TestWhereTheAppIsNotWanted(t *testing.T) {
	w := newWorld(t)
	for channel, change := range map[string]func(string) error{
		"#apart": func(c string) error { return w.SetBotIn(c, false) },
		"#old":   func(c string) error { return w.SetArchived(c, true) },
		"#none":  nil,
	} {
		if change != nil {
			w.AddChannel(channel)
			if err := change(channel); err != nil {
				t.Fatal(err)
			}
		}
		for attempt := 1; attempt <= 2; attempt++ {
			err := w.try(bot.KeepMessage{Channel: channel, Place: "main", Text: "red"}, attempt)
			if !errors.As(err, new(bot.Permanent)) {
				t.Errorf("%s, attempt %d: %v", channel, attempt, err)
			}
		}
	}
}

func TestWhereNobodyListens(t *testing.T) {
	c := slack.New(slack.Options{APIURL: "http://127.0.0.1:1/api/", BotToken: token})
	_, err := once(t, c, message("main", "red"), bot.Receipt{})
	plainly(t, "message", err)
	_, err = once(t, c, bot.Whisper{Command: "slack/1", URL: "http://127.0.0.1:1/response/secret", Text: "hi"}, bot.Receipt{})
	plainly(t, "whisper", err)
	noSecret(t, err)
}

func TestWithoutReceiptsNothingIsGuessed(t *testing.T) {
	broken := errors.New("the disk is full")
	c := slack.New(slack.Options{APIURL: "http://127.0.0.1:1/", BotToken: token, Receipts: func(context.Context, string, string) (bot.Receipt, bool, error) {
		return bot.Receipt{}, false, broken
	}})
	if _, err := once(t, c, reply("main/1", "main", "x"), bot.Receipt{}); !errors.Is(err, broken) {
		t.Errorf("it went on: %v", err)
	}
}

func TestACallThatIsCalledOffEnds(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, p := range w.client.All() {
		if e := message("main", "red"); p.Kind() == e.Kind() {
			if _, err := p.Perform(ctx, bot.Job{Effect: e, Attempt: 1}); !errors.Is(err, context.Canceled) {
				t.Errorf("%v", err)
			}
		}
	}
	w.wantTexts()
}
