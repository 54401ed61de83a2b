package ghspec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Response checks one response to a matched operation.
func (s *Spec) Response(op *Op, r *http.Request, status int, h http.Header, body []byte) []Violation {
	var vs []Violation
	add := func(sev Severity, rule, ptr, format string, a ...any) {
		vs = append(vs, Violation{Side: "response", Severity: sev, Rule: rule, Method: r.Method, Path: r.URL.EscapedPath(), Operation: op.ID(), Status: status, Pointer: ptr, Detail: fmt.Sprintf(format, a...)})
	}
	var def *openapi3.Response
	if x := op.O.Responses.Status(status); x != nil {
		def = x.Value
	}
	trim := bytes.TrimSpace(body)
	if status >= 400 {
		var e struct {
			Message *string `json:"message"`
		}
		if json.Unmarshal(trim, &e) != nil || e.Message == nil {
			add(Error, "error-shape", "", "an error answer needs a JSON object with a message")
		}
		if def == nil {
			add(Warn, "undocumented-status", "", "status %d is not in the description", status)
		}
		return vs // error bodies vary too much to check further
	}
	if def == nil {
		if status == 304 {
			return nil
		}
		add(Error, "undocumented-status", "", "status %d is not in the description", status)
		return vs
	}
	mt := def.Content.Get("application/json")
	if mt == nil || mt.Schema == nil {
		if status == 204 && len(trim) > 0 {
			add(Error, "body-on-204", "", "%d bytes", len(trim))
		}
		return vs
	}
	if acc := r.Header.Get("Accept"); strings.Contains(acc, ".diff") || strings.Contains(acc, ".patch") || strings.Contains(acc, ".raw") || strings.Contains(acc, ".sha") {
		return vs // another representation was asked for
	}
	if ct := h.Get("Content-Type"); !strings.Contains(ct, "json") {
		add(Error, "response-content-type", "", "got %q", ct)
		return vs
	}
	var v any
	if err := json.Unmarshal(trim, &v); err != nil {
		add(Error, "response-not-json", "", "%v", err)
		return vs
	}
	for _, e := range flatten(mt.Schema.Value.VisitJSON(v, openapi3.VisitAsResponse(), openapi3.MultiErrors())) {
		sev := Error
		if errors.Is(e.err, openapi3.ErrOneOfConflict) {
			sev = Warn
		}
		add(sev, "response-schema", e.ptr, "%s", e.msg)
	}
	return vs
}
