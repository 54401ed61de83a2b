package main

import (
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// TestSlackOverASocket: with an app token serve hears Slack over a connection
// of its own, also after it was cut, and Ctrl-C ends it.
func TestSlackOverASocket(t *testing.T) {
	t.Parallel()
	w := live(t, playground.LiveFile)
	w.SocketMode = true
	p := serveIn(t, w, t.TempDir())
	for range 2 {
		until(t, p, "it is connected", func() bool { return w.Slack.Sockets() > 0 })
		res, err := w.Say(t.Context(), "alice", "shop", "/roundtrip status acme/shop")
		if err != nil || !strings.Contains(res.Body, "On it") {
			t.Fatalf("%+v %v", res, err)
		}
		until(t, p, "the answer is whispered", func() bool {
			return count(w.Slack.ResponsesTo(res.ID), func(m fakeslack.Message) bool { return strings.Contains(m.Text, "acme/shop") }) > 0
		})
		w.Slack.DropSockets()
	}
	frames := unfolded(t, w.URL, "/inspector/socket")
	for _, want := range []string{"<b>hello</b>", "<b>slash_commands</b>", "<b>acknowledged</b>", "<b>closed</b>", "connection 2, envelope-1", "<b>the bot</b>", "status acme/shop", "/response/[redacted]"} {
		if !strings.Contains(frames, want) {
			t.Errorf("the inspector's frames lack %q", want)
		}
	}
	if status := p.Interrupt(); status != 0 {
		t.Errorf("Ctrl-C ended with status %d:\n%s", status, p.Said())
	}
}
