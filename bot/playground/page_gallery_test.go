package playground_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
)

// TestGalleryPage: each kind of item is drawn as people see it, it is made
// once, and what could not be made is tried again.
func TestGalleryPage(t *testing.T) {
	album := gallery.Album{Story: "sample"}
	album.Saw("a", bot.SetCheck{Name: "roundtrip / batch", Conclusion: "failure", Title: "900 lines", Summary: "Too **large**."})
	album.Saw("b", bot.KeepComment{Body: "### Live\n<script>alert(1)</script>"})
	album.Saw("c", bot.KeepMessage{Blocks: []bot.Block{{Kind: bot.Section, Text: "*red*"}, {Kind: bot.Actions, Buttons: []bot.Button{{Label: "Promote"}}}}})
	album.Saw("d", bot.Whisper{Text: "only you"})
	album.Shown("e", "/rollouts/1", `<html><head><title>Now</title><link href="/assets/page.css"><script src="/x.js"></script></head><body><h1>Now</h1><a href="/changes/1">1</a></body></html>`)
	w, made, goOn := opened(t), 0, make(chan bool, 2)
	w.OnGallery(func(_ context.Context, show func(playground.Gallery)) (playground.Gallery, error) {
		show(playground.Gallery{Played: 3, Stories: 7})
		<-goOn
		if made++; made == 1 {
			return playground.Gallery{}, errors.New("no room")
		}
		return playground.Gallery{Items: gallery.Bind([]*gallery.Album{&album}), CSS: "p{}"}, nil
	})
	meanwhile(t, w.URL+"/gallery", "3 of 7 stories")
	goOn <- true
	meanwhile(t, w.URL+"/gallery", "It could not be made: no room")
	goOn <- true
	body := meanwhile(t, w.URL+"/gallery", "Live</h3>")
	for _, want := range []string{"<strong>large</strong>", `data-mark="✗"`, "Live</h3>", "<b>red</b>", "<button disabled>Promote</button>", "only you", `href="/gallery/page/rollout-sample-now">Now`} {
		if !strings.Contains(body, want) {
			t.Errorf("the gallery lacks %q:\n%s", want, body)
		}
	}
	if strings.Contains(body, "<script>") {
		t.Error("a stranger's script is in it")
	}
	if own := page(t, w.URL+"/gallery/page/rollout-sample-now"); own != `<html><head><title>Now</title><link href="/gallery/assets/page.css"></head><body><h1>Now</h1><a href="/gallery#pages">1</a></body></html>` {
		t.Errorf("the page alone: %s", own)
	}
	if page(t, w.URL+"/gallery/assets/page.css") != "p{}" || made != 2 {
		t.Errorf("made %d times", made)
	}
	resp, err := http.Get(w.URL + "/gallery/page/pages-1")
	if err != nil || resp.StatusCode != http.StatusNotFound {
		t.Errorf("a page that is not there: %v", err)
	}
	_ = resp.Body.Close()
}

// meanwhile looks until a page says something, as who presses reload.
func meanwhile(t *testing.T, address, want string) string {
	t.Helper()
	for range 1000 {
		if body := page(t, address); strings.Contains(body, want) {
			return body
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%s never says %q", address, want)
	return ""
}
