package memory

import (
	"reflect"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

type part struct {
	Names []string       `json:"names"`
	Any   map[string]any `json:"any"`
}

type whole struct {
	bot.Version
	Key   string              `json:"key"`
	Empty []string            `json:"empty,omitempty"`
	None  []int               `json:"none"`
	At    time.Time           `json:"at"`
	Deep  map[string][]part   `json:"deep"`
	One   *part               `json:"one"`
	Nil   *part               `json:"nil"`
	Sets  map[string]struct{} `json:"sets"`
}

func (whole) DocKey() string   { return "whole" }
func (whole) Claims() []string { return nil }

// Whoever reads a document may do with it what they like: the next one reads
// what was written, as if it were decoded anew.
func TestADocumentThatIsReadIsNobodyElses(t *testing.T) {
	s := New(func() time.Time { return time.Unix(0, 0) })
	some := part{[]string{"a", "b"}, map[string]any{"list": []any{"x", 1.0, nil}, "map": map[string]any{}}}
	w := whole{
		Key: "k", None: []int{}, At: time.Unix(7, 0).UTC(), Deep: map[string][]part{"d": {some, {}}}, One: &some,
		Sets: map[string]struct{}{"s": {}},
	}
	docs, err := s.kept(bot.Plan{Docs: []bot.Doc{w}})
	if err != nil {
		t.Fatal(err)
	}
	s.docs = docs
	read := func(into whole) whole {
		if found, err := s.Doc(t.Context(), "whole", &into); err != nil || !found {
			t.Fatal(found, err)
		}
		return into
	}
	w.V = 1
	for range 3 {
		is := read(whole{Key: "k"}) // as handlers read, who name the key by it
		if again := read(whole{}); !reflect.DeepEqual(is, w) || !reflect.DeepEqual(again, w) {
			t.Fatalf("\n%+v, then\n%+v, not\n%+v", is, again, w)
		}
		is.None = append(is.None, 1)
		is.Deep["d"][0].Names[1], is.Deep["e"] = "c", nil
		is.One.Any["list"].([]any)[0], is.One.Any["map"].(map[string]any)["y"] = "z", 1
		delete(is.Sets, "s")
	}
	if is := read(whole{Empty: []string{"mine"}}); is.Empty == nil {
		t.Error("what is not in the body is taken away; decoding leaves it")
	}
}
