package fakeprod_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

const (
	oldSHA = "1111111111111111111111111111111111111111"
	newSHA = "2222222222222222222222222222222222222222"
)

func noErr(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newShop(t *testing.T, live bool) *fakeprod.Shop {
	t.Helper()
	s, err := fakeprod.NewShop(fakeprod.ShopOptions{Service: "shop", SHA: oldSHA, Live: live})
	noErr(t, err)
	t.Cleanup(s.Close)
	return s
}

func ask(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w
}

// series reads the metrics of an arm as Prometheus would: the value of each
// series whose labels have the code, or which has no such label.
func series(t *testing.T, h http.Handler, arm, name, code string) float64 {
	t.Helper()
	w := ask(h, "/-/"+arm+"/metrics")
	p := expfmt.NewTextParser(model.UTF8Validation)
	families, err := p.TextToMetricFamilies(w.Body)
	noErr(t, err)
	if families[name] == nil {
		t.Fatalf("no series %s", name)
	}
	for _, m := range families[name].GetMetric() {
		if has(m, "code", code) {
			switch families[name].GetType() {
			case dto.MetricType_GAUGE:
				return m.GetGauge().GetValue()
			case dto.MetricType_HISTOGRAM:
				return float64(m.GetHistogram().GetSampleCount())
			}
			return m.GetCounter().GetValue()
		}
	}
	t.Fatalf("no series %s with code %q", name, code)
	return 0
}

func has(m *dto.Metric, label, value string) bool {
	for _, l := range m.GetLabel() {
		if l.GetName() == label {
			return l.GetValue() == value
		}
	}
	return value == ""
}

func TestEveryHundredRequestsAreSplitExactly(t *testing.T) {
	for _, weight := range []int{0, 1, 5, 25, 33, 50, 99, 100} {
		s := newShop(t, false)
		noErr(t, s.Place(newSHA, weight))
		var canary []int // 1 where a request went to the canary
		for range 350 {
			got := 0
			if ask(s, "/").Header().Get("X-Version") == newSHA {
				got = 1
			}
			canary = append(canary, got)
		}
		for from := 0; from+100 <= len(canary); from++ {
			sum := 0
			for _, c := range canary[from : from+100] {
				sum += c
			}
			if sum != weight {
				t.Fatalf("weight %d: %d of the hundred from %d", weight, sum, from)
			}
		}
	}
}

func TestMetricsExistAtZeroAndCountExactly(t *testing.T) {
	s := newShop(t, false)
	noErr(t, s.Place(newSHA, 100))
	for _, c := range []struct{ name, code string }{
		{"http_requests_total", "200"}, {"http_requests_total", "500"}, {"checkouts_total", ""},
		{"checkouts_failed_total", ""}, {"http_request_duration_seconds", ""},
	} {
		if got := series(t, s, "canary", c.name, c.code); got != 0 {
			t.Errorf("%s starts at %v", c.name, got)
		}
	}
	s.Teach(newSHA, fakeprod.Behaviour{FailEvery: 10})
	for range 100 {
		ask(s, "/")
	}
	s.Canary().FailEvery(2)
	for range 10 {
		ask(s, "/checkout")
	}
	for _, c := range []struct {
		arm, name, code string
		want            float64
	}{
		{"canary", "http_requests_total", "500", 15}, {"canary", "http_requests_total", "200", 95},
		{"canary", "checkouts_total", "", 10}, {"canary", "checkouts_failed_total", "", 5},
		{"canary", "http_request_duration_seconds", "", 110}, {"stable", "http_requests_total", "200", 0},
	} {
		if got := series(t, s, c.arm, c.name, c.code); got != c.want {
			t.Errorf("%s of %s, code %q: %v, want %v", c.name, c.arm, c.code, got, c.want)
		}
	}
	if series(t, s, "stable", "process_start_time_seconds", "") == 0 {
		t.Error("no start time")
	}
}

func TestCanaryIsFinishedOrAborted(t *testing.T) {
	s := newShop(t, false)
	if w := ask(s, "/-/canary/metrics"); w.Code != http.StatusNotFound {
		t.Errorf("metrics of no canary: %d", w.Code)
	}
	if s.SetWeight(5) == nil || s.Finish() == nil {
		t.Error("moved traffic to no canary")
	}
	noErr(t, s.Place(newSHA, 50))
	s.Abort()
	if s.Canary() != nil || s.Weight() != 0 || s.Stable().SHA() != oldSHA {
		t.Error("aborted, but not back")
	}
	noErr(t, s.Place(newSHA, 50))
	noErr(t, s.Finish())
	if s.Canary() != nil || s.Stable().SHA() != newSHA {
		t.Error("finished, but not stable")
	}
	if got := ask(s, "/version").Body.String(); got != `{"sha":"`+newSHA+`"}` {
		t.Errorf("version: %s", got)
	}
}

func TestLiveVersionsListenAndStop(t *testing.T) {
	s := newShop(t, true)
	h := httptest.NewServer(s)
	defer h.Close()
	s.Teach(newSHA, fakeprod.Behaviour{FailEvery: 5, Delay: time.Millisecond})
	noErr(t, s.Place(newSHA, 20))
	failed := 0
	for range 100 {
		resp, err := http.Get(h.URL + "/checkout")
		noErr(t, err)
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode == 500 {
			failed++
		}
	}
	if failed != 4 {
		t.Errorf("%d requests failed, want each fifth of twenty", failed)
	}
	if got := series(t, s, "canary", "http_requests_total", "200"); got != 16 {
		t.Errorf("the canary counted %v", got)
	}
	noErr(t, s.Finish())
	if w := ask(s, "/healthz"); w.Code != 200 {
		t.Errorf("health after the finish: %d", w.Code)
	}
}

func TestNoRequestIsLostWhileVersionsChange(t *testing.T) {
	s := newShop(t, true)
	h := httptest.NewServer(s)
	defer h.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	l := fakeprod.NewLoad(nil)
	var done sync.WaitGroup
	done.Go(func() { l.Run(ctx, h.URL, 500) })
	for range 5 {
		for _, sha := range []string{newSHA, oldSHA} {
			noErr(t, s.Place(sha, 50))
			before := l.Sums().Sent
			for l.Sums().Sent < before+10 {
				runtime.Gosched()
			}
			noErr(t, s.Finish())
		}
	}
	cancel()
	done.Wait()
	if sums := l.Sums(); sums.Failed != 0 {
		t.Errorf("%d of %d requests failed", sums.Failed, sums.Sent)
	}
}
