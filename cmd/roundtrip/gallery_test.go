package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
)

// The playground makes its gallery as tests do, and shows what there is so far.
func TestTheGalleryIsMade(t *testing.T) {
	t.Parallel()
	var shown []int
	g, err := galleryOf(t.Context(), []string{"typo.txt", "revert.txt"}, func(g playground.Gallery) { shown = append(shown, g.Played) })
	if err != nil || g.Played != 2 || g.Stories != 2 || len(shown) != 3 {
		t.Fatalf("%d of %d stories, shown after %v: %v", g.Played, g.Stories, shown, err)
	}
	for _, item := range g.Items {
		if item.Group == gallery.Pages && item.Story == "revert" {
			return
		}
	}
	t.Error("it shows no page of its last story")
}

// TestGallery holds what people read against testdata/gallery; with -update
// it is written there, and the difference is what they will read instead.
func TestGallery(t *testing.T) {
	t.Parallel()
	for _, group := range gallery.Groups() {
		var b strings.Builder
		n := 0
		for _, item := range galleryItems(t) {
			if item.Group == group {
				n++
				fmt.Fprintf(&b, "=== %s, %s, after: %s\n%s\n\n", item.Name, item.Story, item.After, strings.TrimSpace(item.Text()))
			}
		}
		if n < 5 {
			t.Errorf("%s: only %d items", group, n)
		}
		file := filepath.Join("..", "..", "testdata", "gallery", group+".txt")
		if *update {
			if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.String(); got != string(want) {
			t.Errorf("%s: people will read something else\n%s\nTo accept it: go test ./cmd/roundtrip -run TestGallery -update", group, firstDifference(string(want), got))
		}
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d\n  was: %s\n  now: %s", i+1, w[i], g[i])
		}
	}
	return fmt.Sprintf("%d lines instead of %d", len(g), len(w))
}
