package metrics_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics"
)

// answering is a source whose server always answers the same.
func answering(t *testing.T, h http.HandlerFunc) (metrics.Source, bot.Query) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	q := world{}.Query()
	q.From, q.To = nine, nine.Add(time.Minute)
	return openPrometheus(t, s.URL), q
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func success(kind, result string) string {
	return `{"status":"success","data":{"resultType":"` + kind + `","result":` + result + `}}`
}

// TestWhatIsNotWholeIsMissing: none of what a server may answer instead of
// samples is a zero, a pass or anybody's fault.
func TestWhatIsNotWholeIsMissing(t *testing.T) {
	vector := success("vector", `[{"metric":{"__name__":"http_requests_total","job":"a"},"value":[1772442060,"7"]}]`)
	warned := strings.Replace(vector, `{"status"`, `{"warnings":["a store\ndid not answer"],"status"`, 1)
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		says   string
	}{
		"a fault":          {says(500, "oh"), "answered with an error: server error: 500"},
		"an internal one":  {says(500, `{"status":"error","errorType":"internal","error":"disk"}`), "answered with an error"},
		"overloaded":       {says(503, `{"status":"error","errorType":"timeout","error":"query timed out"}`), "503"},
		"unavailable":      {says(503, "try later"), "503"},
		"not allowed":      {says(401, "no"), "401"},
		"forbidden":        {says(403, "no"), "403"},
		"another server":   {says(404, "<html>"), "404"},
		"elsewhere":        {says(302, ""), "is not a prometheus"},
		"too many samples": {says(422, `{"status":"error","errorType":"execution","error":"query processing would load too many samples into memory"}`), "too many samples"},
		"a sign-in page":   {says(200, "<html>welcome</html>"), "is not a prometheus"},
		"half an answer":   {says(200, vector[:40]), "is not a prometheus"},
		"partial data":     {says(200, warned), "not whole: a store did not answer"},
		"a number":         {says(200, success("scalar", `[1,"7"]`)), "no vector"},
		"nothing":          {says(200, success("vector", `[]`)), "has no http_requests_total that the expression of the canary matches"},
		"no samples":       {says(200, vector), "no samples"}, // a vector where a matrix was asked for
		"an endless one":   {says(200, strings.Repeat(" ", 9<<20)), "larger than 8 MiB"},
		"cut off":          {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "did not answer"},
	} {
		s, q := answering(t, c.answer)
		q.Cursor = nil
		w := ask(t, s, q)
		if !strings.Contains(w.Missing, c.says) || w.CanaryTotal != 0 || w.Cursor != nil || len(w.Missing) > 900 || strings.Contains(w.Missing, "127.0.0.1") {
			t.Errorf("%s: %+v", name, w)
		}
	}
}

func TestAServerThatIsAwayIsMissing(t *testing.T) {
	s := httptest.NewServer(nil)
	s.Close()
	q := world{}.Query()
	q.From, q.To = nine, nine.Add(time.Minute)
	if w := ask(t, openPrometheus(t, s.URL), q); !strings.Contains(w.Missing, "the canary: prometheus did not answer; the stable version: prometheus did not answer") {
		t.Errorf("%+v", w)
	}
}

func TestASlowServerIsMissing(t *testing.T) {
	release := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(s.Close)
	t.Cleanup(func() { close(release) })
	set, err := metrics.New([]metrics.Endpoint{{Name: "prom", Kind: "prometheus", URL: s.URL, Timeout: 20 * time.Millisecond,
		MayUse: func(bot.RepoName) bool { return true }}}, metrics.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q := world{}.Query()
	q.Source, q.From, q.To = "prom", nine, nine.Add(time.Minute)
	windows, err := set.Windows(t.Context(), q)
	if err != nil || len(windows) != 1 || !strings.Contains(windows[0].Missing, "did not answer") {
		t.Errorf("%+v, %v", windows, err)
	}
}

// TestMistakesOfAnExpressionAreForGood, and name it.
func TestMistakesOfAnExpressionAreForGood(t *testing.T) {
	many := strings.Repeat(`{"metric":{"__name__":"http_requests_total"},"values":[[1,"1"]]},`, 2001)
	histogram := `[{"metric":{"__name__":"http_requests_total"},"histograms":[[1,{"count":"1","sum":"1","buckets":[]}]]}]`
	for name, c := range map[string]struct {
		matrix http.HandlerFunc
		says   string
	}{
		"what it cannot read": {says(400, `{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": no"}`), `cannot read the expression "http_requests_total`},
		"too many series":     {says(200, success("matrix", "["+strings.TrimSuffix(many, ",")+"]")), "more than 2000 series"},
		"no counter":          {says(200, success("matrix", histogram)), "native histogram"},
	} {
		s, q := answering(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.FormValue("query"), "[") {
				c.matrix(w, r)
				return
			}
			says(200, success("vector", `[{"metric":{"__name__":"http_requests_total"},"value":[1772442060,"7"]}]`))(w, r)
		})
		_, err := s.Windows(t.Context(), q)
		if !errors.As(err, &bot.Permanent{}) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWhatIsAskedIsBounded: one selector, one range of ours, and a timeout
// after which the server stops by itself; the token is sent and never said.
func TestWhatIsAskedIsBounded(t *testing.T) {
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path+" "+r.FormValue("query")+" "+r.FormValue("time")+" "+r.FormValue("timeout"))
		if r.Header.Get("Authorization") != "Bearer hunter2" {
			t.Error("without its token")
		}
		says(401, "hunter2 is wrong")(w, r)
	}))
	t.Cleanup(s.Close)
	set, err := metrics.New([]metrics.Endpoint{{Name: "prom", Kind: "prometheus", URL: s.URL + "/base/", Secret: "hunter2", Timeout: 5 * time.Second,
		MayUse: func(bot.RepoName) bool { return true }}}, metrics.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q := world{}.Query()
	q.Source, q.From, q.To = "prom", nine, nine.Add(time.Minute)
	windows, err := set.Windows(t.Context(), q)
	if err != nil || strings.Contains(windows[0].Missing, "hunter2") {
		t.Errorf("%+v, %v", windows, err)
	}
	if len(asked) == 0 || asked[0] != `/base/api/v1/query http_requests_total{ service="shop" } 1772442060 5s` {
		t.Errorf("asked %q", asked)
	}
	for _, expr := range []string{`x[1h]`, `rate(x[1m])[1h:1ms]`, `x #`, `x or y`} {
		n := len(asked)
		q.Ratio.CanaryTotal = expr
		if _, err := set.Windows(t.Context(), q); !errors.As(err, &bot.Permanent{}) || len(asked) != n {
			t.Errorf("%s: %v, asked %d times more", expr, err, len(asked)-n)
		}
	}
}
