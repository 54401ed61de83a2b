package metrics_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/deploy/metrics/metricstest"
)

// server is a real Prometheus of this test's own, which may be pushed to.
type server struct{ *metricstest.Prometheus }

func startPrometheus(t *testing.T, config string, flags ...string) *server {
	t.Helper()
	return &server{metricstest.StartPrometheus(t, config, flags...)}
}

// stale is the sample by which a series is said to have ended.
var stale = math.Float64frombits(0x7ff0000000000002)

// pushedSeries is one sample for remote write.
type pushedSeries struct {
	labels [][2]string // sorted by name
	value  float64
}

func (p pushedSeries) of(arm metricstest.Arm) bool {
	return slices.ContainsFunc(p.labels, func(l [2]string) bool { return l[0] == "instance" && strings.HasPrefix(l[1], string(arm)) })
}

// push writes samples of a moment: version 1 of the protocol, whose messages
// are small enough to be written by hand, in a snappy block of literals.
func (s *server) push(t *testing.T, at time.Time, all []pushedSeries) {
	t.Helper()
	var request []byte
	for _, p := range all {
		var series []byte
		for _, l := range p.labels {
			series = field(series, 1, field(field(nil, 1, []byte(l[0])), 2, []byte(l[1])))
		}
		sample := binary.LittleEndian.AppendUint64([]byte{1<<3 | 1}, math.Float64bits(p.value))
		sample = binary.AppendUvarint(append(sample, 2<<3), uint64(at.UnixMilli()))
		request = field(request, 1, field(series, 2, sample))
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/api/v1/write", bytes.NewReader(literals(request)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Encoding", "snappy")
	r.Header.Set("Content-Type", "application/x-protobuf")
	r.Header.Set("X-Prometheus-Remote-Write-Version", "0.1.0")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if body, _ := io.ReadAll(resp.Body); resp.StatusCode/100 != 2 {
		t.Fatalf("push: %d %s", resp.StatusCode, body)
	}
}

// field appends bytes under a number, as protocol buffers do.
func field(to []byte, number uint64, value []byte) []byte {
	to = binary.AppendUvarint(to, number<<3|2)
	to = binary.AppendUvarint(to, uint64(len(value)))
	return append(to, value...)
}

// literals is a snappy block that compresses nothing.
func literals(b []byte) []byte {
	out := binary.AppendUvarint(nil, uint64(len(b)))
	for len(b) > 0 {
		n := min(len(b), 60)
		out = append(append(out, byte(n-1)<<2), b[:n]...)
		b = b[n:]
	}
	return out
}
