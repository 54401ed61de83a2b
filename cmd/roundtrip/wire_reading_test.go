package main

import (
	"fmt"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/handlers"
)

// A text is read once, no file is not an empty one, and however many texts
// there are, what is remembered is bounded.
func TestATextIsReadOnce(t *testing.T) {
	read := map[string]int{}
	remember := remembered(func(text []byte) (handlers.Settings, []bot.Mistake) {
		read[fmt.Sprintf("%v %s", text == nil, text)]++
		return handlers.Settings{HasFile: text != nil}, []bot.Mistake{{Message: string(text)}}
	})
	for range 3 {
		for _, text := range [][]byte{[]byte("a"), []byte("b"), {}} {
			if s, mistakes := remember(text); !s.HasFile || mistakes[0].Message != string(text) {
				t.Errorf("%q means %+v, %v", text, s, mistakes)
			}
		}
		if s, _ := remember(nil); s.HasFile {
			t.Error("no file is taken for an empty one")
		}
	}
	if read["false a"] != 1 || read["false b"] != 1 || read["false "] != 1 || read["true "] != 3 {
		t.Errorf("texts were read %v", read)
	}
	for i := range filesRemembered {
		remember([]byte(fmt.Sprint(i)))
	}
	remember([]byte("a"))
	if read["false a"] != 2 {
		t.Errorf("nothing is ever forgotten: %d", read["false a"])
	}
}
