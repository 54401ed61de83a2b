package slack_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/slack"
)

// What one person asked is not left to Slack's default: the answer says itself
// that it is for one alone, and carries no token to a response_url.
func TestAnAnswerSaysItselfWhoMaySeeIt(t *testing.T) {
	var header http.Header
	var said map[string]any
	h := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		header = r.Header.Clone()
		if err := json.NewDecoder(r.Body).Decode(&said); err != nil {
			t.Error(err)
		}
	}))
	defer h.Close()
	c := slack.New(slack.Options{BotToken: token})
	if _, err := once(t, c, whisper(h.URL+"/response/1"), bot.Receipt{}); err != nil {
		t.Fatal(err)
	}
	if said["response_type"] != "ephemeral" || said["text"] != "main is red" || said["replace_original"] == true || said["delete_original"] == true {
		t.Errorf("it says %v", said)
	}
	if header.Get("Content-Type") != "application/json" || header.Get("Authorization") != "" {
		t.Errorf("sent with %v", header)
	}
}
