package fakeprod_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

func TestAdvanceIsTheSameEveryTime(t *testing.T) {
	type seen struct{ canary, bad, checkouts, failed float64 }
	run := func() seen {
		s := newShop(t, false)
		noErr(t, s.Place(newSHA, 5))
		s.Teach(newSHA, fakeprod.Behaviour{FailEvery: 10})
		l, at, sum := fakeprod.NewLoad(s), time.Unix(0, 0), 0
		for range 300 {
			sum += l.Advance(at, at.Add(time.Second), 100)
			at = at.Add(time.Second)
		}
		if sum != 30_000 || l.Sums().Sent != 30_000 {
			t.Errorf("made %d requests", sum)
		}
		if l.Sums().Failed != 150 {
			t.Errorf("%d failed", l.Sums().Failed)
		}
		bad := series(t, s, "canary", "http_requests_total", "500")
		return seen{
			bad + series(t, s, "canary", "http_requests_total", "200"), bad,
			series(t, s, "canary", "checkouts_total", ""), series(t, s, "canary", "checkouts_failed_total", ""),
		}
	}
	a, b := run(), run()
	if a != b {
		t.Errorf("%+v, then %+v", a, b)
	}
	if a.canary != 1500 || a.bad != 150 {
		t.Errorf("%+v", a)
	}
	if a.checkouts < 250 || a.checkouts > 350 || a.failed < 15 || a.failed > 45 {
		t.Errorf("checkouts fall in step with the split: %+v", a)
	}
}

func TestAdvanceOwesFractions(t *testing.T) {
	s := newShop(t, false)
	l, at := fakeprod.NewLoad(s), time.Unix(0, 0)
	sum := 0
	for range 1000 {
		sum += l.Advance(at, at.Add(10*time.Millisecond), 7)
		at = at.Add(10 * time.Millisecond)
	}
	if sum != 70 {
		t.Errorf("%d requests in ten seconds at 7 a second", sum)
	}
	if n := l.Advance(at, at.Add(-time.Minute), 7); n != 0 {
		t.Errorf("%d requests in a time that runs back", n)
	}
}

func TestRunSendsRealRequests(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var n atomic.Int64
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1) == 50 {
			cancel()
		}
		w.WriteHeader(http.StatusInternalServerError)
	}))
	defer h.Close()
	l := fakeprod.NewLoad(nil)
	l.Run(ctx, h.URL, 2000)
	if sums := l.Sums(); sums.Sent == 0 || sums.Failed != sums.Sent || sums.Sent > n.Load() {
		t.Errorf("%+v of %d", sums, n.Load())
	}
}

func BenchmarkAdvance(b *testing.B) {
	s, err := fakeprod.NewShop(fakeprod.ShopOptions{Service: "shop", SHA: oldSHA})
	if err != nil {
		b.Fatal(err)
	}
	l := fakeprod.NewLoad(s)
	for b.Loop() {
		l.Advance(time.Unix(0, 0), time.Unix(300, 0), 100)
	}
}
