// Package trace tells an OpenTelemetry collector of each delivery's way, from
// its arrival to the effects of its plan, as one trace.
//
// An effect is performed later than its delivery was handled, and perhaps by
// another process. The ids of a delivery's trace and of its first span are
// hashes of the delivery's id, so whoever works on it finds the same trace, and
// nothing about it has to be stored. That span is told when the plan is saved, or
// the delivery is ignored or given up, which happens once unless somebody has it tried
// again; it reaches back to the arrival.
//
//   - trace.go    to whom it is told
//   - observe.go  what the engine does
//   - requests.go what is asked of hosts outside
package trace

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Tracer tells of what it observes. It never waits for the collector: what
// that does not take in time is dropped.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// FromEnvironment makes a tracer as the environment says in OpenTelemetry's own
// words; nil where no OTEL_EXPORTER_OTLP_ENDPOINT, or …_TRACES_ENDPOINT, names a
// collector. It speaks OTLP over HTTP.
func FromEnvironment(ctx context.Context, version string, log *slog.Logger) (*Tracer, error) {
	if os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT")+os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") == "" || os.Getenv("OTEL_SDK_DISABLED") == "true" {
		return nil, nil //nolint:nilnil // nobody wants to know
	}
	otel.SetLogger(logr.FromSlogHandler(log.Handler())) // it quotes what it cannot read, headers with keys among it
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("make an exporter of traces: %w", err)
	}
	about, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "roundtrip"), attribute.String("service.version", version)), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("say whose traces they are: %w", err)
	}
	otel.SetErrorHandler(&complaints{log: log})
	p := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(about), sdk.WithSampler(sampler()), sdk.WithIDGenerator(ids{}))
	return &Tracer{provider: p, tracer: p.Tracer("github.com/roundtrip-bot/roundtrip")}, nil
}

// Secrets are what the environment gives OpenTelemetry to sign in with, for
// striking it out: the values of its headers, and what it may take for one.
func Secrets() (texts []string) {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"} {
		for pair := range strings.SplitSeq(os.Getenv(name), ",") {
			value := pair[strings.IndexAny(pair, "=:")+1:]
			if value = strings.TrimSpace(value); value != "" {
				texts = append(texts, value)
			}
		}
	}
	return texts
}

// sampler takes all, or the share that the environment says. All processes take
// the same deliveries, since they have the same ids.
func sampler() sdk.Sampler {
	share, err := strconv.ParseFloat(os.Getenv("OTEL_TRACES_SAMPLER_ARG"), 64)
	switch os.Getenv("OTEL_TRACES_SAMPLER") {
	case "always_off", "parentbased_always_off":
		return sdk.NeverSample()
	case "traceidratio", "parentbased_traceidratio":
		if err == nil {
			return sdk.TraceIDRatioBased(share)
		}
	}
	return sdk.AlwaysSample()
}

// Close tells what was not told yet, for at most a quarter of a second: who ends
// us does not wait for a collector.
func (t *Tracer) Close() {
	if t == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second/4)
	defer cancel()
	_ = t.provider.Shutdown(ctx) // a collector that is gone holds nobody up
}

// complaints are logged once a minute: a collector that is gone is no trouble
// of the bot's.
type complaints struct {
	log  *slog.Logger
	last atomic.Int64
}

// Handle implements otel.ErrorHandler.
func (c *complaints) Handle(err error) {
	now := time.Now().Unix()
	if last := c.last.Load(); now-last >= 60 && c.last.CompareAndSwap(last, now) {
		c.log.Warn("traces are not taken; what the bot does goes on without them", "error", err)
	}
}

// rootOf is the first span of a delivery's trace.
func rootOf(delivery string) trace.SpanContext {
	sum := sha256.Sum256([]byte("roundtrip trace of " + delivery))
	return trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID(sum[:16]), SpanID: trace.SpanID(sum[16:24]), TraceFlags: trace.FlagsSampled, Remote: true,
	})
}
