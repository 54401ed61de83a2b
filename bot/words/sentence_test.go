package words

import "testing"

// A sentence begins with a capital, but a commit stays as it is pasted.
func TestASentenceBeginsWithACapitalAndACommitAsItIs(t *testing.T) {
	for s, want := range map[string]string{
		"":                                 "",
		"the disk is full":                 "The disk is full.",
		"which one?":                       "Which one?",
		"f23bdb3 is not the commit":        "f23bdb3 is not the commit.",
		"f23bdb3e024b is not the commit":   "f23bdb3e024b is not the commit.",
		"f23bdb3e024b5 and more is no end": "f23bdb3e024b5 and more is no end.",
	} {
		if got := sentence(s); got != want {
			t.Errorf("%q becomes %q, not %q", s, got, want)
		}
	}
}
