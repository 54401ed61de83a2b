package words

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNearest(t *testing.T) {
	all := []string{"deploy", "promote", "rollback", "abort", "status", "help"}
	for word, want := range map[string]string{
		"deplyo": "deploy", "deploi": "deploy", "DEPLOY": "deploy", "rolback": "rollback", "statsu": "status", "hlep": "help", "hepl": "help",
		"": "", "x": "", "xyzzy": "", "deployment": "", "dépl": "", strings.Repeat("deploy", 100): "",
	} {
		if got, ok := Nearest(word, all); got != want || ok != (want != "") {
			t.Errorf("%q is near %q, %t; want %q", word, got, ok, want)
		}
	}
	if got, ok := Nearest("abc", nil); ok {
		t.Errorf("among none there is %q", got)
	}
	if got, ok := Nearest("zz", []string{"aa", "b"}); ok {
		t.Errorf("%q has nothing in common", got)
	}
}

func TestSlips(t *testing.T) {
	word := rapid.StringMatching(`[abc]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := slips(a, b)
		if d != slips(b, a) || (d == 0) != (a == b) || d > max(len(a), len(b)) || d < len(a)-len(b) {
			t.Fatalf("from %q to %q it is %d, back %d", a, b, d, slips(b, a))
		}
	})
}
