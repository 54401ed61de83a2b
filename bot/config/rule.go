package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// rule is what a field's tags ask of its value. The tags are those of the JSON
// Schema generator, so that the schema and the reader cannot differ.
type rule struct {
	required bool
	enum     []string
	least    *float64
	most     *float64
	minItems int
}

// field is a field of a shape, by the name that people write.
type field struct {
	name  string
	index int
	doc   string
	rule  rule
}

func fieldsOf(t reflect.Type) []field {
	var all []field
	for i := range t.NumField() {
		f := t.Field(i)
		if name := f.Tag.Get("yaml"); name != "" {
			all = append(all, field{name, i, f.Tag.Get("jsonschema_description"), ruleOf(f.Tag.Get("jsonschema"))})
		}
	}
	return all
}

func ruleOf(tag string) rule {
	var r rule
	for part := range strings.SplitSeq(tag, ",") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "required":
			r.required = true
		case "enum":
			r.enum = append(r.enum, value)
		case "minimum":
			r.least = number(value)
		case "maximum":
			r.most = number(value)
		case "minItems":
			r.minItems, _ = strconv.Atoi(value)
		}
	}
	return r
}

func number(s string) *float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil
	}
	return &f
}

// item is the rule for what a list or a map holds.
func (r rule) item() rule { return rule{enum: r.enum, least: r.least, most: r.most} }

func (r rule) within(v float64) error {
	if r.least != nil && v < *r.least {
		return fault{fmt.Sprintf("%v is too small", v), fmt.Sprintf("write %v or more", *r.least)}
	}
	if r.most != nil && v > *r.most {
		return fault{fmt.Sprintf("%v is too large", v), fmt.Sprintf("write %v or less", *r.most)}
	}
	return nil
}

// whenEmpty is the remedy for a key with nothing beside it.
func (r rule) whenEmpty() string {
	if r.required {
		return "write what it should say"
	}
	return "leave the key out if there is nothing to say"
}

// example shows what may stand there, where few words may.
func (r rule) example() string {
	if len(r.enum) == 0 {
		return " …"
	}
	return " " + strings.Join(r.enum, " | ")
}
