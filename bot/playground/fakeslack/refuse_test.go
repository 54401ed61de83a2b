package fakeslack_test

import (
	"errors"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

func TestRefusalsAreSlacks(t *testing.T) {
	w := newWorld(t)
	apart := w.AddChannel("apart")
	noErr(t, w.SetBotIn("apart", false))
	old := w.AddChannel("old")
	noErr(t, w.SetArchived("#old", true))
	hi := slack.MsgOptionText("hi", false)
	post := func(channel string, o ...slack.MsgOption) error {
		_, _, err := w.client.PostMessage(channel, o...)
		return err
	}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"no such channel":     {post("#nowhere", hi), "channel_not_found"},
		"bot is not in it":    {post(apart, hi), "not_in_channel"},
		"archived":            {post(old, hi), "is_archived"},
		"nothing to say":      {post(w.shop), "no_text"},
		"too long":            {post(w.shop, slack.MsgOptionText(string(make([]byte, 40_001)), false)), "msg_too_long"},
		"too many blocks":     {post(w.shop, slack.MsgOptionBlocks(make51()...)), "invalid_blocks"},
		"nothing to edit":     {func() error { _, _, _, err := w.client.UpdateMessage(w.shop, "1.1", hi); return err }(), "message_not_found"},
		"edit needs an id":    {func() error { _, _, _, err := w.client.UpdateMessage("#shop", "1.1", hi); return err }(), "channel_not_found"},
		"whisper to a nobody": {func() error { _, err := w.client.PostEphemeral(w.shop, "U0NOBODY01", hi); return err }(), "user_not_in_channel"},
		"unknown person":      {func() error { _, err := w.client.GetUserInfo("U0NOBODY01"); return err }(), "user_not_found"},
		"wrong token": {func() error {
			_, err := slack.New("xoxb-other", slack.OptionAPIURL(w.url+"/api/")).AuthTest()
			return err
		}(), "invalid_auth"},
		"unknown method": {w.client.RemoveReaction("eyes", slack.NewRefToMessage(w.shop, "1.1")), "unknown_method"},
	} {
		if c.err == nil || c.err.Error() != c.want {
			t.Errorf("%s: %v, want %s", name, c.err, c.want)
		}
	}
}

func make51() (list []slack.Block) {
	for range 51 {
		list = append(list, slack.NewDividerBlock())
	}
	return list
}

func TestFaultsAreUsedUpInTurn(t *testing.T) {
	w := newWorld(t)
	who := func() error { _, err := w.client.AuthTest(); return err }
	w.Fail(fakeslack.Fault{Method: "auth.test", Status: 503, Times: 2})
	w.Fail(fakeslack.Fault{Method: "auth.test", Status: 429, RetryAfter: 1500 * time.Millisecond, Times: 1})
	w.Fail(fakeslack.Fault{Method: "*", Cut: true, Times: 1})
	w.Fail(fakeslack.Fault{Method: "*", Error: "fatal_error", Times: 1})
	for range 2 {
		var code slack.StatusCodeError
		if err := who(); !errors.As(err, &code) || code.Code != 503 {
			t.Errorf("want 503, got %v", err)
		}
	}
	var limited *slack.RateLimitedError
	if err := who(); !errors.As(err, &limited) || limited.RetryAfter != 2*time.Second {
		t.Errorf("want a rate limit of 2 s, got %v", err)
	}
	if err := who(); err == nil {
		t.Error("the connection was not cut")
	}
	if err := who(); err == nil || err.Error() != "fatal_error" {
		t.Errorf("got %v", err)
	}
	noErr(t, who())
	if w.Requests() != 6 || w.RequestsTo("auth.test") != 6 {
		t.Errorf("%d requests", w.Requests())
	}
	w.ResetRequests()
	if w.Requests() != 0 {
		t.Error("the count was not reset")
	}
}

func TestALostAnswerLeavesTheMessage(t *testing.T) {
	w := newWorld(t)
	w.Fail(fakeslack.Fault{Method: "chat.postMessage", Lost: true, Times: 1})
	_, _, err := w.client.PostMessage(w.shop, slack.MsgOptionText("x", false))
	if err == nil || len(w.Messages(w.shop)) != 1 {
		t.Errorf("error %v, messages %v", err, w.Messages(w.shop))
	}
	w.ClearFaults()
	_, err = w.client.AuthTest()
	noErr(t, err)
}
