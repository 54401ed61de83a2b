package dial_test

import (
	"errors"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/dial"
)

func TestPlaces(t *testing.T) {
	p := dial.NewPlaces(2, 3)
	enter := func(ok bool, names ...string) func() {
		t.Helper()
		leave, err := p.Enter(names...)
		if (err == nil) != ok || err != nil && !errors.As(err, &bot.RetryAfter{}) {
			t.Errorf("enter %v: %v", names, err)
		}
		return leave
	}
	first := enter(true, "prom")
	enter(true, "prom", "probed")
	enter(false, "prom")
	enter(false, "shop", "prom") // nothing is taken then
	second := enter(true, "shop")
	enter(false, "other") // three wait
	first()
	first() // once is enough
	enter(true, "prom")
	enter(false, "other")
	second()
	enter(true, "other")
}
