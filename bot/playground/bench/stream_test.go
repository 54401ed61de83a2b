package bench

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestAStreamSendsEachOnce, signed, and with an id of its own.
func TestAStreamSendsEachOnce(t *testing.T) {
	var mu sync.Mutex
	var bodies, ids []string
	url, end, err := serve(t.Context(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		bodies, ids = append(bodies, string(body)), append(ids, r.Header.Get("X-GitHub-Delivery"))
		mu.Unlock()
		if r.Header.Get("X-Hub-Signature-256") != sign("secret", body).signature {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	took, err := Stream{Secret: "secret", Connections: 4, Event: "push"}.Send(t.Context(), url, numbered(50))
	slices.Sort(bodies)
	slices.Sort(ids)
	if err != nil || took.Taken != 50 || len(slices.Compact(bodies)) != 50 || len(slices.Compact(ids)) != 50 {
		t.Errorf("%d taken, %d bodies, %d ids (%v, %v)", took.Taken, len(bodies), len(ids), took.Others, err)
	}
}

// TestWhoAnswersLateMakesOthersWait: at a pace the time counts from when each was to be sent.
func TestWhoAnswersLateMakesOthersWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := make(chan due)
		go Stream{PerSecond: 10}.fill(t.Context(), line, time.Now(), numbered(3))
		for d := range line {
			time.Sleep(time.Second)
			if late := time.Since(d.at); late < time.Second {
				t.Errorf("sent %s late", late)
			}
		}
	})
}

func numbered(n int) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for i := range n {
			if !yield(fmt.Append(nil, i)) {
				return
			}
		}
	}
}
