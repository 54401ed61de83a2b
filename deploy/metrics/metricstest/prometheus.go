package metricstest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Prometheus is a real one that runs for one test.
type Prometheus struct {
	URL  string // of its API, without a slash at its end
	cmd  *exec.Cmd
	done chan struct{}
}

// StartPrometheus runs the one that is installed, in a folder of its own, and
// waits until it is ready. Without one the test is skipped, and says so.
func StartPrometheus(t *testing.T, config string, flags ...string) *Prometheus {
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
	s := &Prometheus{URL: "http://" + address, done: make(chan struct{})}
	s.cmd = exec.Command(binary, append([]string{
		"--config.file=" + file, "--storage.tsdb.path=" + filepath.Join(dir, "data"), "--web.listen-address=" + address, "--log.level=warn",
	}, flags...)...)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.cmd.Wait(); close(s.done) }() // who is killed ends with an error
	t.Cleanup(s.Kill)
	Eventually(t, "prometheus is ready", func() bool {
		select {
		case <-s.done:
			t.Fatalf("prometheus ended: %s", log)
		default:
		}
		resp, err := http.Get(s.URL + "/-/ready")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return s
}

// Kill ends it at once.
func (s *Prometheus) Kill() {
	_ = s.cmd.Process.Kill() // it may have ended already
	<-s.done
}

// Sum is what PromQL makes of the sum of an expression at a moment; NaN when
// of nothing.
func (s *Prometheus) Sum(t *testing.T, expr string, at time.Time) float64 {
	t.Helper()
	resp, err := http.PostForm(s.URL+"/api/v1/query", url.Values{"query": {"sum(" + expr + ")"}, "time": {fmt.Sprintf("%d.%03d", at.Unix(), at.UnixMilli()%1000)}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var body struct {
		Data struct{ Result []struct{ Value [2]any } }
	}
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	if len(body.Data.Result) == 0 {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(fmt.Sprint(body.Data.Result[0].Value[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
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

// Eventually waits for what takes a real server a while; how long is not
// tested.
func Eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 600 {
		if is() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("never: %s", what)
}
