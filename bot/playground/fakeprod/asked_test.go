package fakeprod_test

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

func TestWhatIsSentAgainUnaskedIsSeen(t *testing.T) {
	start := fakeprod.Call{Op: fakeprod.OpStart, Key: "s/1", What: "staging abc", Status: 202, Changed: true}
	again := start
	again.Status, again.Changed = 200, false
	refused := start
	refused.Status, refused.Changed = 503, false
	missing := fakeprod.Call{Op: fakeprod.OpFind, Key: "s/1", Status: 404}
	there := fakeprod.Call{Op: fakeprod.OpFind, Key: "s/1", Status: 200}
	broken := fakeprod.Call{Op: fakeprod.OpFind, Key: "s/1", Status: 503}
	for name, tc := range map[string]struct {
		calls []fakeprod.Call
		wrong int
		late  bool
	}{
		"once":                                       {[]fakeprod.Call{start, there, there}, 0, false},
		"again, as it was unknown":                   {[]fakeprod.Call{refused, missing, start}, 0, false},
		"again, unasked":                             {[]fakeprod.Call{start, again}, 1, false},
		"again, though it was known":                 {[]fakeprod.Call{start, there, again}, 1, false},
		"again, without an answer":                   {[]fakeprod.Call{start, broken, again}, 1, false},
		"again, asked before it sent":                {[]fakeprod.Call{missing, start, again}, 1, false},
		"what was on its way comes after the answer": {[]fakeprod.Call{missing, start, again}, 0, true},
		"or after it was found":                      {[]fakeprod.Call{missing, start, there, again}, 0, true},
		"that is so once":                            {[]fakeprod.Call{missing, start, again, again}, 1, true},
		"that is no leave not to ask":                {[]fakeprod.Call{start, again}, 1, true},
	} {
		late := func(time.Time) bool { return tc.late }
		if wrong := fakeprod.Unasked(tc.calls, late); len(wrong) != tc.wrong {
			t.Errorf("%s: %q", name, wrong)
		}
		if wrong := fakeprod.Unasked(tc.calls, nil); !tc.late && len(wrong) != tc.wrong {
			t.Errorf("%s, with nothing late: %q", name, wrong)
		}
	}
}
