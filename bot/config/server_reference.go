package config

import (
	"fmt"
	"reflect"
	"strings"
)

// ServerReference is the page about every setting of the server, in Markdown,
// generated from the shape.
func ServerReference() []byte {
	var b strings.Builder
	b.WriteString("# Every setting of the server\n\nGenerated from the code. Each is a variable of the environment, or a key of the file that `roundtrip serve --config FILE` reads: the same name without `ROUNDTRIP_`, in lower case. The environment wins. A secret may be in a file of its own: add `_FILE` to its name.\n\n| variable | default | meaning |\n|---|---|---|\n")
	t := reflect.TypeFor[serverShape]()
	for _, f := range fieldsOf(t) {
		ft := t.Field(f.index)
		switch {
		case ft.Tag.Get("of") != "" || ft.Type.Kind() == reflect.Map || ft.Type.Kind() == reflect.Slice:
		case ft.Type == reflect.TypeFor[Secret]():
			fmt.Fprintf(&b, "| `%s`, `…_FILE` | %s | %s |\n", variable(f.name), ft.Tag.Get("default"), f.doc)
		default:
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", variable(f.name), ft.Tag.Get("default"), f.doc)
		}
	}
	b.WriteString("\n## In the file alone\n\n| key | value | meaning |\n|---|---|---|\n")
	fileOnly(&b, t)
	return []byte(b.String())
}

func fileOnly(b *strings.Builder, t reflect.Type) {
	for _, f := range fieldsOf(t) {
		ft := t.Field(f.index).Type
		if ft.Kind() != reflect.Map && ft.Kind() != reflect.Slice {
			continue
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", f.name, kindOf(ft, f.rule), f.doc)
		if inner, suffix := innerStruct(ft); inner != nil {
			describeKeys(b, f.name+suffix, inner)
		}
	}
}
