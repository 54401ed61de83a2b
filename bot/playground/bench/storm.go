// Package bench measures what we claim of a server: how fast it takes
// webhooks, and that this does not hang on how much it holds.
//
//   - storm.go     sends webhooks as fast as they are taken
//   - stream.go    sends webhooks that are all different, at a pace
//   - compare.go   two receivers in turn, on the same machine at the same time
//   - payloads/    bodies that GitHub sent
package bench

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Storm sends webhooks over so many connections, each the next as soon as the
// one before is answered.
type Storm struct {
	Secret      string
	Connections int
	Payloads    [][]byte
	Event       string
}

// Took is what came of a storm.
type Took struct {
	Taken  int             // answered with 2xx
	Others map[int]int     // the rest by status; 0: no answer
	Over   time.Duration   // from the first request to the last answer
	Each   []time.Duration // from a request to its answer, ascending
}

// PerSecond is how many were taken in a second.
func (t Took) PerSecond() float64 { return float64(t.Taken) / t.Over.Seconds() }

// At is the latency below which the share q of all answers came.
func (t Took) At(q float64) time.Duration {
	if len(t.Each) == 0 {
		return 0
	}
	return t.Each[min(int(q*float64(len(t.Each))), len(t.Each)-1)]
}

// Refused is how many were not taken.
func (t Took) Refused() (n int) {
	for _, of := range t.Others {
		n += of
	}
	return n
}

// signed payloads, so that a storm spends as little as it can on itself.
type signed struct {
	body      []byte
	signature string
}

// For sends to url until the time is over.
func (s Storm) For(ctx context.Context, url string, over time.Duration) (Took, error) {
	var end atomic.Bool
	timer := time.AfterFunc(over, func() { end.Store(true) })
	defer timer.Stop()
	return s.send(ctx, url, func() bool { return !end.Load() })
}

// Count sends n to url.
func (s Storm) Count(ctx context.Context, url string, n int) (Took, error) {
	var left atomic.Int64
	left.Store(int64(n))
	return s.send(ctx, url, func() bool { return left.Add(-1) >= 0 })
}

func (s Storm) send(ctx context.Context, url string, more func() bool) (Took, error) {
	payloads := s.sign()
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: s.Connections}}
	defer client.CloseIdleConnections()
	parts := make([]Took, s.Connections)
	begun := time.Now()
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() {
			for n := i; more() && ctx.Err() == nil; n++ {
				parts[i].one(ctx, client, url, s.Event, payloads[n%len(payloads)])
			}
		})
	}
	all.Wait()
	return merged(parts, time.Since(begun)), ctx.Err()
}

func (s Storm) sign() []signed {
	list := make([]signed, len(s.Payloads))
	for i, body := range s.Payloads {
		list[i] = sign(s.Secret, body)
	}
	return list
}

func (t *Took) one(ctx context.Context, c *http.Client, url, event string, p signed) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(p.body))
	if err != nil {
		t.other(0)
		return
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-GitHub-Event", event)
	req.Header.Set("X-GitHub-Delivery", guid())
	req.Header.Set("X-Hub-Signature-256", p.signature)
	begun := time.Now()
	resp, err := c.Do(req)
	if err != nil {
		t.other(0)
		return
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	t.Each = append(t.Each, time.Since(begun))
	if resp.StatusCode/100 != 2 {
		t.other(resp.StatusCode)
		return
	}
	t.Taken++
}

func (t *Took) other(status int) {
	if t.Others == nil {
		t.Others = map[int]int{}
	}
	t.Others[status]++
}

// guid is a delivery's id in GitHub's form.
func guid() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func merged(parts []Took, over time.Duration) Took {
	all := Took{Over: over, Others: map[int]int{}}
	for _, p := range parts {
		all.Taken += p.Taken
		all.Each = append(all.Each, p.Each...)
		for status, n := range p.Others {
			all.Others[status] += n
		}
	}
	slices.Sort(all.Each)
	return all
}
