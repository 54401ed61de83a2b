package ghspec

import (
	"errors"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

type flat struct {
	ptr, msg string
	err      error
}

func flatten(err error) []flat {
	if err == nil {
		return nil
	}
	var me openapi3.MultiError
	if errors.As(err, &me) {
		var out []flat
		for _, e := range me {
			out = append(out, flatten(e)...)
		}
		return dedupe(out)
	}
	var se *openapi3.SchemaError
	if errors.As(err, &se) {
		return []flat{{"/" + strings.Join(se.JSONPointer(), "/"), se.SchemaField + ": " + se.Reason, err}}
	}
	return []flat{{"", short(err), err}}
}

func dedupe(in []flat) []flat {
	seen := map[string]bool{}
	var out []flat
	for _, f := range in {
		k := f.ptr + "\x00" + f.msg
		if !seen[k] {
			seen[k] = true
			out = append(out, f)
		}
	}
	return out
}

func short(err error) string {
	s := strings.Join(strings.Fields(err.Error()), " ")
	if i := strings.Index(s, " Schema: {"); i > 0 {
		s = s[:i]
	}
	if len(s) > 300 {
		s = s[:300] + "..."
	}
	return s
}
