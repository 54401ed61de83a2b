package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/story"
	"github.com/roundtrip-bot/roundtrip/bot/store"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
	"github.com/roundtrip-bot/roundtrip/testdata/stories"
)

// What a bot knew in its file it knows in PostgreSQL.
func TestMigrate(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	w := must[*playground.World](t)(playground.New(t.Context(), playground.Options{}))
	t.Cleanup(w.Close)
	file := filepath.Join(t.TempDir(), "roundtrip.db")
	text := must[[]byte](t)(stories.Files.ReadFile("good_change.txt"))
	if _, err := (story.Stage{Open: openerAt("sqlite:"+file, func(*app) {})}).Run(t.Context(), string(text)); err != nil {
		t.Fatal(err)
	}
	before := must[*store.Store](t)(store.Open(t.Context(), "sqlite:"+file, store.Options{}))
	inbox, outbox, err := before.Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct{ url, file, says string }{
		"while it is worked on": {url, file, "another roundtrip works on this file"},
	} {
		if status, _, stderr := runWith(t, w.Settings(c.url), "migrate", c.file); status != 1 || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: %d %s", what, status, stderr)
		}
	}
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := runWith(t, w.Settings(url), "migrate", file)
	if status != 0 || !strings.Contains(stdout, "next: start serve") {
		t.Fatalf("%d %s%s", status, stdout, stderr)
	}
	after := must[*store.Store](t)(store.OpenReader(t.Context(), url))
	defer after.Close()
	in, out, err := after.Count(t.Context())
	if err != nil || in["done"] == 0 || in["done"] != inbox["done"] || out["done"] == 0 || out["done"] != outbox["done"] {
		t.Errorf("%v %v, and it was %v %v (%v)", in, out, inbox, outbox, err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Error("the file can be worked on still")
	}
	if err := os.Rename(file+".moved", file); err != nil {
		t.Fatal(err)
	}
	if status, _, stderr := runWith(t, w.Settings(url), "migrate", file); status != 1 || !strings.Contains(stderr, "into an empty one; nothing was moved") || strings.Contains(stderr, "roundtrip:roundtrip") {
		t.Errorf("a second time: %d %s", status, stderr)
	}
}

// Where the connection ends at the commit nobody knows whether it was moved: that
// is said, and how to find out.
func TestMigrateThatEndsAtItsCommit(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	w := must[*playground.World](t)(playground.New(t.Context(), playground.Options{}))
	t.Cleanup(w.Close)
	file := filepath.Join(t.TempDir(), "roundtrip.db")
	if err := must[*store.Store](t)(store.Open(t.Context(), url, store.Options{})).Close(); err != nil {
		t.Fatal(err)
	}
	from := must[*store.Store](t)(store.Open(t.Context(), "sqlite:"+file, store.Options{}))
	if _, err := from.Hear(t.Context(), bot.Letter{ID: "github/1", Source: "github", Name: "ping", Body: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	if err := from.Close(); err != nil {
		t.Fatal(err)
	}
	pgtest.Exec(t, url, `
		CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
		CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON inbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut();`)
	status, _, stderr := runWith(t, w.Settings(url), "migrate", file)
	if status != 1 || !strings.Contains(stderr, "whether it was saved is not known") || !strings.Contains(stderr, "next: run it again") || strings.Contains(stderr, "nothing was moved") {
		t.Errorf("%d %s", status, stderr)
	}
	pgtest.Exec(t, url, `DROP TRIGGER cut ON inbox`)
	if status, _, stderr := runWith(t, w.Settings(url), "migrate", file); status != 0 {
		t.Errorf("again: %d %s", status, stderr)
	}
}

// What is wrong with it is told at once, each with what to do; what it was
// asked for is not begun.
func TestMigrateTellsAllMistakes(t *testing.T) {
	t.Parallel()
	w := must[*playground.World](t)(playground.New(t.Context(), playground.Options{}))
	t.Cleanup(w.Close)
	file := filepath.Join(t.TempDir(), "nofile.db")
	status, _, stderr := runWith(t, w.Settings("sqlite:"+file), "migrate", file, "--fast")
	if status != 2 {
		t.Errorf("status %d", status)
	}
	for _, says := range []string{
		"--fast: roundtrip migrate has no such flag",
		"must name the PostgreSQL database that the file is moved into; set it to postgres://",
		file + ": cannot be read: no such file or directory; name the file",
	} {
		if !strings.Contains(stderr, says) {
			t.Errorf("it does not say %q:\n%s", says, stderr)
		}
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the file was made (%v)", err)
	}
}
