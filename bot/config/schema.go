package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/roundtrip-bot/roundtrip/bot/when"
)

// Schema is the JSON Schema (2020-12) of the repository's file, for editors.
// It is generated from the shapes that ParseRepo fills.
func Schema() []byte {
	r := jsonschema.Reflector{
		FieldNameTag: "yaml", RequiredFromJSONSchemaTags: true, ExpandedStruct: true,
		Anonymous: true, Mapper: scalarSchema,
	}
	s := r.Reflect(&shape{})
	s.Title = RepoFile
	for name, def := range s.Definitions {
		exactlyOne(def, name)
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil { // a schema is plain values
		return nil
	}
	return append(text, '\n')
}

// choices are the shapes of which exactly one of some keys must be given.
func choices() []choice { return []choice{executor{}, strategy{}, metric{}, then{}} }

func exactlyOne(def *jsonschema.Schema, name string) {
	for _, c := range choices() {
		if reflect.TypeOf(c).Name() != name {
			continue
		}
		for _, key := range c.oneOf() {
			def.OneOf = append(def.OneOf, &jsonschema.Schema{Required: []string{key}})
		}
	}
}

const (
	durationPattern = `^[0-9]{1,10}[smhd]$`
	weightPattern   = `^(100|[1-9][0-9]?)(\.0+)?%$`
)

// scalarSchema describes the values that setText reads; nil for all others.
func scalarSchema(t reflect.Type) *jsonschema.Schema {
	switch reflect.Zero(t).Interface().(type) {
	case name:
		return matching(namePattern)
	case duration, delay:
		return matching(durationPattern)
	case latency:
		return matching(latencyPattern)
	case percent, risk:
		return matching(when.PercentPattern)
	case weight:
		return matching(weightPattern)
	case hours:
		return matching(hoursPattern)
	case channel:
		return matching(channelPattern)
	case mention:
		return matching(mentionPattern)
	case login:
		return matching(loginPattern)
	case recipient:
		return matching(`^(slack|mail):.+$`)
	case address:
		return &jsonschema.Schema{Type: "string", Pattern: "^https?://", Format: "uri"}
	case probeAddress:
		return matching("^https?://") // with {{ .Arm }} in it it is no URI
	case instant:
		return &jsonschema.Schema{Type: "string", Format: "date-time"}
	case pattern:
		return &jsonschema.Schema{Type: "string", Format: "regex"}
	case glob, query, armText:
		return &jsonschema.Schema{Type: "string"}
	case times:
		return anyOf(&jsonschema.Schema{Const: "auto"}, &jsonschema.Schema{Type: "integer", Minimum: "1", Maximum: "5"})
	case checks:
		return anyOf(&jsonschema.Schema{Enum: []any{"required", "learned"}},
			&jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "string"}})
	}
	return nothingInside(t)
}

// nothingInside describes {}, which the generator takes for anything.
func nothingInside(t reflect.Type) *jsonschema.Schema {
	if t.Kind() != reflect.Struct || t.NumField() > 0 {
		return nil
	}
	return &jsonschema.Schema{Type: "object", AdditionalProperties: jsonschema.FalseSchema}
}

func matching(pattern string) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: pattern}
}

func anyOf(s ...*jsonschema.Schema) *jsonschema.Schema { return &jsonschema.Schema{AnyOf: s} }

// Reference is the page about every key of the repository's file, in Markdown,
// generated from the shapes.
func Reference() []byte {
	var b strings.Builder
	b.WriteString("# Every key of `.github/roundtrip.yml`\n\nGenerated from the code. Required keys are marked *. `‹name›` stands for a name of your own, `[]` for each entry of a list.\n\n| key | value | meaning |\n|---|---|---|\n")
	describeKeys(&b, "", reflect.TypeFor[shape]())
	return []byte(b.String())
}

func describeKeys(b *strings.Builder, path string, t reflect.Type) {
	for _, f := range fieldsOf(t) {
		ft, at := t.Field(f.index).Type, join(path, f.name)
		star := ""
		if f.rule.required {
			star = " *"
		}
		fmt.Fprintf(b, "| `%s`%s | %s | %s |\n", at, star, kindOf(ft, f.rule), f.doc)
		if inner, suffix := innerStruct(ft); inner != nil {
			describeKeys(b, at+suffix, inner)
		}
	}
}

func innerStruct(t reflect.Type) (reflect.Type, string) {
	suffix := ""
	for {
		switch t.Kind() {
		case reflect.Pointer:
			t = t.Elem()
		case reflect.Map:
			t, suffix = t.Elem(), ".‹name›"
		case reflect.Slice:
			t, suffix = t.Elem(), "[]"
		case reflect.Struct:
			if reflect.PointerTo(t).Implements(reflect.TypeFor[texted]()) {
				return nil, ""
			}
			return t, suffix
		default:
			return nil, ""
		}
	}
}

func kindOf(t reflect.Type, r rule) string {
	if len(r.enum) > 0 {
		words := strings.Join(r.enum, ", ")
		if t.Kind() == reflect.Slice {
			return "list of " + words
		}
		return words
	}
	switch t.Kind() {
	case reflect.Pointer:
		return kindOf(t.Elem(), r)
	case reflect.Slice:
		return "list of " + kindOf(t.Elem(), rule{})
	case reflect.Map:
		return "by name"
	}
	return word(t)
}

func word(t reflect.Type) string {
	words := map[string]string{"setting": "text", "places": "address or list of addresses", "hostName": "host", "memberID": "member id", "login": "account",
		"string": "text", "bool": "true or false", "int": "whole number", "float64": "number", "Secret": "secret",
		"armText": "text", "probeAddress": "address", "instant": "time", "latency": "response time", "delay": "duration", "weight": "percent", "risk": "percent", "pattern": "regular expression", "times": "auto or number"}
	if w, ok := words[t.Name()]; ok {
		return w
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[worded]()) {
		return "off or keys"
	}
	if t.Kind() == reflect.Struct && !reflect.PointerTo(t).Implements(reflect.TypeFor[texted]()) {
		return "keys"
	}
	return regexp.MustCompile(`[A-Z]`).ReplaceAllStringFunc(t.Name(), func(s string) string { return " " + strings.ToLower(s) })
}
