package config_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/policies"
	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

var update = flag.Bool("update", false, "rewrite what is expected")

const (
	configs = "../../testdata/configs"
	example = configs + "/good/example.yml"
)

func TestGoodFiles(t *testing.T) {
	for _, file := range files(t, "good") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			repo, mistakes := config.ParseRepo(config.RepoFile, read(t, file))
			for _, m := range mistakes {
				t.Error(m)
			}
			got, err := json.MarshalIndent(repo, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, ".yml")+".json", append(got, '\n'))
		})
	}
}

func TestBadFiles(t *testing.T) {
	all := files(t, "bad")
	if len(all) < 30 {
		t.Errorf("only %d bad files", len(all))
	}
	for _, file := range all {
		t.Run(filepath.Base(file), func(t *testing.T) {
			repo, mistakes := config.ParseRepo("roundtrip.yml", read(t, file))
			var b strings.Builder
			for _, m := range mistakes {
				b.WriteString(m.String() + "\n")
				if m.Line == 0 || m.Column == 0 || m.Hint == "" {
					t.Errorf("without a place or a remedy: %+v", m)
				}
			}
			golden(t, strings.TrimSuffix(file, ".yml")+".txt", []byte(b.String()))
			if len(mistakes) == 0 || !repo.HasFile || repo.Policies.Batch.Mode != policies.Observe {
				t.Errorf("%d mistakes, settings %+v", len(mistakes), repo.Policies)
			}
		})
	}
}

func TestDefaultsOnlyObserve(t *testing.T) {
	d := config.Defaults()
	if diff := cmp.Diff(policies.Defaults(), d.Policies); diff != "" {
		t.Error(diff)
	}
	if d.HasFile || len(d.Pipeline.Stages) > 0 || d.Weekly != nil || d.Notify != (bot.Notify{}) {
		t.Errorf("%+v", d)
	}
	if diff := cmp.Diff([]deploy.Service{{}}, d.Pipeline.Services); diff != "" {
		t.Error(diff)
	}
	if d.FailureWindow != 24*time.Hour {
		t.Errorf("%+v", d)
	}
}

func TestASectionTakesItsModeFromTheFile(t *testing.T) {
	for _, c := range []struct {
		text         string
		batch, green policies.Mode
	}{
		{"version: 1\n", policies.Observe, policies.Observe},
		{"version: 1\nbatch: {lines: {warn: 50}}\n", policies.Warn, policies.Observe},
		{"version: 1\ngreen: {branches: [main]}\n", policies.Observe, policies.Block},
		{"version: 1\nbatch: {mode: off}\ngreen: {mode: warn}\n", policies.Off, policies.Warn},
	} {
		repo := good(t, c.text)
		if repo.Policies.Batch.Mode != c.batch || repo.Policies.Green.Mode != c.green {
			t.Errorf("%q: batch %s, green %s", c.text, repo.Policies.Batch.Mode, repo.Policies.Green.Mode)
		}
	}
}

