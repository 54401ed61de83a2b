package metrics_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics"
)

const (
	oldSHA = "1111111111111111111111111111111111111111"
	newSHA = "2222222222222222222222222222222222222222"
)

// TestARealShopIsCountedExactly: client_golang's own pages, a router, a load,
// a canary that fails every tenth request, and what it is replaced by.
func TestARealShopIsCountedExactly(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s, err := fakeprod.NewShop(fakeprod.ShopOptions{Service: "shop", SHA: oldSHA, Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	set, err := metrics.New([]metrics.Endpoint{{
		Name: "shop", Kind: "scrape", Stable: []string{h.URL + "/-/stable/metrics"}, Canary: []string{h.URL + "/-/canary/metrics"},
		MayUse: func(r bot.RepoName) bool { return r == "acme/shop" },
	}}, metrics.Options{})
	if err != nil {
		t.Fatal(err)
	}
	load := fakeprod.NewLoad(s)
	q := bot.Query{Source: "shop", Repo: "acme/shop", From: at, Ratio: bot.RatioQuery{
		CanaryBad: `http_requests_total{ service="shop",version="` + newSHA + `",code=~"5.." }`, CanaryTotal: `http_requests_total{ service="shop",version="` + newSHA + `" }`,
		StableBad: `http_requests_total{ service="shop",version="` + oldSHA + `",code=~"5.." }`, StableTotal: `http_requests_total{ service="shop",version="` + oldSHA + `" }`,
	}}
	minute := func(canaryBad, canaryTotal, stableBad, stableTotal float64, missing string) {
		t.Helper()
		load.Advance(at, at.Add(time.Minute), 100)
		at = at.Add(time.Minute)
		q.To = at
		windows, err := set.Windows(t.Context(), q)
		if err != nil || len(windows) != 1 {
			t.Fatalf("%d windows, %v", len(windows), err)
		}
		w := windows[0]
		got, want := [4]float64{w.CanaryBad, w.CanaryTotal, w.StableBad, w.StableTotal}, [4]float64{canaryBad, canaryTotal, stableBad, stableTotal}
		if got != want || !strings.Contains(w.Missing, missing) || (missing == "") != (w.Missing == "") {
			t.Errorf("%v, missing %q; want %v, %q", got, w.Missing, want, missing)
		}
		q.From, q.Cursor = at, w.Cursor
	}
	minute(0, 0, 0, 0, "the canary's /metrics answered 404") // there is none yet
	if err := s.Place(newSHA, 5); err != nil {
		t.Fatal(err)
	}
	minute(0, 0, 0, 0, "") // the first look
	minute(0, 300, 0, 5700, "")
	s.Teach(newSHA, fakeprod.Behaviour{FailEvery: 10})
	minute(30, 300, 0, 5700, "")
	s.Abort()
	if err := s.Place(newSHA, 50); err != nil { // a new process of the same commit
		t.Fatal(err)
	}
	minute(300, 3000, 0, 3000, "")
	s.Abort()
	if err := s.Place("3333333333333333333333333333333333333333", 50); err != nil {
		t.Fatal(err)
	}
	minute(0, 0, 0, 0, "has no http_requests_total any more") // another commit is not this one's evidence
}
