package trace

import (
	"testing"
	"time"

	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
)

// TestEachDeliveryHasAFirstSpan once it is over, however it came to be.
func TestEachDeliveryHasAFirstSpan(t *testing.T) {
	for _, x := range []struct {
		what, state, fault string
		whole              bool
		status             codes.Code
	}{
		{engine.Opening, bot.LetterReady, "", false, codes.Unset},
		{engine.Handling, bot.LetterHandling, "", true, codes.Unset},
		{engine.Handling, bot.LetterHandling, "tried again", false, codes.Unset},
		{engine.Opening, bot.LetterIgnored, "", true, codes.Unset},
		{engine.Opening, bot.LetterFailed, "panic", true, codes.Error},
		{engine.Opening, bot.LetterNew, "not saved", false, codes.Unset},
		{engine.Abandoning, bot.LetterFailed, "", true, codes.Error},
		{engine.Abandoning, bot.LetterHandling, "not saved", false, codes.Unset},
	} {
		told := tracetest.NewSpanRecorder()
		p := sdk.NewTracerProvider(sdk.WithSpanProcessor(told), sdk.WithIDGenerator(ids{}))
		now := time.Now()
		w := engine.Work{What: x.what, Letter: bot.Letter{ID: "d1", Source: "github", At: now.Add(-time.Minute)}, Now: now}
		_, end := (&Tracer{provider: p, tracer: p.Tracer("")}).Observe(t.Context(), w)
		w.Letter.State, w.Error = x.state, x.fault
		end(w)
		spans := told.Ended()
		root := spans[len(spans)-1]
		if is := !root.Parent().IsValid(); is != x.whole || is && (root.Status().Code != x.status || root.SpanContext().SpanID() != rootOf("d1").SpanID() || root.EndTime().Sub(root.StartTime()) < time.Minute) {
			t.Errorf("%+v: %s from %v to %v, %+v", x, root.Name(), root.StartTime(), root.EndTime(), root.Status())
		}
	}
}
