package config_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/config"
)

// TestFilesInTheDocsAreGood reads every file that README and docs show, for a
// repository or for the server: what people paste must work.
func TestFilesInTheDocsAreGood(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```") // also in a list, where all of it is further in
	isRepo, isServer := regexp.MustCompile(`(?m)^ *version: 1$`), regexp.MustCompile(`(?m)^ *endpoints:$`)
	repos, servers := 0, 0
	for _, page := range append(pages, "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range blocks.FindAllSubmatch(text, -1) {
			switch {
			case isRepo.Match(m[1]):
				repos++
				goodForARepository(t, page, m[1])
			case isServer.Match(m[1]):
				servers++
				goodForTheServer(t, page, m[1])
			}
		}
	}
	if repos == 0 || servers == 0 {
		t.Errorf("the pages show %d files for repositories and %d for servers", repos, servers)
	}
}

func goodForARepository(t *testing.T, page string, text []byte) {
	t.Helper()
	repo, mistakes := config.ParseRepo(page, text)
	if len(mistakes) > 0 || len(repo.Pipeline.Unavailable) > 0 || len(repo.NotYet) > 0 {
		t.Errorf("%s shows a file that does not work: %v %v %v", page, mistakes, repo.Pipeline.Unavailable, repo.NotYet)
	}
}

func goodForTheServer(t *testing.T, page string, text []byte) {
	t.Helper()
	env := least(t)
	_, mistakes := config.LoadServer(env, page, func(path string) ([]byte, error) {
		if path == page {
			return text, nil
		}
		return []byte(cdSecret), nil // a secret, from wherever the page says
	})
	if len(mistakes) > 0 {
		t.Errorf("%s shows settings that do not work: %v", page, mistakes)
	}
}
