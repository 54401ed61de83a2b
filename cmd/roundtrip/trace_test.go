package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	collected "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/trace"
)

// collector is one that speaks OTLP over HTTP.
type collector struct {
	mu    sync.Mutex
	spans []*otlp.Span
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var told collected.ExportTraceServiceRequest
	if err := proto.Unmarshal(body, &told); err != nil || r.URL.Path != "/v1/traces" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, of := range told.ResourceSpans {
		for _, s := range of.ScopeSpans {
			c.spans = append(c.spans, s.Spans...)
		}
	}
}

// named are the spans that begin so and say so.
func (c *collector) named(prefix string, says ...string) (list []*otlp.Span) {
	for _, s := range c.spans {
		text := ""
		for _, a := range s.Attributes {
			text += a.Key + "=" + a.Value.GetStringValue() + ";"
		}
		if strings.HasPrefix(s.Name, prefix) && !slices.ContainsFunc(says, func(say string) bool { return !strings.Contains(text, say) }) {
			list = append(list, s)
		}
	}
	return list
}

// judged runs the bot, traced, until it has judged a change that was opened.
func judged(t *testing.T) {
	t.Helper()
	w := live(t, playground.LiveFile)
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	tracer := must[*trace.Tracer](t)(trace.FromEnvironment(t.Context(), "test", logger))
	a := must[*app](t)(openFor(t.Context(), w, "sqlite:"+filepath.Join(t.TempDir(), "x.db"), around{log: logger, trace: tracer}))
	w.SetBot(a.public)
	w.GitHub.HoldHooks(false)
	ctx, stop := context.WithCancel(t.Context())
	var working sync.WaitGroup
	working.Go(func() { a.engine.Run(ctx) })
	n := must[int](t)(w.OpenChange(fakegithub.NewChange{Author: "bob", Title: "Faster prices"}, playground.Size{Added: 9}))
	isJudged := func() bool {
		return slices.ContainsFunc(look(t, w, n).Checks, func(c fakegithub.CheckView) bool { return c.Name == "roundtrip / batch" })
	}
	for begun := time.Now(); time.Since(begun) < patience && (!isJudged() || !must[bot.Backlog](t)(a.store.Backlog(ctx)).Task.IsZero()); {
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	working.Wait()
	tracer.Close()
	if err := a.store.Close(); err != nil {
		t.Error(err)
	}
	if !isJudged() {
		t.Error("the change was never judged")
	}
	if t.Failed() {
		t.Log(log.String())
	}
}

// TestADeliveryIsATrace: from its arrival to what was asked of GitHub for its
// effect, though the effect is performed later, and by another process maybe.
func TestADeliveryIsATrace(t *testing.T) {
	c := &collector{}
	s := httptest.NewServer(c)
	defer s.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", s.URL)
	judged(t)
	opened := c.named("delivery github", "roundtrip.event=change.updated")
	if len(opened) != 1 || len(opened[0].ParentSpanId) != 0 {
		t.Fatalf("the delivery has the first spans %v", opened)
	}
	root := opened[0]
	below := func(parent *otlp.Span, prefix string, says ...string) *otlp.Span {
		t.Helper()
		for _, s := range c.named(prefix, says...) {
			if bytes.Equal(s.TraceId, root.TraceId) && bytes.Equal(s.ParentSpanId, parent.SpanId) {
				return s
			}
		}
		t.Errorf("there is no %s %v below %s", prefix, says, parent.Name)
		return root
	}
	below(root, "hear")
	below(root, "open")
	below(below(root, "handle"), "ask ")
	effect := below(root, "perform check", "roundtrip.outcome=done")
	below(effect, "POST 127.0.0.1", "http.route=/{}/{}/repos/{}/{}/check-runs")
}

// TestACollectorThatIsGone delays nothing, and loses nothing of ours.
func TestACollectorThatIsGone(t *testing.T) {
	s := httptest.NewServer(nil)
	s.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", s.URL)
	judged(t)
}
