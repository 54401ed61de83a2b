package web

import (
	"errors"
	"fmt"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// What GitHub brought and we could not take is told, so that it is fetched; what
// was taken, or is none of ours to take, is not.
func TestRefusalsAreTold(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		header map[string]string
		want   int
	}{
		"taken":              {nil, event(nil), 0},
		"no room":            {fmt.Errorf("store delivery: %w", bot.ErrBusy), event(nil), 1},
		"the disk is full":   {errors.New("disk full"), event(nil), 1},
		"signed by somebody": {nil, event(func(h map[string]string) { h["X-Hub-Signature-256"] = "bad" }), 0},
	} {
		o, told := options(&inbox{err: c.err}), 0
		o.Refused = func() { told++ }
		w := ask(t, New(o), call{path: github, body: "{}", header: c.header})
		if told != c.want {
			t.Errorf("%s: answered %d, told %d times; want %d", name, w.Code, told, c.want)
		}
	}
}
