package main

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
	"github.com/roundtrip-bot/roundtrip/bot/playground/story"
	"github.com/roundtrip-bot/roundtrip/testdata/stories"
)

// performance is a story that was played, and what people saw of it.
type performance struct {
	album  *gallery.Album
	result story.Result
	day    string // what its webhooks said; of recordedDays alone
	err    error
}

var performances sync.Map // by name: a func() performance

// played is a story, played once for all tests that look at it: what happens
// in it, and what people see.
func played(t *testing.T, name string) performance {
	t.Helper()
	once, _ := performances.LoadOrStore(name, sync.OnceValue(func() performance { return perform(t, name) }))
	return once.(func() performance)()
}

func perform(t *testing.T, name string) (p performance) {
	t.Helper()
	p.album = &gallery.Album{Story: name}
	text, err := stories.Files.ReadFile(name + ".txt")
	if err != nil {
		return performance{err: err}
	}
	database := databaseIn(t, t.TempDir())
	open := func(made func(*app)) story.Open { return openerAt(database, made) }
	stage := posing(t.Context(), p.album, open)
	if name+".txt" == tourStory {
		stage = story.Stage{Open: open(func(*app) {})}
	}
	dir := os.Getenv("ROUNDTRIP_RECORD")
	isDay := slices.Contains(recordedDays, name)
	if isDay && dir == "" {
		dir = t.TempDir()
	}
	stage.Around = recordingIn(dir, name)
	if p.result, p.err = stage.Run(t.Context(), string(text)); p.err == nil && isDay {
		p.day, p.err = dayOf(filepath.Join(dir, name, "hooks"))
	}
	return p
}

// galleryItems are those of all stories but the tour.
func galleryItems(t *testing.T) []gallery.Item {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(storiesDir, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	turns := make(chan struct{}, runtime.NumCPU())
	list := make([]performance, len(files))
	for i, file := range files {
		name := nameOf(file)
		if name+".txt" == tourStory {
			continue
		}
		all.Go(func() {
			turns <- struct{}{}
			list[i] = played(t, name)
			<-turns
		})
	}
	all.Wait()
	var albums []*gallery.Album
	for _, p := range list {
		if p.err != nil {
			t.Fatal(p.err)
		}
		if p.album != nil {
			albums = append(albums, p.album)
		}
	}
	return itemsOf(t.Context(), albums)
}
