package metrics

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/dial"
)

// Bounds of a probe.
const (
	maxProbe     = 1 << 20 // bytes of an answer that are waited for; more are not read
	longestProbe = 10 * time.Second
)

// probes ask addresses that repositories' files name, at hosts of the
// operator's list. Redirects are not followed, certificates are verified, and
// what an answer holds is read to its end and thrown away.
type probes struct{ client *http.Client }

func newProbes(o Options) Source {
	return &probes{client: dial.New(dial.Options{Hosts: o.Hosts, Timeout: longestProbe, Over: o.Over, Watch: o.WatchProbes})}
}

// Windows gives one window: each address was tried once. Both arms are tried
// at the same moment.
func (p *probes) Windows(ctx context.Context, q bot.Query) ([]bot.Window, error) {
	w := bot.Window{From: q.From, To: q.To}
	arms := []*try{{name: "the canary", url: q.Probe.Canary}}
	if q.Probe.Stable != "" {
		arms = append(arms, &try{name: "the stable version", url: q.Probe.Stable})
	} else {
		arms[0].name = "the probe"
	}
	var all sync.WaitGroup
	for _, a := range arms {
		all.Go(func() { p.ask(ctx, a, q.Probe) })
	}
	all.Wait()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("probe: %w", ctx.Err()) // we gave up, not they
	}
	for _, a := range arms {
		if a.err != nil {
			return nil, a.err
		}
		if a.missing != "" {
			w.Missing = a.name + ": " + a.missing
		}
	}
	if w.Missing != "" {
		return []bot.Window{w}, nil
	}
	w.CanaryTotal, w.CanaryBad = 1, arms[0].bad
	if len(arms) > 1 {
		w.StableTotal, w.StableBad = 1, arms[1].bad
	}
	return []bot.Window{w}, nil
}

// try is one address asked once.
type try struct {
	name, url string
	bad       float64 // 1 when people would not have got a good answer
	missing   string  // why that is not known
	err       error   // bot.Permanent
}

// ask decides what an answer, or none, says.
func (p *probes) ask(ctx context.Context, t *try, q *bot.ProbeQuery) {
	under := q.Under
	if under <= 0 || under > longestProbe {
		under = longestProbe
	}
	ctx, cancel := context.WithTimeout(ctx, under)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.url, nil)
	if err != nil || r.URL.User != nil {
		t.err = permanent("the address of a probe is not an http or https address without a name in it") // not quoted: it may hold a secret
		return
	}
	r.Header.Set("User-Agent", "roundtrip-probe")
	r.Header.Set("Cache-Control", "no-cache")
	resp, err := dial.Do(p.client, r)
	if err != nil {
		t.failed(err)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, maxProbe))
	if err != nil || resp.StatusCode != q.Status {
		t.bad = 1
	}
}

// failed says what it means that there was no answer: who may not be asked is
// the settings' fault; when the name is not known or we have no network, that
// is ours and says nothing of the release; all else people would have met too.
func (t *try) failed(err error) {
	var name *net.DNSError
	switch refused := (dial.Refused{}); {
	case errors.As(err, &refused):
		t.err = permanent("probe: %w; the server's operator lists it under hosts", refused)
	case errors.As(err, &name):
		t.missing = "its host has no address"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EADDRNOTAVAIL), errors.Is(err, syscall.EMFILE):
		t.missing = "there is no way to it from here"
	default:
		t.bad = 1
	}
}
