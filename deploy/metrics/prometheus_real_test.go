package metrics_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// server is a real Prometheus of this test's own.
type server struct {
	url  string
	cmd  *exec.Cmd
	done chan struct{}
}

// startPrometheus runs the one that is installed, in a folder of its own, and
// waits until it is ready.
func startPrometheus(t *testing.T, config string, flags ...string) *server {
	t.Helper()
	binary, err := exec.LookPath("prometheus")
	if err != nil {
		t.Skip("NOT TESTED: no prometheus is installed; on Debian: apt-get install --no-install-recommends prometheus")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "prometheus.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	address := freePort(t)
	log := &bytes.Buffer{}
	s := &server{url: "http://" + address, done: make(chan struct{})}
	s.cmd = exec.Command(binary, append([]string{
		"--config.file=" + file, "--storage.tsdb.path=" + filepath.Join(dir, "data"), "--web.listen-address=" + address, "--log.level=warn",
	}, flags...)...)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.cmd.Wait(); close(s.done) }()
	t.Cleanup(s.kill)
	eventually(t, "prometheus is ready", func() bool {
		select {
		case <-s.done:
			t.Fatalf("prometheus ended: %s", log)
		default:
		}
		resp, err := http.Get(s.url + "/-/ready")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return s
}

func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	<-s.done
}

// freePort is one that the system does not hand out by itself.
func freePort(t *testing.T) string {
	t.Helper()
	for range 50 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 15000+rand.IntN(17000)))
		if err == nil {
			_ = l.Close()
			return l.Addr().String()
		}
	}
	t.Fatal("no port is free")
	return ""
}

// eventually waits for what takes a real server a while; how long is not
// tested.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 600 {
		if is() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("never: %s", what)
}

// stale is the sample by which a series is said to have ended.
var stale = math.Float64frombits(0x7ff0000000000002)

// pushedSeries is one sample for remote write.
type pushedSeries struct {
	labels [][2]string // sorted by name
	value  float64
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
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/api/v1/write", bytes.NewReader(literals(request)))
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
