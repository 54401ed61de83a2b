package fakegithub

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
	"time"
)

// What we write ourselves is what encoding/json writes.
func TestAnswersAreWrittenAsEncodingJSONDoes(t *testing.T) {
	text := "<b> & \"quoted\" \\ \n\t\x00\x7f é 🎉 \u2028 \xff"
	f := fields{
		"z": nil, "a": text, "empty": "", text: 1, "int": -7, "id": int64(math.MaxInt64), "yes": true, "float": 0.1, "time": time.Unix(1, 0).UTC(),
		"texts": []string{text}, "no texts": []string(nil), "none": []fields(nil), "nothing": fields(nil), "any": []any{1, nil, fields{}}, "nil list": []any(nil),
		"list": []fields{{"b": 1, "a": []fields{}}, {}}, "raw": json.RawMessage(`{"a": [1, 2]}`), "headers": map[string]string{"b": "1", "a": text},
		"optional": given(&text), "not given": given(nil), "stamp": stamp(time.Unix(1, 0)),
	}
	for _, v := range []any{f, []fields{f, f}, nil, "text", []any{f, text}, 12, map[string]any{"f": f}} {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil {
			t.Fatal(err)
		}
		if want := bytes.TrimSpace(b.Bytes()); !bytes.Equal(rawOf(v), want) {
			t.Errorf("%s\n%s", rawOf(v), want)
		}
	}
	if is := rawOf(fields{"payload": picture(rawOf(f))}); !bytes.Equal(is, rawOf(fields{"payload": f})) {
		t.Errorf("%s", is)
	}
}
