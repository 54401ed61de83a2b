package metrics_test

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/lab"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics/metricstest"
)

// TestTheLabIsAPrometheus: the playground's own answers as one does, so the
// source works against it unchanged, and nothing needs to be installed.
func TestTheLabIsAPrometheus(t *testing.T) {
	l := lab.New(time.Now)
	h := httptest.NewServer(l.Handler())
	t.Cleanup(h.Close)
	push := func(t *testing.T, at time.Time, all []pushedSeries) {
		t.Helper()
		for _, p := range all {
			names := map[string]string{}
			for _, label := range p.labels {
				names[label[0]] = label[1]
			}
			if err := l.Add(at, names, p.value); err != nil {
				t.Fatal(err)
			}
		}
	}
	n := 0
	metricstest.Exercise(t, func(t *testing.T) (metrics.Source, metricstest.World) {
		n++
		w := newCollectedBy(t, h.URL, push, fmt.Sprintf("shop%d", n))
		return w, w
	})
}
