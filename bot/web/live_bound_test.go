package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
)

// Listeners hold a goroutine and a connection each: there are so many at most,
// and room again when one leaves.
func TestListenersAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &site{}
		s.pulse.count = func(context.Context) (map[string]int, map[string]int, error) { return nil, nil, nil }
		ctx, leave := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for range mostListeners {
			all.Go(func() {
				s.live(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/live", nil))
			})
		}
		synctest.Wait()
		gone, end := context.WithCancel(t.Context())
		end()
		ask := func() int {
			w := httptest.NewRecorder()
			s.live(w, httptest.NewRequestWithContext(gone, http.MethodGet, "/live", nil))
			return w.Code
		}
		if code := ask(); code != http.StatusServiceUnavailable {
			t.Errorf("one more is answered %d", code)
		}
		leave()
		all.Wait()
		if code := ask(); code != http.StatusOK {
			t.Errorf("when all have left: %d", code)
		}
	})
}
