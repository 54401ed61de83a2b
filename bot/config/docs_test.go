package config

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestFilesInTheDocsAreGood reads every file for a repository that README and
// docs show: what people paste must work.
func TestFilesInTheDocsAreGood(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks, found := regexp.MustCompile("(?s)```yaml\n(.*?)```"), 0
	for _, page := range append(pages, "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range blocks.FindAllSubmatch(text, -1) {
			if !regexp.MustCompile(`(?m)^version: 1$`).Match(m[1]) {
				continue
			}
			found++
			repo, mistakes := ParseRepo(page, m[1])
			if len(mistakes) > 0 || len(repo.Pipeline.Unavailable) > 0 {
				t.Errorf("%s shows a file that does not work: %v %v", page, mistakes, repo.Pipeline.Unavailable)
			}
		}
	}
	if found == 0 {
		t.Error("no page shows a file")
	}
}
