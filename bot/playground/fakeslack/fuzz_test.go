package fakeslack_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

func FuzzServeHTTP(f *testing.F) {
	f.Add("/api/chat.postMessage", "application/json", `{"channel":"#shop","text":"x","blocks":[{"type":"divider"}]}`)
	f.Add("/api/chat.update", "application/x-www-form-urlencoded", "channel=C0SHOP0001&ts=1.1&blocks=[1]")
	f.Add("/api/conversations.history", "application/x-www-form-urlencoded", "channel=C0SHOP0001&cursor=%ff&limit=-1")
	f.Add("/response/1", "application/json", `{"text":null,"delete_original":true}`)
	f.Add("/api/", "text/plain;;", "\x00")
	f.Fuzz(func(t *testing.T, path, kind, body string) {
		s := fakeslack.New(fakeslack.Options{BotToken: token})
		s.AddChannel("shop")
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.URL.Path = path
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s answered %d: %s", path, w.Code, w.Body)
		}
	})
}
