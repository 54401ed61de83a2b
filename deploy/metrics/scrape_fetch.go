package metrics

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/dial"
)

// fetched is a page, or what was wrong with it.
type fetched struct {
	page    page
	trouble string
	err     error // bot.Permanent
}

// fetch reads all addresses at once, each once, even when both arms have it.
func (s *scrape) fetch(ctx context.Context, wanted map[string]bool) map[string]fetched {
	pages := map[string]fetched{}
	var mu sync.Mutex
	var all sync.WaitGroup
	begun := map[string]bool{}
	for _, a := range append(append([]string{}, s.canary...), s.stable...) {
		if begun[a] {
			continue
		}
		begun[a] = true
		all.Go(func() {
			f := s.get(ctx, a, wanted)
			mu.Lock()
			defer mu.Unlock()
			pages[a] = f
		})
	}
	all.Wait()
	return pages
}

func (s *scrape) get(ctx context.Context, address string, wanted map[string]bool) fetched {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fetched{trouble: "has no proper address"}
	}
	r.Header.Set("Accept", "text/plain;version=0.0.4")
	resp, err := dial.Do(s.client, r) //nolint:bodyclose // dial.Read closes it
	if errors.As(err, &dial.Refused{}) {
		return fetched{err: bot.Permanent{Err: err}}
	}
	var resting dial.Resting
	switch {
	case errors.As(err, &resting):
		return fetched{trouble: resting.Plainly()}
	case err != nil:
		return fetched{trouble: "did not answer"}
	}
	body, err := dial.Read(resp, maxPage)
	switch {
	case resp.StatusCode != http.StatusOK:
		return fetched{trouble: fmt.Sprintf("answered %d", resp.StatusCode)}
	case errors.Is(err, dial.ErrTooLarge):
		return fetched{trouble: fmt.Sprintf("is larger than %d MiB", maxPage>>20)}
	case err != nil:
		return fetched{trouble: "did not answer to the end"}
	}
	p, err := readPage(body, wanted)
	if err != nil {
		return fetched{trouble: err.Error()}
	}
	return fetched{page: p}
}
