package fakegithub_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// heard sends forty webhooks on a rough way and answers what came, by GUID in
// the order of coming, once all has come that will.
func heard(t *testing.T, r fakegithub.Rough) (came []string, s *fakegithub.Server) {
	t.Helper()
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		came = append(came, r.Header.Get("X-GitHub-Delivery"))
	}))
	defer hook.Close()
	at := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	s = fakegithub.New(fakegithub.Options{Now: func() time.Time { return at }, WebhookURL: hook.URL, WebhookSecret: "s"})
	s.Seed(7)
	s.AddRepo("acme/shop", map[string]string{"a": "a"})
	s.DropHooks()
	for range 40 {
		s.OpenIssue("acme/shop", "ann", "Something", "")
	}
	s.SetRough(r)
	if _, err := s.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r.Delay > 0 && len(came) > 0 {
		t.Errorf("%d came at once", len(came))
	}
	at = at.Add(r.Delay)
	if _, err := s.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	return came, s
}

func TestRoughWays(t *testing.T) {
	good, _ := heard(t, fakegithub.Rough{})
	if len(good) != 40 {
		t.Fatalf("%d of 40 came", len(good))
	}
	late, _ := heard(t, fakegithub.Rough{Delay: 20 * time.Second})
	if len(late) != 40 || late[0] != good[0] {
		t.Errorf("late, %d came", len(late))
	}
	twice, _ := heard(t, fakegithub.Rough{Twice: true})
	times := map[string]int{}
	for _, id := range twice {
		times[id]++
	}
	if len(twice) != 80 || len(times) != 40 || times[good[0]] != 2 {
		t.Errorf("of 40 that come twice there came %d, %d different", len(twice), len(times))
	}
	mixed, _ := heard(t, fakegithub.Rough{Reorder: true})
	again, _ := heard(t, fakegithub.Rough{Reorder: true})
	moved := 0
	for i := range mixed {
		if mixed[i] != again[i] {
			t.Fatal("one seed, two orders")
		}
		if mixed[i] != good[i] {
			moved++
		}
	}
	if len(mixed) != 40 || moved < 20 {
		t.Errorf("of %d, %d came out of turn", len(mixed), moved)
	}
	rest, s := heard(t, fakegithub.Rough{Lose: 30})
	if len(rest) < 20 || len(rest) > 36 {
		t.Errorf("of 40, %d came though 30 %% are lost", len(rest))
	}
	dropped := 0
	for _, d := range s.Deliveries() {
		if d.State == fakegithub.Dropped {
			dropped++
		}
	}
	if dropped < 40-len(rest) {
		t.Errorf("%d came and %d are said to be lost", len(rest), dropped)
	}
}
