package config_test

import (
	"bytes"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/roundtrip-bot/roundtrip/bot/config"
)

func TestTheCommittedSchemaIsTheCodes(t *testing.T) {
	golden(t, "../../docs/roundtrip.schema.json", config.Schema())
}

func TestTheCommittedReferencesAreTheCodes(t *testing.T) {
	golden(t, "../../docs/reference/roundtrip.yml.md", config.Reference())
	golden(t, "../../docs/reference/settings.md", config.ServerReference())
}

func TestGoodFilesFollowTheSchema(t *testing.T) {
	schema := compiled(t)
	for _, file := range files(t, "good") {
		if err := schema.Validate(value(t, read(t, file))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestTheSchemaFindsWhatEditorsCan(t *testing.T) {
	schema := compiled(t)
	for _, text := range []string{
		"version: 2", "{}", "version: 1\nbatch: {lins: 1}", "version: 1\nbatch: {mode: wran}",
		"version: 1\nbatch: {exempt: ['a b']}", "version: 1\njudge: {window: 5}", "version: 1\nstages: {a: {}}",
		"version: 1\nstages: {a: {executor: {http: x, argo: y}}}", "version: 1\nrespond: [{if: x, then: [dance]}]",
		"version: 1\nstages: {a: {executor: {http: x}, strategy: {all_at_once: {x: 1}}}}",
	} {
		if schema.Validate(value(t, []byte(text))) == nil {
			t.Errorf("the schema allows %q", text)
		}
	}
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(config.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("roundtrip.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("roundtrip.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func value(t *testing.T, text []byte) any {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(bytes.TrimPrefix(text, []byte("\ufeff")))
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
