package metrics

import (
	"math"
	"strings"
	"testing"
	"time"
)

func requests(t *testing.T) pair {
	t.Helper()
	bad, err := parseSelector(`r_total{code=~"5.."}`)
	if err != nil {
		t.Fatal(err)
	}
	total, err := parseSelector(`r_total`)
	if err != nil {
		t.Fatal(err)
	}
	return pair{bad: bad, total: total}
}

var wantedHere = map[string]bool{"r_total": true, "r_created": true, startName: true}

// readText reads a page as the scrape does; trouble is whatever kept it from it.
func readText(t *testing.T, p pair, text string) (reading, string) {
	t.Helper()
	from, err := readPage([]byte(text), wantedHere)
	if err != nil {
		return reading{}, err.Error()
	}
	r, trouble, err := p.read(from)
	if err != nil {
		return r, err.Error()
	}
	return r, trouble
}

func TestPages(t *testing.T) {
	for name, c := range map[string]struct{ text, trouble string }{
		"plain":               {"r_total 5\n", ""},
		"typed":               {"# TYPE r_total counter\nr_total{code=\"500\"} 5 1700000000000\n", ""},
		"nothing of ours":     {"x 5\n", ""},
		"empty":               {"", ""},
		"a page for people":   {"<html><body>hello</body></html>\n", ""},
		"a fault elsewhere":   {"x{ 5 5 5\n# TYPE\nr_total 5\n", ""},
		"a name that is more": {"r_total_x{ broken\nr_total 5\n", ""},
		"a fault in ours":     {"r_total{code=500} 5\n", "text format"},
		"no number":           {"r_total five\n", "text format"},
		"typed twice":         {"# TYPE r_total counter\n# TYPE r_total counter\nr_total 5\n", "text format"},
		"cut off":             {"r_total 5\nr_total{code=\"500\"} 12", "cut off"},
		"the same twice":      {"r_total{a=\"1\"} 5\nr_total{a=\"1\"} 6\n", "twice"},
		"a gauge":             {"# TYPE r_total gauge\nr_total 5\n", "is not a counter"},
		"not a number":        {"r_total NaN\n", "NaN"},
		"negative":            {"r_total -3\n", "-3"},
		"more than exact":     {"r_total 9007199254740994\n", "9.007"},
		"too many":            {strings.Repeat("x 1\n", maxSeries+1), "more than 200000 series"},
		"too many of ours":    {manySeries(maxCounted + 1), "more than 5000 series"},
	} {
		if _, trouble := readText(t, requests(t), c.text); (trouble == "") != (c.trouble == "") || !strings.Contains(trouble, c.trouble) {
			t.Errorf("%s: %q, want %q", name, trouble, c.trouble)
		}
	}
}

func manySeries(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`r_total{a="` + strings.Repeat("x", i%100) + `",b="` + strings.Repeat("y", i/100) + "\"} 1\n")
	}
	return b.String()
}

