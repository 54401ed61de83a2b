package playground

import (
	"testing"
	"time"
)

// looked is what the series tell of one version, look by look; a total below
// zero is a look at which it did not answer.
func looked(totals ...float64) (list []*Point) {
	s := series{counts: map[string][]count{}}
	at := time.Unix(1000, 0)
	for _, total := range totals {
		at = at.Add(time.Second)
		one := Sample{At: at.UnixMilli()}
		if total >= 0 {
			one.Stable = s.point("a6d8066", count{at: at, total: total, bad: total / 10})
		}
		s.add(at.Add(-time.Minute), one)
		list = append(list, one.Stable)
	}
	return list
}

// TestACounterThatBeginsAgain is of a commit that is deployed a second time:
// its counters are at 0 again, and nothing is taken from what they were.
func TestACounterThatBeginsAgain(t *testing.T) {
	list := looked(1000, 1200, 1400, 1600, 150, 350, 550)
	if again := list[4]; again.RPS != nil || again.Errors != nil {
		t.Errorf("at its first look it has a rate: %v %v", *again.RPS, again.Errors)
	}
	for _, p := range list[5:] {
		if p.RPS == nil || *p.RPS != 200 || p.Errors == nil || *p.Errors != 0.1 {
			t.Errorf("want 200 requests/s and 10 %% errors, got %s", p.text("Stable"))
		}
	}
}

// TestWhatWasLongAgo is of a version that was not seen for long: its rate is
// not stretched over the time that nobody saw.
func TestWhatWasLongAgo(t *testing.T) {
	totals := []float64{1000, 1200, 1400}
	for range 2 * looks {
		totals = append(totals, -1)
	}
	list := looked(append(totals, 1500, 1700)...)
	if p := list[len(list)-2]; p.RPS != nil {
		t.Errorf("what nobody saw has a rate: %v", *p.RPS)
	}
	if p := list[len(list)-1]; p.RPS == nil || *p.RPS != 200 {
		t.Errorf("want 200 requests/s, got %s", p.text("Stable"))
	}
}

// TestTwoProcessesOfOneCommit is of a commit that runs beside itself: stable
// and canary count apart, and each has its own rate.
func TestTwoProcessesOfOneCommit(t *testing.T) {
	page := func(began, total string) []byte {
		return []byte("http_requests_total{code=\"200\",service=\"shop\",version=\"a6d8066\"} " + total + "\nprocess_start_time_seconds " + began + "\n")
	}
	s := series{counts: map[string][]count{}}
	var last []*Point
	for i, totals := range [][2]string{{"5000", "10"}, {"5150", "60"}} {
		last = nil
		for arm, began := range []string{"1.7e+09", "1.70001e+09"} {
			sha, c, err := counts("stable", page(began, totals[arm]))
			if err != nil {
				t.Fatal(err)
			}
			c.at = time.Unix(int64(i), 0)
			last = append(last, s.point(sha, c))
		}
	}
	for arm, want := range []float64{150, 50} {
		if p := last[arm]; p.RPS == nil || *p.RPS != want {
			t.Errorf("want %v requests/s, got %s", want, p.text("It"))
		}
	}
}
