package trace

import (
	"context"
	"crypto/rand"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
)

// Observe is the engine's observer: each piece of work is a span of the
// delivery that it is about.
func (t *Tracer) Observe(ctx context.Context, w engine.Work) (context.Context, func(engine.Work)) {
	delivery, begun := w.Letter.ID, time.Now()
	switch w.What {
	case engine.Losing:
		return ctx, func(engine.Work) {}
	case engine.Performing:
		delivery = w.Task.Cause
	}
	if w.What != engine.Asking { // which is a part of handling
		ctx = trace.ContextWithRemoteSpanContext(ctx, rootOf(delivery))
	}
	ctx, span := t.tracer.Start(ctx, name(w), trace.WithAttributes(about(w)...))
	return ctx, func(end engine.Work) {
		span.SetAttributes(outcome(end)...)
		if end.Error != "" {
			span.SetStatus(codes.Error, end.Error)
		}
		span.End()
		if over(end) {
			t.whole(end, begun)
		}
	}
}

// over reports whether nothing more comes of a delivery than its effects: its plan
// is saved, or it was ignored, or given up.
func over(w engine.Work) bool {
	switch w.Letter.State {
	case bot.LetterIgnored, bot.LetterFailed:
		return w.What == engine.Opening || w.What == engine.Abandoning
	}
	return w.What == engine.Handling && w.Error == ""
}

// whole tells of a delivery from its arrival, of a timer from when it rang,
// until now. Both are by the store's clock, which this process's is set to.
func (t *Tracer) whole(w engine.Work, begun time.Time) {
	came := w.Letter.At
	if w.Letter.Due.After(came) {
		came = w.Letter.Due
	}
	ctx := context.WithValue(context.Background(), rootKey{}, rootOf(w.Letter.ID))
	_, span := t.tracer.Start(ctx, "delivery "+w.Letter.Source, trace.WithNewRoot(), trace.WithTimestamp(begun.Add(came.Sub(w.Now))), trace.WithAttributes(about(w)...))
	switch w.Letter.State {
	case bot.LetterIgnored:
		span.SetAttributes(attribute.String("roundtrip.ignored", w.Letter.Error))
	case bot.LetterFailed:
		span.SetStatus(codes.Error, w.Letter.Error)
	}
	span.End()
}

func name(w engine.Work) string {
	switch w.What {
	case engine.Asking:
		return "ask " + w.Handler
	case engine.Performing:
		return "perform " + w.Task.Kind
	}
	return w.What
}

func about(w engine.Work) []attribute.KeyValue {
	if w.What == engine.Performing {
		return []attribute.KeyValue{
			attribute.String("roundtrip.delivery", w.Task.Cause), attribute.String("roundtrip.effect.kind", w.Task.Kind),
			attribute.String("roundtrip.effect.key", w.Task.Key), attribute.Int("roundtrip.attempt", w.Task.Attempts),
		}
	}
	return []attribute.KeyValue{
		attribute.String("roundtrip.delivery", w.Letter.ID), attribute.String("roundtrip.source", w.Letter.Source),
		attribute.String("roundtrip.event", firstOf(w.Letter.Kind, w.Letter.Name)), attribute.String("roundtrip.subject", w.Letter.Subject),
		attribute.Int("roundtrip.attempt", w.Letter.Attempts),
	}
}

func outcome(w engine.Work) []attribute.KeyValue {
	switch w.What {
	case engine.Hearing:
		return []attribute.KeyValue{attribute.Bool("roundtrip.fresh", w.Fresh)}
	case engine.Performing:
		if w.Task.State == bot.TaskPerforming { // we stop, or how it ended was not saved: it is taken up again
			return []attribute.KeyValue{attribute.String("roundtrip.outcome", "cut off")}
		}
		return []attribute.KeyValue{attribute.String("roundtrip.outcome", w.Task.State)}
	}
	return nil
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// rootKey is under what a context holds the ids of a span that is to have them.
type rootKey struct{}

// ids are by chance, but for the first span of a delivery.
type ids struct{}

// NewIDs implements sdk.IDGenerator.
func (ids) NewIDs(ctx context.Context) (t trace.TraceID, s trace.SpanID) {
	if root, ok := ctx.Value(rootKey{}).(trace.SpanContext); ok {
		return root.TraceID(), root.SpanID()
	}
	_, _ = rand.Read(t[:]) // it never fails
	_, _ = rand.Read(s[:])
	return t, s
}

// NewSpanID implements sdk.IDGenerator.
func (ids) NewSpanID(context.Context, trace.TraceID) (s trace.SpanID) {
	_, _ = rand.Read(s[:])
	return s
}
