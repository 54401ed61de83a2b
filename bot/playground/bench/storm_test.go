package bench

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var secret = strings.Repeat("storm", 8)

func storm(t *testing.T) Storm {
	t.Helper()
	bodies, err := PullRequests()
	if err != nil || len(bodies) < 3 || len(bodies[0]) < 20<<10 {
		t.Fatalf("%d bodies: %v", len(bodies), err)
	}
	return Storm{Secret: secret, Connections: 4, Payloads: bodies, Event: "pull_request"}
}

// What was taken, what was refused and how long it took is counted.
func TestAStormIsCounted(t *testing.T) {
	var n atomic.Int64
	bare := Bare(secret)
	url, end, err := serve(t.Context(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1)%10 == 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		bare.ServeHTTP(w, r)
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	took, err := storm(t).Count(t.Context(), url, 100)
	if err != nil || took.Taken != 90 || took.Others[503] != 10 || len(took.Each) != 100 {
		t.Errorf("%d taken, others %v, %d measured: %v", took.Taken, took.Others, len(took.Each), err)
	}
	if took.At(0.5) <= 0 || took.At(0.5) > took.At(0.99) || took.At(1) != took.Each[99] {
		t.Errorf("p50 %v, p99 %v", took.At(0.5), took.At(0.99))
	}
	wrong := storm(t)
	wrong.Secret = "another"
	if took, err := wrong.Count(t.Context(), url, 9); err != nil || took.Taken != 0 {
		t.Errorf("wrongly signed, and %d taken: %v", took.Taken, err)
	}
}

// A receiver that takes nothing of what is sent makes no ratio better.
func TestRoundsAreComparedByWhatWasTaken(t *testing.T) {
	refuses := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	rounds, err := storm(t).Compare(t.Context(), refuses, 1, 50*time.Millisecond)
	if err != nil || len(rounds) != 1 || rounds[0].Ratio() != 0 || rounds[0].Ours.Others[503] == 0 {
		t.Errorf("%+v: %v", rounds, err)
	}
	list := []Round{{Took{Taken: 8, Over: 1}, Took{Taken: 7, Over: 1}}, {Took{Taken: 8, Over: 1}, Took{Taken: 1, Over: 1}}, {Took{Taken: 8, Over: 2}, Took{Taken: 2, Over: 1}}}
	if got := MedianRatio(list); got != 0.5 {
		t.Errorf("the median of 7/8, 1/8 and 1/2 is %v", got)
	}
}
