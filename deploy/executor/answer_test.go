package executor

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// FuzzAnswer: whatever a target says, people read one bounded line, and
// nothing but an answer about our key counts as done.
func FuzzAnswer(f *testing.F) {
	f.Add(200, "", `{"key":"k","state":"placed","sha":"2","weight":5,"message":"a\nb","url":"https://x"}`)
	f.Add(409, "", `{"error":"fenced"}`)
	f.Add(503, "Fri, 31 Dec 1999 23:59:59 GMT", "<html>")
	f.Add(404, "-1", `{"error":"\u202e\u0000"}`)
	f.Fuzz(func(t *testing.T, status int, after, body string) {
		x := &overHTTP{o: Options{Now: func() time.Time { return time.Unix(1_800_000_000, 0) }}}
		resp := &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {after}}, Body: io.NopCloser(strings.NewReader(body))}
		d, err := x.read(resp, bot.StageOrder{Key: "k"})
		if err != nil {
			readable(t, err.Error(), 400)
			return
		}
		if status/100 != 2 || d.Key != "k" {
			t.Errorf("%d %q counts as done", status, body)
		}
		if o, err := d.observation(); err != nil {
			readable(t, err.Error(), 400)
		} else {
			readable(t, o.Message, 200)
		}
	})
}

func readable(t *testing.T, s string, n int) {
	t.Helper()
	if utf8.RuneCountInString(s) > n || !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
		t.Errorf("people would read %q", s)
	}
}
