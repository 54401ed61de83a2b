package ghspec

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// Options set how strict the request checks are.
type Options struct {
	Unknown bool // report query parameters and body members that the description does not have
	Headers bool // report missing or odd Accept, User-Agent, X-GitHub-Api-Version, Authorization
}

// KnownVersions are the REST API versions accepted in X-GitHub-Api-Version.
var KnownVersions = map[string]bool{"2022-11-28": true, "2026-03-10": true}

// Request checks one request; body may be nil.
func (s *Spec) Request(r *http.Request, body []byte, opt Options) (*Op, []Violation) {
	var vs []Violation
	path := r.URL.EscapedPath()
	add := func(sev Severity, rule, ptr, format string, a ...any) {
		vs = append(vs, Violation{Side: "request", Severity: sev, Rule: rule, Method: r.Method, Path: path, Pointer: ptr, Detail: fmt.Sprintf(format, a...)})
	}
	if path == "/graphql" && r.Method == http.MethodPost {
		return nil, nil // not in the REST description; check the query against @octokit/graphql-schema instead
	}
	op, pp, allowed := s.Find(r.Method, path)
	if op == nil {
		if len(allowed) > 0 {
			add(Error, "method-not-allowed", "", "%s is not defined here; defined: %s", r.Method, strings.Join(allowed, ", "))
		} else {
			add(Error, "unknown-endpoint", "", "no such path in the description")
		}
		return nil, vs
	}
	defer func() {
		for i := range vs {
			vs[i].Operation = op.ID()
		}
	}()
	if op.O.Deprecated {
		add(Warn, "deprecated", "", "operation is deprecated")
	}
	in := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: pp, QueryParams: r.URL.Query(),
		Route: &routers.Route{Spec: s.Doc, Path: op.Template, PathItem: op.Item, Method: r.Method, Operation: op.O},
	}
	known := map[string]bool{}
	for _, p := range op.Params {
		if p.In == "query" {
			known[p.Name] = true
		}
		if p.In == "path" && pp[p.Name] == "" {
			continue // contents/ with no path is the root folder
		}
		if err := openapi3filter.ValidateParameter(context.Background(), in, p); err != nil {
			add(Error, "parameter", p.In+"."+p.Name, "%s", short(err))
		}
	}
	if opt.Unknown {
		for q := range r.URL.Query() {
			if !known[q] {
				add(Error, "unknown-query-parameter", "query."+q, "the operation has no such query parameter")
			}
		}
	}
	if opt.Headers {
		s.headers(op, r, add)
	}
	rb := op.O.RequestBody
	switch {
	case rb == nil || rb.Value == nil:
		if len(bytes.TrimSpace(body)) > 0 && string(bytes.TrimSpace(body)) != "{}" && string(bytes.TrimSpace(body)) != "null" {
			add(Warn, "unexpected-body", "", "the operation takes no body, %d bytes were sent", len(body))
		}
	case len(bytes.TrimSpace(body)) == 0:
		if rb.Value.Required {
			add(Error, "missing-body", "", "a body is required")
		}
	default:
		mt := rb.Value.Content.Get("application/json")
		if mt == nil {
			break // uploads
		}
		if ct := r.Header.Get("Content-Type"); ct != "" && !strings.Contains(ct, "json") {
			add(Error, "content-type", "", "body sent as %q, JSON is defined", ct)
			break
		}
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			add(Error, "body-not-json", "", "%v", err)
			break
		}
		if v == nil && !rb.Value.Required {
			break
		}
		if mt.Schema != nil {
			for _, e := range flatten(mt.Schema.Value.VisitJSON(v, openapi3.VisitAsRequest(), openapi3.MultiErrors())) {
				sev := Error
				if errors.Is(e.err, openapi3.ErrOneOfConflict) {
					sev = Warn
				}
				add(sev, "body-schema", e.ptr, "%s", e.msg)
			}
			if opt.Unknown {
				for _, p := range unknown(mt.Schema.Value, v, "", 0) {
					add(Error, "unknown-body-member", p, "the schema has no such member")
				}
			}
		}
	}
	return op, vs
}

func (s *Spec) headers(op *Op, r *http.Request, add func(Severity, string, string, string, ...any)) {
	if r.UserAgent() == "" || strings.HasPrefix(r.UserAgent(), "Go-http-client") {
		add(Warn, "user-agent", "header.User-Agent", "GitHub refuses requests without a User-Agent and asks for the app's name in it; got %q", r.UserAgent())
	}
	acc := r.Header.Get("Accept")
	if acc == "" || acc == "*/*" {
		add(Warn, "accept", "header.Accept", "send application/vnd.github+json (or a media type of the operation); got %q", acc)
	} else if !strings.Contains(acc, "application/vnd.github") && !strings.Contains(acc, "application/json") && !strings.Contains(acc, "octet-stream") {
		add(Error, "accept", "header.Accept", "GitHub answers 415 to an unsupported media type: %q", acc)
	} else if strings.Contains(acc, "-preview") {
		add(Warn, "accept-preview", "header.Accept", "preview media types have graduated: %q", acc)
	}
	switch v := r.Header.Get("X-GitHub-Api-Version"); {
	case v == "":
		add(Warn, "api-version", "header.X-GitHub-Api-Version", "pin a version, e.g. 2022-11-28")
	case !KnownVersions[v]:
		add(Error, "api-version", "header.X-GitHub-Api-Version", "unknown version %q (GitHub answers 400)", v)
	}
	tok := strings.TrimSpace(regexp.MustCompile(`(?i)^(bearer|token)\s+`).ReplaceAllString(r.Header.Get("Authorization"), ""))
	isJWT := strings.HasPrefix(tok, "eyJ")
	switch {
	case tok == "":
		if op.O.OperationID != "apps/create-from-manifest" && op.O.OperationID != "meta/root" {
			add(Warn, "unauthenticated", "header.Authorization", "no credentials sent")
		}
	case op.NeedsJWT && !isJWT:
		add(Error, "needs-jwt", "header.Authorization", "the operation must be called with an App JWT")
	case !op.NeedsJWT && isJWT:
		add(Error, "jwt-not-accepted", "header.Authorization", "an App JWT was sent to an operation that takes installation or user tokens")
	case strings.HasPrefix(tok, "ghs_") && !op.ForApps:
		add(Warn, "not-for-apps", "header.Authorization", "x-github.enabledForGitHubApps is false: an installation token is probably refused")
	}
}
