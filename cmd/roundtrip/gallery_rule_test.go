package main

import (
	"testing"
	"unicode/utf8"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
)

// TestGalleryRules: whatever people read is short, calls nobody without need and
// blames nobody; what refuses has a number or a name, a rule and a next step.
func TestGalleryRules(t *testing.T) {
	t.Parallel()
	for _, item := range galleryItems(t) {
		for _, fault := range gallery.Faults(item) {
			t.Errorf("%s (%s, after: %s): %s:\n%s", item.Name, item.Story, item.After, fault, gallery.Open(item.Text()))
		}
	}
}

// TestGalleryLimits: nothing is so long that GitHub refuses it. What Slack
// takes is cut where it is sent, and what TestGalleryOverTheWire sends is held against
// Slack's own limits in testdata/contract.
func TestGalleryLimits(t *testing.T) {
	t.Parallel()
	for _, item := range galleryItems(t) {
		text, most := item.Text(), 65_535
		switch e := item.Effect.(type) {
		case bot.SetCheck:
			text = e.Summary
		case bot.MirrorRollout:
			text, most = e.Description, 140
		}
		if n := utf8.RuneCountInString(text); item.Group != gallery.Pages && n > most {
			t.Errorf("%s has %d characters; GitHub takes %d", item.Name, n, most)
		}
	}
}
