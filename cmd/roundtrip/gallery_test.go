package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
)

// items of the gallery are made once for all tests that look at them.
var items = sync.OnceValues(func() ([]gallery.Item, error) {
	g, err := makeGallery(context.Background(), func(playground.Gallery) {})
	return g.Items, err
})

func galleryItems(t *testing.T) []gallery.Item {
	t.Helper()
	list, err := items()
	if err != nil {
		t.Fatal(err)
	}
	return list
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
