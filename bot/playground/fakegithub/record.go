package fakegithub

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// Record writes each exchange as a line of JSON, so that it can be held
// against GitHub's description. Injected faults are no exchanges. Nil ends it.
func (s *Server) Record(w io.Writer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.record = w
}

// RecordHooks writes each webhook's body to dir/EVENT.NNNN.ACTION.json when it
// is queued, so that it can be held against GitHub's description. An empty dir
// ends it.
func (s *Server) RecordHooks(dir string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hookDir = dir
}

// RecordError is the first thing that could not be recorded; a record with
// holes proves nothing.
func (s *Server) RecordError() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.recordErr
}

func (s *Server) recorded(err error) {
	if err != nil && s.recordErr == nil {
		s.recordErr = fmt.Errorf("record what GitHub says: %w", err)
	}
}

func (s *Server) recordExchange(c *call, a answer) {
	if s.record == nil {
		return
	}
	content, kind := a.content()
	headers := map[string]string{"Content-Type": kind}
	for name, value := range a.header {
		headers[name] = value
	}
	line := rawOf(fields{
		"method": c.Method, "url": "https://api.github.com" + below(c.URL.RequestURI()), "request_headers": flat(c.Header),
		"request_body": bodyOf(c.body), "status": a.status, "response_headers": headers, "response_body": bodyOf(content),
	})
	_, err := s.record.Write(append(line, '\n'))
	s.recorded(err)
}

// flat is headers with one value each, and credentials cut short.
func flat(h http.Header) map[string]string {
	m := map[string]string{}
	for name := range h {
		m[name] = h.Get(name)
	}
	if parts := strings.Fields(m["Authorization"]); len(parts) == 2 {
		m["Authorization"] = fmt.Sprintf("%s %.4sredacted", parts[0], parts[1])
	}
	return m
}

func bodyOf(body []byte) any {
	switch {
	case len(body) == 0:
		return nil
	case json.Valid(body):
		return json.RawMessage(body)
	}
	return string(body)
}

func (s *Server) saveHook(d *delivery) {
	if s.hookDir == "" {
		return
	}
	name := fmt.Sprintf("%s.%04d.%s.json", d.event, len(s.hooks), d.action)
	s.recorded(os.WriteFile(filepath.Join(s.hookDir, name), d.body, 0o600))
}
