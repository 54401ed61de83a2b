package metrics

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Bounds of a page.
const (
	maxPage   = 8 << 20 // bytes
	maxSeries = 200_000
)

// page is the wanted metrics of a /metrics page, by name.
type page map[string]*dto.MetricFamily

// readPage reads the metrics that are wanted out of a page in Prometheus' text
// format. Only their lines are parsed: a large page costs little, and a fault
// elsewhere in it is not ours.
func readPage(body []byte, wanted map[string]bool) (page, error) {
	if len(body) > 0 && body[len(body)-1] != '\n' {
		return nil, errors.New("is cut off")
	}
	lines, series := bytes.Buffer{}, 0
	for line := range bytes.Lines(body) {
		name, isSeries := subject(line)
		if isSeries {
			series++
		}
		if wanted[name] {
			lines.Write(line)
		}
	}
	if series > maxSeries {
		return nil, fmt.Errorf("has more than %d series", maxSeries)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(&lines)
	if err != nil {
		return nil, errors.New("is not in Prometheus' text format")
	}
	return families, nil
}

// subject is the metric that a line is about: a series, or a TYPE comment;
// empty for all other lines. The TYPE of a histogram is about a name that
// none of its series has, so its buckets are read as plain series with a label
// le, which is how selectors speak of them.
func subject(line []byte) (name string, isSeries bool) {
	s := strings.TrimLeft(string(line[:min(len(line), 1024)]), " \t")
	if rest, comment := strings.CutPrefix(s, "#"); comment {
		if f := strings.Fields(rest); len(f) >= 2 && f[0] == "TYPE" {
			return f[1], false
		}
		return "", false
	}
	end := strings.IndexAny(s, "{ \t\n")
	if end <= 0 {
		return "", false
	}
	return s[:end], true
}

// value is that of a series of a counter, or of one without a type.
func value(m *dto.Metric) (float64, bool) {
	switch {
	case m.GetCounter() != nil:
		return m.GetCounter().GetValue(), true
	case m.GetUntyped() != nil:
		return m.GetUntyped().GetValue(), true
	}
	return 0, false
}

// stamp is a Unix time in seconds, however its series is typed.
func stamp(m *dto.Metric) float64 {
	if g := m.GetGauge(); g != nil {
		return g.GetValue()
	}
	v, _ := value(m)
	return v
}

func labelsOf(m *dto.Metric) map[string]string {
	labels := map[string]string{}
	for _, l := range m.GetLabel() {
		labels[l.GetName()] = l.GetValue()
	}
	return labels
}

// startName is the one series of a page that says when its process began.
const startName = "process_start_time_seconds"

// start is when the process began, in Unix seconds; 0 when the page does not
// say, or speaks of several processes.
func (p page) start() float64 {
	if series := p[startName].GetMetric(); len(series) == 1 {
		return stamp(series[0])
	}
	return 0
}

// createdName is the metric that says when each series of a counter began.
func createdName(counter string) string {
	return strings.TrimSuffix(counter, "_total") + "_created"
}
