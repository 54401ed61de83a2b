package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/story"
)

// TestReport prints the week of a story from the database that the story left.
func TestReport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join(storiesDir, "weekly.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if res, err := (story.Stage{Open: opener(dir)}).Run(t.Context(), string(text)); err != nil || res.Difference != "" {
		t.Fatal(err, res.Difference)
	}
	database := "sqlite:" + filepath.Join(dir, "story.db")
	for _, f := range formats {
		status, stdout, stderr := runWith(t, nil, "report", "--week", "2026-W41", "--format", f.name, "--database", database)
		if status != 0 || !strings.Contains(stdout, "acme/shop") || !strings.Contains(stdout, "W41") && !strings.Contains(stdout, "2026-10-05") {
			t.Errorf("%s: %d %s %s", f.name, status, stdout, stderr)
		}
		if f.name == "json" && !json.Valid([]byte(stdout)) {
			t.Errorf("this is no JSON: %s", stdout)
		}
	}
	if _, stdout, _ := runWith(t, nil, "report", "--week", "2026-W20", "--database", database); !strings.Contains(stdout, "W20") {
		t.Errorf("a week without anything: %s", stdout)
	}
	for _, wrong := range [][]string{{"--repo", "acme/other"}, {"--format", "pdf"}, {"--zone", "Mars"}, {"--week", "2026-W54"}} {
		if status, _, stderr := runWith(t, nil, append([]string{"report", "--database", database}, wrong...)...); status != 2 || !strings.Contains(stderr, wrong[0]) {
			t.Errorf("%v: %d %s", wrong, status, stderr)
		}
	}
	if status, _, stderr := runWith(t, nil, "report", "--database", "sqlite:"+dir+"/nowhere.db"); status != 1 || !strings.Contains(stderr, "nowhere.db") {
		t.Errorf("no database: %d %s", status, stderr)
	}
}
