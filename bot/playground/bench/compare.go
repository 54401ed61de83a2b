package bench

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"time"
)

//go:embed payloads/*.json
var recorded embed.FS

// PullRequests are bodies of pull_request events as GitHub sent them, of 28 KB.
func PullRequests() (bodies [][]byte, err error) {
	files, err := recorded.ReadDir("payloads")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		body, err := recorded.ReadFile("payloads/" + f.Name())
		if err != nil {
			return nil, err
		}
		bodies = append(bodies, body)
	}
	return bodies, nil
}

// Bare is the least that a receiver can do: it reads the body, checks its
// HMAC and says that it took it, and remembers nothing.
func Bare(secret string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		want := "sha256=" + hex.EncodeToString(mac.Sum(nil))
		if err != nil || !hmac.Equal([]byte(want), []byte(r.Header.Get("X-Hub-Signature-256"))) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})
}

// Round is the same storm on the bare receiver and on ours, one after the other.
type Round struct{ Bare, Ours Took }

// Ratio of what ours took in a second to what the bare one took.
func (r Round) Ratio() float64 { return r.Ours.PerSecond() / r.Bare.PerSecond() }

// Compare plays rounds of storms, each as long as each. What slows the machine
// down for a while then slows both; the ratio of a round is what can be
// believed, and of several their median.
func (s Storm) Compare(ctx context.Context, ours http.Handler, rounds int, each time.Duration) (list []Round, err error) {
	receivers := [2]string{}
	for i, h := range []http.Handler{Bare(s.Secret), ours} {
		url, end, err := serve(ctx, h)
		if err != nil {
			return nil, err
		}
		defer end()
		receivers[i] = url + "/hooks/github"
	}
	for range rounds {
		var r Round
		if r.Bare, err = s.For(ctx, receivers[0], each); err == nil {
			r.Ours, err = s.For(ctx, receivers[1], each)
		}
		if err == nil && r.Bare.Taken == 0 {
			err = fmt.Errorf("the bare receiver took nothing: %v", r.Bare.Others)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// MedianRatio of rounds.
func MedianRatio(rounds []Round) float64 {
	ratios := make([]float64, len(rounds))
	for i, r := range rounds {
		ratios[i] = r.Ratio()
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}

// serve a handler on loopback until end is called.
func serve(ctx context.Context, h http.Handler) (url string, end func(), err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go s.Serve(l) //nolint:errcheck // it ends by Close
	return "http://" + l.Addr().String(), func() { _ = s.Close() }, nil
}

// Served is what f measures of a handler, at its address.
func Served(ctx context.Context, h http.Handler, f func(url string) (Took, error)) (Took, error) {
	url, end, err := serve(ctx, h)
	if err != nil {
		return Took{}, err
	}
	defer end()
	return f(url + "/hooks/github")
}
