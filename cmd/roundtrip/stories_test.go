package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/story"
)

var update = flag.Bool("update", false, "write what is seen into testdata")

const storiesDir = "../../testdata/stories"

// TestStories plays every story on a clock of its own. With ROUNDTRIP_RECORD
// set to a folder, what went over the wire is written there for the contract
// checks.
func TestStories(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(storiesDir, "*.txt"))
	if err != nil || len(files) < 4 {
		t.Fatalf("%d stories (%v)", len(files), err)
	}
	for _, file := range files {
		name := nameOf(file)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			playFile(t, file, name)
		})
	}
}

// nameOf a story, by its file.
func nameOf(file string) string { return strings.TrimSuffix(filepath.Base(file), ".txt") }

func playFile(t *testing.T, file, name string) {
	p := played(t, name)
	res := p.result
	if p.err != nil {
		t.Fatalf("%v\n%s", p.err, res.Transcript)
	}
	if slices.Contains(recordedDays, name) {
		sameDay(t, name, p.day)
	}
	if *update {
		if err := os.WriteFile(file, []byte(res.Transcript), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if res.Difference != "" {
		t.Errorf("%s\nTo accept it: go test ./cmd/roundtrip -run TestStories/%s -update", res.Difference, name)
	}
}

func TestAStoryThatGoesDifferently(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"an effect that is not listed": "> @alice opens #1 \"Gifts\" +14 -3\n",
		"an effect that does not come": "> 20 requests a second\n< check #1 roundtrip / batch success: 17 lines - on target\n",
		"another effect":               "> @alice opens #1 \"Gifts\" +14 -3\n< check #1 roundtrip / batch failure: too large\n",
	} {
		res, err := story.Stage{Open: opener(t.TempDir())}.Run(t.Context(), text)
		if err != nil || res.Difference == "" {
			t.Errorf("%s: no difference was seen (%v)", name, err)
		}
	}
	for name, text := range map[string]string{
		"nothing happens":   "# Prose\n",
		"no such verb":      "> @alice sings\n",
		"an effect first":   "< reaction eyes\n",
		"the wrong number":  "> @alice opens #7 \"Gifts\" +14 -3\n",
		"a block of nobody": "> | version: 1\n",
		"the coach behind":  "> the tour begins\n> coach: act 1, step 1 done\n",
		"the coach ahead":   "> the tour begins\n> ci: build passes on #2\n> ci: unit passes on #2\n> coach: act 1, step 0 done\n",
		"the act not over":  "> the tour begins\n> coach: act 2, all done\n",
		"nothing to follow": "> the tour begins\n> @alice does what the coach says in act 1\n",
		"no tour":           "> coach: act 1, step 0 done\n",
	} {
		if _, err := (story.Stage{Open: opener(t.TempDir())}).Run(t.Context(), text); err == nil {
			t.Errorf("%s: it was played", name)
		}
	}
}

// recording writes what goes over the wire of a story into the folder that
// ROUNDTRIP_RECORD names.
func recording(name string) func(*playground.World) (func() error, error) {
	return recordingIn(os.Getenv("ROUNDTRIP_RECORD"), name)
}

func recordingIn(dir, name string) func(*playground.World) (func() error, error) {
	if dir == "" {
		return nil
	}
	return func(w *playground.World) (func() error, error) {
		dir := filepath.Join(dir, name)
		for _, sub := range []string{"slack", "hooks"} {
			if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
				return nil, err
			}
		}
		f, err := os.Create(filepath.Join(dir, "exchanges.jsonl"))
		if err != nil {
			return nil, err
		}
		w.GitHub.Record(f)
		w.GitHub.RecordHooks(filepath.Join(dir, "hooks"))
		return func() error {
			return errors.Join(w.GitHub.RecordError(), f.Close(), writeMessages(w, filepath.Join(dir, "slack")))
		}, nil
	}
}

func writeMessages(w *playground.World, dir string) error {
	for i, m := range w.Slack.Posted() {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.json", i)), m, 0o644); err != nil {
			return err
		}
	}
	return nil
}
