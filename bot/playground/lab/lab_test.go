package lab_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql"

	"github.com/roundtrip-bot/roundtrip/bot/playground/lab"
)

var nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// collected is a lab that looked at a shop each second for five minutes: ten
// requests a second, one of which fails.
func collected(t *testing.T) *lab.Lab {
	t.Helper()
	l := lab.New(func() time.Time { return nine.Add(5 * time.Minute) })
	for i := range 301 {
		page := fmt.Sprintf("# TYPE http_requests_total counter\nhttp_requests_total{code=\"200\"} %d\nhttp_requests_total{code=\"500\"} %d\n"+
			"# TYPE d histogram\nd_bucket{le=\"0.1\"} %d\nd_bucket{le=\"+Inf\"} %d\nd_sum 1\nd_count %d\n", 9*i, i, 9*i, 10*i, 10*i)
		if err := l.Collect(nine.Add(time.Duration(i)*time.Second), "stable", "shop", []byte(page)); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func scalar(t *testing.T, l *lab.Lab, query string, at time.Time) float64 {
	t.Helper()
	v, err := l.Instant(t.Context(), query, at)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	vector, ok := v.(promql.Vector)
	if !ok || len(vector) != 1 {
		t.Fatalf("%s is %v", query, v)
	}
	return vector[0].F
}

// TestTheEngineIsReal: what Prometheus' own engine makes of known samples.
func TestTheEngineIsReal(t *testing.T) {
	l, end := collected(t), nine.Add(5*time.Minute)
	for query, want := range map[string]float64{
		`sum(http_requests_total)`:                  3000,
		`http_requests_total{code="500"} offset 1m`: 240,
		`sum(rate(http_requests_total[1m]))`:        10,
		`sum(rate(http_requests_total{code=~"5.."}[1m])) / sum(rate(http_requests_total[1m]))`: 0.1,
		`histogram_quantile(0.5, rate(d_bucket[1m]))`:                                          0.05555555555555555,
		`up{job="stable",instance="shop"}`:                                                     1,
		`max_over_time(sum(http_requests_total)[2m:30s])`:                                      3000,
	} {
		if got := scalar(t, l, query, end); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", query, got, want)
		}
	}
	v, err := l.Range(t.Context(), `sum(rate(http_requests_total[30s]))`, nine.Add(time.Minute), end, 30*time.Second)
	matrix, ok := v.(promql.Matrix)
	if err != nil || !ok || len(matrix) != 1 || len(matrix[0].Floats) != 9 || math.Abs(matrix[0].Floats[3].F-10) > 1e-9 {
		t.Errorf("%v (%v)", v, err)
	}
}

// TestWhatIsGoneHasEnded: as Prometheus has it, and not five minutes later.
func TestWhatIsGoneHasEnded(t *testing.T) {
	l := collected(t)
	at := nine.Add(301 * time.Second)
	if err := l.Collect(at, "stable", "shop", nil); err != nil {
		t.Fatal(err)
	}
	if got := scalar(t, l, `up`, at); got != 0 {
		t.Errorf("up is %v", got)
	}
	if v, err := l.Instant(t.Context(), `http_requests_total`, at); err != nil || len(v.(promql.Vector)) != 0 {
		t.Errorf("%v (%v)", v, err)
	}
	if names := l.Names(); len(names) != 1 || names[0].Metric != "up" {
		t.Errorf("%v", names)
	}
	if err := l.Collect(at.Add(time.Second), "stable", "shop", []byte("this is not a page")); err == nil {
		t.Error("a page that cannot be read is one")
	}
}

// TestItIsBounded: an hour is kept, and no more series than there is room for.
func TestItIsBounded(t *testing.T) {
	l := collected(t)
	later := nine.Add(time.Hour + 2*time.Minute)
	if err := l.Collect(later, "canary", "shop", []byte("x 1\n")); err != nil {
		t.Fatal(err)
	}
	if v, err := l.Instant(t.Context(), `count_over_time(http_requests_total{code="200"}[2h])`, later); err != nil || v.(promql.Vector)[0].F != 181 {
		t.Errorf("%v (%v)", v, err)
	}
	var full error
	for i := range 6000 {
		full = errors.Join(full, l.Add(later, map[string]string{"__name__": "y", "i": fmt.Sprint(i)}, 1))
	}
	if full == nil {
		t.Error("there is room for everything")
	}
	if _, err := l.Range(t.Context(), "1", nine, later, time.Millisecond); !errors.As(err, new(lab.Mistake)) {
		t.Errorf("%v", err)
	}
	if _, err := l.Instant(t.Context(), strings.Repeat("1+", 3000)+"1", later); !errors.As(err, new(lab.Mistake)) {
		t.Errorf("%v", err)
	}
	_, err := l.Instant(t.Context(), `count(count_over_time(y[1h]) and on() (y * on() group_left() y))`, later)
	if err == nil {
		t.Error("what makes no sense is answered")
	}
	if _, err := l.Instant(t.Context(), `sum_over_time(http_requests_total[1h:1ms])`, later); !errors.As(err, new(promql.ErrTooManySamples)) && !errors.As(err, new(promql.ErrQueryTimeout)) {
		t.Errorf("%v", err)
	}
}

// TestAMistakeHasAPlace: where in the question it is wrong.
func TestAMistakeHasAPlace(t *testing.T) {
	l := collected(t)
	for query, want := range map[string][2]int{
		`rate(http_requests_total)`: {5, 24}, `sum(`: {4, 4}, `http_requests_total{code="5}`: {25, 28}, ``: {0, 0},
	} {
		_, err := l.Instant(t.Context(), query, nine)
		var m lab.Mistake
		if !errors.As(err, &m) || m.From != want[0] || m.To != want[1] || m.Says == "" {
			t.Errorf("%s: %+v", query, m)
		}
	}
}

// TestTheAPI answers as Prometheus documents it.
func TestTheAPI(t *testing.T) {
	h := httptest.NewServer(collected(t).Handler())
	t.Cleanup(h.Close)
	end := fmt.Sprint(nine.Add(5 * time.Minute).Unix())
	for _, c := range []struct {
		path   string
		args   url.Values
		status int
		want   string
	}{
		{"query", url.Values{"query": {"sum(http_requests_total)"}, "time": {end}}, 200, `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[` + end + `,"3000"]}]}}`},
		{"query", url.Values{"query": {"none"}, "time": {end}}, 200, `{"status":"success","data":{"resultType":"vector","result":[]}}`},
		{"query", url.Values{"query": {"7"}, "time": {"2026-03-02T09:05:00Z"}}, 200, `{"status":"success","data":{"resultType":"scalar","result":[` + end + `,"7"]}}`},
		{"query", url.Values{"query": {"up[2s]"}, "time": {end + ".500"}}, 200, `"resultType":"matrix","result":[{"metric":{"__name__":"up","instance":"shop","job":"stable"},"values":[[`},
		{"query_range", url.Values{"query": {"up"}, "start": {end}, "end": {end}, "step": {"15s"}}, 200, `"values":[[` + end + `,"1"]]`},
		{"series", url.Values{"match[]": {"up", `{__name__="up"}`}}, 200, `{"status":"success","data":[{"__name__":"up","instance":"shop","job":"stable"}]}`},
		{"query", url.Values{"query": {"sum("}}, 400, `"errorType":"bad_data"`},
		{"query", url.Values{"query": {"up"}, "time": {"noon"}}, 400, `"errorType":"bad_data"`},
		{"query_range", url.Values{"query": {"up"}, "start": {end}, "end": {end}, "step": {"0"}}, 400, `"errorType":"bad_data"`},
		{"series", url.Values{}, 400, `no match[]`},
		{"query", url.Values{"query": {"up * on(job) group_left() http_requests_total * on() up"}, "time": {end}}, 422, `"errorType":"execution"`},
	} {
		resp, err := http.PostForm(h.URL+"/api/v1/"+c.path, c.args)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != c.status || !strings.Contains(string(body), c.want) || !json.Valid(body) {
			t.Errorf("%s %v: %d %s\nwant %d %s", c.path, c.args, resp.StatusCode, body, c.status, c.want)
		}
	}
}