// TestAFailureIsASuspicionFirst unless the file says that nothing runs again.
func TestAFailureIsASuspicionFirst(t *testing.T) {
	few := trunk.Defaults()
	few.Repeats = 2
	usual := trunk.Defaults()
	for text, want := range map[string]*trunk.Settings{
		"version: 1\n":                                      &usual,
		"version: 1\ngreen: {mode: block}\n":                &usual,
		"version: 1\ngreen: {rerun: {times: 2}}\n":          &few,
		"version: 1\ngreen: {mode: warn, rerun: off}\n":     nil,
		"version: 1\ngreen: {mode: warn, rerun: \"off\"}\n": nil,
	} {
		if diff := cmp.Diff(want, good(t, text).Policies.Green.Evidence); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestLimitsThatAreNotGivenGiveWay(t *testing.T) {
	for text, want := range map[string]policies.Limits{
		"{warn: 10}":            {Target: 10, Warn: 10, Block: 400},
		"{warn: 900}":           {Target: 20, Warn: 900, Block: 900},
		"{block: 50}":           {Target: 20, Warn: 50, Block: 50},
		"{target: 200}":         {Target: 200, Warn: 200, Block: 400},
		"{target: 1, block: 9}": {Target: 1, Warn: 9, Block: 9},
	} {
		got := good(t, "version: 1\nbatch:\n  lines: "+text+"\n").Policies.Batch.Lines
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestTheHashIsOfTheText(t *testing.T) {
	const want = "09bfcc6a14b83e2192b8673677725c84883ee9cd0c70e45c9ec09daa8f2b2847" // printf 'version: 1\n' | sha256sum
	if got := good(t, "version: 1\n").Pipeline.Hash; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestMistakesAreToldAtOnceAndInOrder(t *testing.T) {
	_, mistakes := config.ParseRepo("f.yml", []byte("version: 2\nbatch:\n  lins: {warn: 10}\n  mode: wran\nstages:\n  a: {executor: {http: x}, after: {b: 10m}}\n"))
	want := []string{
		"f.yml:1:10: version: 2 is too large; write 1 or less",
		"f.yml:3:3: batch.lins: unknown key; did you mean lines?",
		`f.yml:4:9: batch.mode: "wran" is not one of its words; did you mean warn?`,
		"f.yml:6:36: stages.a.after.b: there is no such stage; known: a",
	}
	var got []string
	for _, m := range mistakes {
		got = append(got, m.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFilesThatAreTooLarge(t *testing.T) {
	for name, text := range map[string]string{
		"bytes":  "version: 1\n#" + strings.Repeat("x", 256<<10),
		"values": "version: 1\nsources: [" + strings.Repeat("a,", 60_000) + "]",
	} {
		_, mistakes := config.ParseRepo("f.yml", []byte(text))
		if len(mistakes) != 1 || mistakes[0].Line == 0 || mistakes[0].Hint == "" {
			t.Errorf("%s: %v", name, mistakes)
		}
	}
}

func TestTheExampleIsUnderstoodWhole(t *testing.T) {
	repo := good(t, string(read(t, example)))
	p := repo.Pipeline
	if diff := cmp.Diff([]string{"staging", "canary", "production"}, p.Names()); diff != "" {
		t.Error(diff)
	}
	canary, _ := p.Stage("canary")
	want := []deploy.WeightStep{{Weight: 5, For: 5 * time.Minute}, {Weight: 25, For: 15 * time.Minute}, {Weight: 50, For: 10 * time.Minute, Ask: true}}
	if diff := cmp.Diff(want, canary.Steps); diff != "" || canary.Environment != "production" {
		t.Error(diff, canary.Environment)
	}
	if repo.Weekly == nil || repo.Weekly.Zone != "Europe/Berlin" || repo.Calendar.Hours.From != 8*time.Hour || len(p.Unavailable) == 0 || len(repo.NotYet) == 0 {
		t.Errorf("%+v", repo)
	}
	for _, u := range append(p.Unavailable, repo.NotYet...) {
		if u.Line == 0 || strings.HasPrefix(u.Path, "stages.") != (u.Stage != "") {
			t.Errorf("%+v", u)
		}
	}
}

func FuzzParseRepo(f *testing.F) {
	for _, kind := range []string{"good", "bad"} {
		for _, file := range files(f, kind) {
			if text := read(f, file); len(text) < 16<<10 {
				f.Add(text)
			}
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		repo, mistakes := config.ParseRepo("f.yml", text)
		for _, m := range mistakes {
			if m.Line < 1 || m.Column < 1 || m.Message == "" {
				t.Errorf("a mistake without its place: %+v", m)
			}
		}
		for _, s := range repo.Pipeline.Stages {
			if len(s.Steps) == 0 || s.Environment == "" || s.Deploy.Role < bot.RoleTriage || s.Executor.Kind == "" {
				t.Errorf("half a stage: %+v", s)
			}
		}
	})
}

func good(t *testing.T, text string) config.Repo {
	t.Helper()
	repo, mistakes := config.ParseRepo("f.yml", []byte(text))
	if len(mistakes) > 0 {
		t.Fatalf("%q: %v", text, mistakes)
	}
	return repo
}

func files(t testing.TB, kind string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(configs, kind, "*.yml"))
	if err != nil || len(all) == 0 {
		t.Fatalf("no %s files: %v", kind, err)
	}
	return all
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(read(t, file)), string(got)); diff != "" {
		t.Errorf("%s (-update rewrites it):\n%s", file, diff)
	}
}
