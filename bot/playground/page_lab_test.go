package playground_test

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// sampled is a world whose shop was looked at several times.
func sampled(t *testing.T) *playground.World {
	t.Helper()
	w := opened(t)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var working sync.WaitGroup
	working.Go(func() { w.RunSeries(ctx) })
	t.Cleanup(func() { stop(); working.Wait() })
	for range 3000 {
		if strings.Contains(page(t, w.URL+"/metrics-lab?query=count_over_time(up{instance%3D%22stable%22}[1h])+>+2"), "<td") {
			return w
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the lab never looked")
	return nil
}

func TestTheMetricsLab(t *testing.T) {
	w := sampled(t)
	for query, want := range map[string][]string{
		"": {`<label for="query">`, `<label for="over">`, "http_requests_total", `&amp;query=process_start_time_seconds`, `aria-current="page">Metrics lab`},
		"query=" + url.QueryEscape(`sum by (instance) (up)`):                             {`<th scope="row">`, "<code>{instance=&#34;canary&#34;}</code>", `<td class="number" data-label="Value">0</td>`, "<caption"},
		"query=" + url.QueryEscape(`1 + 2`):                                              {`<td class="number" data-label="Value">3</td>`},
		"query=" + url.QueryEscape(`no_such_metric`):                                     {"No series matches"},
		"query=" + url.QueryEscape(`sum(rate(http_requests_total))`):                     {"Character 10:", `<pre>sum(rate(<mark>http_requests_total</mark>))</pre>`, `aria-invalid="true"`},
		"query=" + url.QueryEscape(`sum(`):                                               {"Character 5:", `<mark>␣</mark>`},
		"query=" + url.QueryEscape(`up * on() up`):                                       {"The engine could not answer"},
		"query=" + url.QueryEscape(`<script>alert(1)</script>`):                          {"&lt;script&gt;"},
		"over=5m&query=" + url.QueryEscape(`http_requests_total{instance="stable"}`):     {"<svg", "<title id", "<desc id", `class="lab-curve lab-1"`, "Lowest", "2 of 2 series"},
		"over=5m&query=" + url.QueryEscape(`http_requests_total{instance="stable"}[1m]`): {"Character"},
		"over=99h&query=up": {"<td"},
	} {
		body := page(t, w.URL+"/metrics-lab?"+query)
		for _, s := range want {
			if !strings.Contains(body, s) {
				t.Errorf("%s lacks %q:\n%s", query, s, body[strings.Index(body, "<main"):])
			}
		}
		if strings.Contains(body, "<script>alert") {
			t.Error("what was asked is a script")
		}
	}
}

// TestTheLabsLinksWork: each series and question that is offered has an answer.
func TestTheLabsLinksWork(t *testing.T) {
	w := sampled(t)
	links := regexp.MustCompile(`href="(/metrics-lab\?[^"]*query=[^"]*)"`).FindAllStringSubmatch(page(t, w.URL+"/metrics-lab"), -1)
	if len(links) < 8 {
		t.Fatalf("%d links", len(links))
	}
	for _, l := range links {
		body := page(t, w.URL+html.UnescapeString(l[1]))
		if strings.Contains(body, `role="alert"`) {
			t.Errorf("%s: %s", l[1], body[strings.Index(body, "<main"):])
		}
	}
}

// TestTheWorldIsAPrometheus: the same numbers as the shop's own page.
func TestTheWorldIsAPrometheus(t *testing.T) {
	w := sampled(t)
	resp, err := http.PostForm(w.URL+"/prom/api/v1/query", url.Values{"query": {`process_start_time_seconds{instance="stable"}`}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var body struct {
		Status string
		Data   struct {
			ResultType string
			Result     []struct{ Value [2]any }
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil || body.Status != "success" || len(body.Data.Result) != 1 {
		t.Errorf("%+v (%v)", body, err)
	}
}
