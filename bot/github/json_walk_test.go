package github

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

var walked = []string{
	`[]`, `[ ]`, `[1,2 , 3]`, `[{"a":[1,2]},{"a":"],[\"\\"},null]`, `{}`, `{"total_count":7,"list":[ {"id":1}, {"id":2} ]}`, `null`, `"[1,2]"`, ``,
	`{"custom_properties":{"team":["a","b"]},"id":1296269}`, `{"id":1296269 , "custom_properties" : {"t":"}"} }`, `{"custom_properties":1}`,
	`[{"repo":{"custom_properties":[],"id":12345678901234567890}},{"a":"custom_properties","custom_properties":null,"b":{"custom_properties":true}}]`,
	`{"text":"say \"custom_properties\": 1, or \"custom_properties","custom_properties":"\\","z":"\u00e9\\\""}`,
	`{"total_count":2,"of":"[1,2,3]","runs":[{"a":[1,2,3,4]},{"b":2}]}`,
}

// What is counted and taken out without decoding is what decoding says.
func TestAWalkOverAnAnswerIsAsItsDecoding(t *testing.T) {
	for _, text := range walked {
		agree(t, text)
	}
}

func FuzzAWalkOverAnAnswer(f *testing.F) {
	for _, text := range walked {
		f.Add(text)
		f.Add(text[:len(text)/2])
	}
	f.Fuzz(agree)
}

func agree(t *testing.T, text string) {
	n, left := items([]byte(text)), without([]byte(text), `"custom_properties"`) // whatever it is, both come back
	if !json.Valid([]byte(text)) || strings.Contains(text, `\u`) && strings.Contains(text, `\u005`) {
		return
	}
	if is, want := n, decodedItems(text); is != want {
		t.Errorf("%s: %d items, not %d", text, is, want)
	}
	var whole, rest any
	if err := json.Unmarshal([]byte(text), &whole); err != nil {
		t.Skip(err) // too large a number, say
	}
	if err := json.Unmarshal(left, &rest); err != nil {
		t.Fatalf("%s: %s: %v", text, left, err)
	}
	if strip(whole); !reflect.DeepEqual(rest, whole) {
		t.Errorf("%s: %s", text, left)
	}
}

func decodedItems(text string) (most int) {
	var list []json.RawMessage
	if json.Unmarshal([]byte(text), &list) == nil {
		return len(list)
	}
	var in map[string]json.RawMessage
	_ = json.Unmarshal([]byte(text), &in)
	for _, v := range in {
		if json.Unmarshal(v, &list) == nil {
			most = max(most, len(list))
		}
	}
	return most
}

func strip(v any) {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "custom_properties")
		for _, x := range v {
			strip(x)
		}
	case []any:
		for _, x := range v {
			strip(x)
		}
	}
}
