package bench

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"net/http"
	"sync"
	"time"
)

// Stream sends webhooks that are all different, at a pace that does not wait
// for answers. PerSecond 0: each connection the next as soon as the one before
// is answered.
type Stream struct {
	Secret      string
	Connections int
	Event       string
	PerSecond   int
}

// due is a webhook and when it is to be sent; zero: at once.
type due struct {
	signed
	at time.Time
}

// Send all bodies to url. Of a pace, how long each took counts from when it was
// to be sent: who answers late makes those behind it wait.
func (s Stream) Send(ctx context.Context, url string, bodies iter.Seq[[]byte]) (Took, error) {
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: s.Connections}}
	defer client.CloseIdleConnections()
	line := make(chan due, s.Connections)
	parts := make([]Took, s.Connections)
	begun := time.Now()
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() {
			for d := range line {
				parts[i].one(ctx, client, url, s.Event, d.signed)
				if n := len(parts[i].Each); n > 0 && !d.at.IsZero() {
					parts[i].Each[n-1] = time.Since(d.at)
				}
			}
		})
	}
	s.fill(ctx, line, begun, bodies)
	all.Wait()
	return merged(parts, time.Since(begun)), ctx.Err()
}

// fill the line, each at its time.
func (s Stream) fill(ctx context.Context, line chan<- due, begun time.Time, bodies iter.Seq[[]byte]) {
	defer close(line)
	n := 0
	for body := range bodies {
		d := due{signed: sign(s.Secret, body)}
		if s.PerSecond > 0 {
			d.at = begun.Add(time.Duration(n) * time.Second / time.Duration(s.PerSecond))
			time.Sleep(time.Until(d.at))
		}
		n++
		select {
		case line <- d:
		case <-ctx.Done():
			return
		}
	}
}

func sign(secret string, body []byte) signed {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return signed{body, "sha256=" + hex.EncodeToString(mac.Sum(nil))}
}