// TestSince follows one instance through pages.
func TestSince(t *testing.T) {
	look := time.Unix(1_800_000_000, 0)
	for name, c := range map[string]struct {
		before, now string
		bad, total  float64
	}{
		"grown":                      {"r_total 5\n", "r_total 8\n", 0, 3},
		"begun again":                {"r_total 5\n", "r_total 3\n", 0, 3},
		"a first error":              {"r_total{code=\"200\"} 5\n", "r_total{code=\"200\"} 6\nr_total{code=\"500\"} 2\n", 2, 3},
		"labels in another order":    {"r_total{a=\"1\",code=\"500\"} 5\n", "r_total{code=\"500\",a=\"1\"} 6\n", 1, 1},
		"gone is not negative":       {"r_total{a=\"1\"} 5\nr_total{a=\"2\"} 5\n", "r_total{a=\"1\"} 6\n", 0, 1},
		"a part of a unit":           {"r_total 0.5\n", "r_total 0.75\n", 0, .25},
		"restarted, and soon larger": {"process_start_time_seconds 1.7e9\nr_total 5\n", "process_start_time_seconds 1.800000009e9\nr_total 7\n", 0, 7},
		"a clock was set":            {"process_start_time_seconds 1.7e9\nr_total 5\n", "process_start_time_seconds 1.700003e9\nr_total 7\n", 0, 2},
		"a clock trembles":           {"process_start_time_seconds 1.8e9\nr_total 5\n", "process_start_time_seconds 1.8000000009e9\nr_total 7\n", 0, 2},
		"created anew":               {"r_total 5\nr_created 1.7e9\n", "r_total 7\nr_created 1.800000009e9\n", 0, 7},
		"created long ago":           {"r_total 5\nr_created 1.7e9\n", "r_total 7\nr_created 1.7e9\n", 0, 2},
	} {
		before, trouble1 := readText(t, requests(t), c.before)
		now, trouble2 := readText(t, requests(t), c.now)
		_, kept := before.since(instance{}, false, look)
		got, _ := now.since(kept, true, look)
		if trouble1+trouble2 != "" || got != (tally{bad: c.bad, total: c.total}) {
			t.Errorf("%s: %+v %s%s, want %v of %v", name, got, trouble1, trouble2, c.bad, c.total)
		}
		if first, _ := now.since(instance{}, false, look); first != (tally{}) {
			t.Errorf("%s: %+v at the first look", name, first)
		}
	}
}

func TestASeriesThatWasAwayHasNotBegunAnew(t *testing.T) {
	var kept instance
	var got tally
	for i, text := range []string{"r_total{a=\"1\"} 900\nr_total{a=\"2\"} 5\n", "r_total{a=\"2\"} 6\n", "r_total{a=\"1\"} 903\nr_total{a=\"2\"} 6\n"} {
		r, _ := readText(t, requests(t), text)
		got, kept = r.since(kept, i > 0, time.Unix(1_800_000_000, 0))
	}
	if got.total != 3 {
		t.Errorf("counted %v, want 3", got.total)
	}
}

func TestBucketsAreSeries(t *testing.T) {
	bad, _ := parseSelector(`d_bucket{le="0.3"}`)
	total, _ := parseSelector(`d_count`)
	const text = "# TYPE d histogram\nd_bucket{le=\"0.3\"} 7\nd_bucket{le=\"+Inf\"} 9\nd_sum 4.5\nd_count 9\n"
	p := pair{bad: bad, total: total}
	from, err := readPage([]byte(text), map[string]bool{"d_bucket": true, "d_count": true})
	if err != nil {
		t.Fatal(err)
	}
	r, trouble, err := p.read(from)
	got, _ := r.since(instance{}, true, time.Time{})
	if err != nil || trouble != "" || got != (tally{bad: 7, total: 9}) {
		t.Errorf("%+v, %s, %v", got, trouble, err)
	}
}

func FuzzReadPage(f *testing.F) {
	f.Add("# TYPE r_total counter\nr_total{code=\"500\"} 5\n", "r_total{code=\"500\"} 7\nprocess_start_time_seconds 1.8e9\n")
	f.Add("r_total 1e308\nr_total{a=\"b\"} 1e308\n", "r_total NaN\n")
	f.Add("r_total{a=\"\\n\"} 5 -1\nr_created 7\n", "\xff{\nr_total{,} 5\n")
	p := pair{}
	p.bad, _ = parseSelector(`r_total{code=~"5.."}`)
	p.total, _ = parseSelector(`r_total`)
	f.Fuzz(func(t *testing.T, first, second string) {
		var kept instance
		for i, text := range []string{first, second} {
			from, err := readPage([]byte(text), wantedHere)
			if err != nil {
				return
			}
			r, trouble, err := p.read(from)
			if err != nil || trouble != "" {
				return
			}
			var got tally
			got, kept = r.since(kept, i > 0, time.Unix(1_800_000_000, 0))
			if got.bad < 0 || got.total < got.bad || math.IsNaN(got.total) {
				t.Errorf("counted %+v", got)
			}
		}
	})
}
