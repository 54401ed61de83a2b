package trace

import (
	"net/http"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// Watch stands before what carries requests: each that is a part of some work
// is a span of it.
func (t *Tracer) Watch(next http.RoundTripper) http.RoundTripper { return requests{next, t} }

type requests struct {
	next http.RoundTripper
	*Tracer
}

// RoundTrip implements http.RoundTripper.
func (r requests) RoundTrip(req *http.Request) (*http.Response, error) {
	if !trace.SpanContextFromContext(req.Context()).IsValid() {
		return r.next.RoundTrip(req)
	}
	ctx, span := r.tracer.Start(req.Context(), req.Method+" "+req.URL.Host, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("http.request.method", req.Method), attribute.String("server.address", req.URL.Host), attribute.String("http.route", Route(req.URL.Path)),
	))
	defer span.End()
	resp, err := r.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		span.SetStatus(codes.Error, "no answer") // the error may quote the whole address
		return nil, err
	}
	span.SetAttributes(attribute.Int("http.response.status_code", resp.StatusCode))
	if resp.StatusCode >= http.StatusBadRequest {
		span.SetStatus(codes.Error, http.StatusText(resp.StatusCode))
	}
	return resp, nil
}

// CloseIdleConnections of what carries the requests.
func (r requests) CloseIdleConnections() { (&http.Client{Transport: r.next}).CloseIdleConnections() }

// words of the APIs that are asked. Whatever else stands in a path is somebody's
// name, a number, a file, or a secret: addresses that Slack gives have one.
var words = strings.Fields(`
	access_tokens actions api app branches check-runs check-suites collaborators commands comments commits compare contents deliveries deployments
	dispatches git graphql hook installation installations issues labels metrics permission protection pulls query query_range reactions ref refs
	repos repositories rerequest rules rulesets runs status statuses users workflows v1 v3
	apps.connections.open auth.test chat.delete chat.getPermalink chat.postEphemeral chat.postMessage chat.update conversations.history
	conversations.info conversations.replies reactions.add users.info users.list views.open`)

// Route is a path in which all that is no word of an API is {}; of GitHub's
// repositories the names are, too.
func Route(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		named := i > 0 && parts[i-1] == "repos" || i > 1 && parts[i-2] == "repos"
		if p != "" && (named || !slices.Contains(words, p)) {
			parts[i] = "{}"
		}
	}
	return strings.Join(parts, "/")
}
