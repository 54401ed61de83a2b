package executor_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/executor"
	"github.com/roundtrip-bot/roundtrip/deploy/executor/executortest"
)

// With a clock that is wrong by an hour production is moved, and taken back,
// all the same.
func TestAClockThatIsWrongHoldsNothingUp(t *testing.T) {
	for _, off := range []time.Duration{time.Hour, -time.Hour} {
		w := newWorld(t)
		x := open(t, executor.Endpoint{URL: w.url, Secret: secret}, func() time.Time { return w.Now().Add(off) })
		o := executortest.Order(1, 5)
		if err := x.Start(t.Context(), o); err != nil {
			t.Fatalf("%s: %v", off, err)
		}
		w.Settle()
		if err := x.Abort(t.Context(), o); err != nil {
			t.Errorf("%s: %v", off, err)
		}
	}
}

// Where that is not why it was refused, it is asked once.
func TestAnotherSecretIsAskedOnce(t *testing.T) {
	for name, off := range map[string]time.Duration{"the clocks agree": 0, "one of them is of another year": 9000 * time.Hour} {
		asked := 0
		x := answers(t, func(w http.ResponseWriter, r *http.Request) {
			asked++
			w.Header().Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat))
			w.WriteHeader(http.StatusUnauthorized)
		})
		if err := x.Start(t.Context(), executortest.Order(1, 5)); !errors.As(err, &bot.Permanent{}) || asked != 1 {
			t.Errorf("%s: asked %d times: %v", name, asked, err)
		}
	}
}
