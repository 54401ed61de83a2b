package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
	"github.com/roundtrip-bot/roundtrip/bot/playground/story"
	"github.com/roundtrip-bot/roundtrip/bot/web"
	"github.com/roundtrip-bot/roundtrip/testdata/stories"
)

// tourStory is not played for the gallery: it says in seconds what others say
// in minutes.
const tourStory = "tour.txt"

// makeGallery plays all other stories, each in a world of its own, and keeps
// what people would see. It takes some seconds; what there is after each story
// is shown meanwhile.
func makeGallery(ctx context.Context, show func(playground.Gallery)) (g playground.Gallery, err error) {
	names, err := fs.Glob(stories.Files, "*.txt")
	if err != nil {
		return g, err
	}
	return galleryOf(ctx, slices.DeleteFunc(names, func(name string) bool { return name == tourStory }), show)
}

func galleryOf(ctx context.Context, names []string, show func(playground.Gallery)) (g playground.Gallery, err error) {
	dir, gone, err := scratch("gallery")
	if err != nil {
		return g, err
	}
	defer gone(&err)
	albums, failed := make([]*gallery.Album, len(names)), make([]error, len(names))
	for i, name := range names {
		albums[i] = &gallery.Album{Story: strings.TrimSuffix(name, ".txt")}
	}
	so := func(played int) playground.Gallery {
		return playground.Gallery{Items: itemsOf(ctx, albums), CSS: web.Style(), Played: played, Stories: len(names)}
	}
	show(so(0))
	ended, turns := make(chan int), make(chan struct{}, runtime.NumCPU())
	for i := range names {
		go func() {
			turns <- struct{}{}
			failed[i] = pose(ctx, albums[i], filepath.Join(dir, albums[i].Story))
			<-turns
			ended <- i
		}()
	}
	for played := range names {
		<-ended
		show(so(played + 1))
	}
	return so(len(names)), errors.Join(failed...)
}

// itemsOf albums, and of what is so rare that no story tells it.
func itemsOf(ctx context.Context, albums []*gallery.Album) []gallery.Item {
	return gallery.Bind(append(slices.Clone(albums), gallery.Rare(), whatWaits(ctx)))
}

// pose plays one story for its album.
func pose(ctx context.Context, album *gallery.Album, dir string) error {
	text, err := stories.Files.ReadFile(album.Story + ".txt")
	if err != nil {
		return err
	}
	_, err = posing(ctx, album, func(made func(*app)) story.Open { return openerOf(dir, made) }).Run(ctx, string(text))
	return err
}

// posing is a stage on which all that people see goes into an album.
func posing(ctx context.Context, album *gallery.Album, open func(made func(*app)) story.Open) story.Stage {
	var pages http.Handler
	return story.Stage{
		Open:  open(func(a *app) { pages = web.Pages(a.store, "", nil) }),
		Saw:   album.Saw,
		Rests: func(act string) error { return photograph(ctx, pages, album, act) },
	}
}

var ownPages = regexp.MustCompile(`"(/(?:changes|rollouts|report)(?:/[^"?#]+)?)"`)

// photograph takes in home and what it leads to, two links deep.
func photograph(ctx context.Context, pages http.Handler, album *gallery.Album, act string) error {
	seen, next := map[string]bool{}, []string{"/", "/no-such-page"}
	for range 3 {
		var found []string
		for _, path := range next {
			if seen[path] {
				continue
			}
			seen[path] = true
			html, err := pageOf(ctx, pages, path)
			if err != nil {
				return err
			}
			if html == "" {
				continue // the one report that there is
			}
			album.Shown(act, path, html)
			for _, m := range ownPages.FindAllStringSubmatch(html, -1) {
				found = append(found, m[1])
			}
		}
		next = found
	}
	return nil
}

// pageOf asks the handler itself: no server stands between. It is empty where
// the handler leads to another page.
func pageOf(ctx context.Context, pages http.Handler, path string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return "", err
	}
	r.Host = "localhost"
	w := kept{header: http.Header{}}
	pages.ServeHTTP(&w, r)
	if w.header.Get("Location") != "" {
		return "", nil
	}
	return w.String(), nil
}

// kept is an answer that is not sent.
type kept struct {
	bytes.Buffer
	header http.Header
}

func (k *kept) Header() http.Header { return k.header }

func (*kept) WriteHeader(int) {}
