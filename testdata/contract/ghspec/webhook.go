package ghspec

import (
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

func (s *Spec) addHook(name string, item *openapi3.PathItem) {
	o := item.Post
	if o == nil || o.RequestBody == nil {
		return
	}
	x, _ := o.Extensions["x-github"].(map[string]any)
	event, _ := x["subcategory"].(string)
	mt := o.RequestBody.Value.Content.Get("application/json")
	if event == "" || mt == nil || mt.Schema == nil {
		return
	}
	event = strings.ReplaceAll(event, "-", "_")
	sc := mt.Schema.Value
	acts := []string{""}
	if _, a, ok := strings.Cut(o.OperationID, "/"); ok {
		if got := actions(sc, 0); len(got) > 0 {
			acts = got
		} else if sc.Properties["action"] != nil {
			acts = []string{strings.ReplaceAll(a, "-", "_")}
		}
	}
	if event == "repository_dispatch" {
		acts = []string{"*"} // the action is whatever the sender chose as event_type
	}
	if s.hooks[event] == nil {
		s.hooks[event] = map[string]*openapi3.Schema{}
	}
	for _, a := range acts {
		s.hooks[event][a] = sc
		s.hookName[event+"."+a] = name
	}
}

// actions collects the values that the schema allows for its action member.
func actions(sc *openapi3.Schema, depth int) []string {
	var out []string
	if p := sc.Properties["action"]; p != nil && p.Value != nil {
		for _, e := range p.Value.Enum {
			out = append(out, fmt.Sprint(e))
		}
	}
	if len(out) > 0 || depth > 3 {
		return out
	}
	for _, l := range []openapi3.SchemaRefs{sc.AllOf, sc.OneOf, sc.AnyOf} {
		for _, r := range l {
			if r.Value != nil {
				out = append(out, actions(r.Value, depth+1)...)
			}
		}
	}
	return out
}

// Events lists the known event names with their actions.
func (s *Spec) Events() map[string][]string {
	out := map[string][]string{}
	for e, m := range s.hooks {
		for a := range m {
			out[e] = append(out[e], a)
		}
		sort.Strings(out[e])
	}
	return out
}

// Webhook checks a delivery's payload.
func (s *Spec) Webhook(event string, body []byte) []Violation {
	var vs []Violation
	add := func(sev Severity, rule, ptr, format string, a ...any) {
		vs = append(vs, Violation{Side: "webhook", Severity: sev, Rule: rule, Operation: event, Pointer: ptr, Detail: fmt.Sprintf(format, a...)})
	}
	var v map[string]any
	if err := json.Unmarshal(body, &v); err != nil {
		add(Error, "not-json", "", "%v", err)
		return vs
	}
	m := s.hooks[event]
	if m == nil {
		add(Error, "unknown-event", "", "no such event in the description")
		return vs
	}
	act, _ := v["action"].(string)
	sc := m[act]
	if sc == nil {
		sc = m["*"]
	}
	if sc == nil {
		var l []string
		for a := range m {
			l = append(l, a)
		}
		sort.Strings(l)
		add(Error, "unknown-action", "action", "%q; known: %s", act, strings.Join(l, ", "))
		return vs
	}
	for _, e := range flatten(sc.VisitJSON(v, openapi3.MultiErrors())) {
		sev := Error
		if errors.Is(e.err, openapi3.ErrOneOfConflict) {
			sev = Warn
		}
		add(sev, "webhook-schema", e.ptr, "%s", e.msg)
	}
	return vs
}
