package web

import (
	"strings"
	"testing"
)

// TestAVerdictWhoseWordsAreForgotten is still known to have been shown.
func TestAVerdictWhoseWordsAreForgotten(t *testing.T) {
	s := world(t)
	for i := range s.tasks {
		s.tasks[i].Body = nil
	}
	html := see(t, s, "/changes/acme/shop/12").Body.String()
	for _, want := range []string{"What it said is no longer kept here", "shown on GitHub"} {
		if !strings.Contains(html, want) {
			t.Errorf("the change does not say %q", want)
		}
	}
	if html := see(t, s, "/").Body.String(); !strings.Contains(html, "Failed: comment 42/7#12") {
		t.Error("home does not say what failed")
	}
}
