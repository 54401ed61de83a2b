package main

import (
	"os"
	"regexp"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
)

// bareRollback is the command without a place: at a line's end, as code, before
// a stop, or with what it would do; in chat it may name a repository or a change.
var bareRollback = regexp.MustCompile("(?m)/(roundtrip )?rollback( [\\w.-]+/[\\w.-]+(#\\d+)?)?([`:;,.]|[ \t]*$| takes)")

// TestNobodyIsOfferedABareRollback: it means the last stage, and what is shown
// may be about another; who pastes it would take back what is healthy.
func TestNobodyIsOfferedABareRollback(t *testing.T) {
	t.Parallel()
	for _, offered := range []string{"go:\n```\n/rollback\n```", "nothing to do; `/rollback` takes it back", "/rollback takes it back", "good · /rollback", "/roundtrip rollback",
		"write /rollback: strangers", "go `/roundtrip rollback` now", "/roundtrip rollback acme/shop", "/roundtrip rollback acme/shop#3", "`/roundtrip rollback acme/shop.js`"} {
		if !bareRollback.MatchString(offered) {
			t.Errorf("%q is not found out", offered)
		}
	}
	for _, named := range []string{"`/rollback production`", "/rollback shop:production", "/roundtrip rollback acme/shop production", "/roundtrip rollback acme/shop#3 eu", "`/rollback [service:][stage]`"} {
		if bareRollback.MatchString(named) {
			t.Errorf("%q names its place", named)
		}
	}
	for _, coach := range coached(t) {
		if bareRollback.MatchString(coach) {
			t.Errorf("the tour has people write it: %s", coach)
		}
	}
	for _, item := range galleryItems(t) {
		if bareRollback.MatchString(gallery.Open(item.Text())) {
			t.Errorf("%s (%s, after: %s) offers it:\n%s", item.Name, item.Story, item.After, gallery.Open(item.Text()))
		}
	}
}

// coached is what the tour's coach says in the story of it.
func coached(t *testing.T) (lines []string) {
	t.Helper()
	story, err := os.ReadFile("../../testdata/stories/tour.txt")
	if err != nil {
		t.Fatal(err)
	}
	if lines = regexp.MustCompile("(?m)^< coach: .*$").FindAllString(string(story), -1); len(lines) == 0 {
		t.Error("the coach says nothing")
	}
	return lines
}
