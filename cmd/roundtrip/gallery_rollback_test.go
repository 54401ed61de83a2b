package main

import (
	"regexp"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
)

// bareRollback is the command without a place: at a line's end, as code, or
// with what it would do.
var bareRollback = regexp.MustCompile("(?m)(/|^/roundtrip )rollback(`|[ \t]*$| takes)")

// TestNobodyIsOfferedABareRollback: it means the last stage, and what is shown
// may be about another; who pastes it would take back what is healthy.
func TestNobodyIsOfferedABareRollback(t *testing.T) {
	t.Parallel()
	for _, offered := range []string{"go:\n```\n/rollback\n```", "nothing to do; `/rollback` takes it back", "/rollback takes it back", "good · /rollback", "/roundtrip rollback"} {
		if !bareRollback.MatchString(offered) {
			t.Errorf("%q is not found out", offered)
		}
	}
	for _, item := range galleryItems(t) {
		if bareRollback.MatchString(gallery.Open(item.Text())) {
			t.Errorf("%s (%s, after: %s) offers it:\n%s", item.Name, item.Story, item.After, gallery.Open(item.Text()))
		}
	}
}
