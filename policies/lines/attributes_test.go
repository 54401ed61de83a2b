package lines_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
)

// Git itself says what each attribute is of each path, and we say the same.
func TestAttributesAreGits(t *testing.T) {
	files := map[string]string{
		".gitattributes": "\ufeff[attr]made linguist-generated -linguist-vendored\n" +
			"*.pb.go made\n/top.go linguist-generated\na/b.go linguist-vendored=true\n**/deep/*.go linguist-documentation\n" +
			"x/** linguist-vendored\nx/y/z.go -linguist-vendored\n\"sp ace.go\" linguist-generated\n{a,b}.go linguist-generated\n" +
			"dir/ linguist-generated\n!not.go linguist-generated\n[ab]c.go linguist-generated\n[!ab]d.go linguist-generated=false\n" +
			"?.txt linguist-generated=1\n*.md linguist-documentation !linguist-generated\nbad linguist-gen!erated\n  # a comment\n" +
			"*.both linguist-generated -linguist-generated\n\\#hash.go linguist-generated\nm*/n?.go linguist-generated\na**b.go linguist-generated\n*.crlf linguist-generated\r\n** -linguist-documentation\nREADME.md linguist-documentation=false\nunmade.pb.go -made\n",
		"x/.gitattributes":   "*.pb.go -linguist-generated\n/own.go linguist-generated\nkeep.go !linguist-vendored\n*.q made\n[attr]made linguist-vendored\n",
		"x/y/.gitattributes": "*.pb.go !linguist-generated\nsub/*.go linguist-generated\n",
	}
	paths := strings.Fields("a.pb.go q/a.pb.go x/a.pb.go x/y/a.pb.go x/y/z/a.pb.go top.go q/top.go a/b.go q/a/b.go deep/a.go q/deep/a.go q/deep/r/a.go x/y/z.go x x/own.go x/y/own.go x/keep.go x/y/keep.go x/a.q a.go b.go {a,b}.go dir/a.go dir not.go !not.go ac.go cc.go cd.go ad.go a.txt ab.txt a.md q/README.md bad a.both #hash.go mm/nn.go m/n.go mq/r/nn.go axxb.go a/x/b.go a.crlf x/y/sub/a.go x/y/sub/q/a.go unmade.pb.go x/unmade.pb.go")
	paths = append(paths, "sp ace.go", "q/sp ace.go")
	a, err := lines.ReadAttributes(files)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range gits(t, files, paths) {
		got := ""
		for _, name := range asked {
			got += " " + a.Value(path, name)
		}
		if got != want {
			t.Errorf("%s is%s, git says%s", path, got, want)
		}
	}
}

var asked = []string{"linguist-generated", "linguist-vendored", "linguist-documentation"}

// gits are the values by git check-attr, in a repository made for it.
func gits(t *testing.T, files map[string]string, paths []string) map[string]string {
	dir := t.TempDir()
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(in string, args ...string) string {
		c := exec.CommandContext(t.Context(), "git", args...)
		c.Dir, c.Stdin = dir, strings.NewReader(in)
		c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_ATTR_NOSYSTEM=1")
		out, err := c.Output()
		if err != nil {
			t.Fatal(args, err)
		}
		return string(out)
	}
	run("", "init", "-q")
	out := run(strings.Join(paths, "\x00"), append([]string{"check-attr", "-z", "--stdin"}, asked...)...)
	all, parts := map[string]string{}, strings.Split(out, "\x00")
	for i := 0; i+2 < len(parts); i += 3 {
		all[parts[i]] += " " + parts[i+2]
	}
	if len(all) != len(paths) {
		t.Fatalf("git spoke of %d of %d paths", len(all), len(paths))
	}
	return all
}

func TestAttributesTooLarge(t *testing.T) {
	var many strings.Builder
	for i := range 501 {
		fmt.Fprintf(&many, "f%d.go linguist-generated\n", i)
	}
	for name, text := range map[string]string{
		"bytes": strings.Repeat("#", 256<<10+1), "lines": many.String(), "a pattern": strings.Repeat("a", 1025) + " linguist-generated",
	} {
		a, err := lines.ReadAttributes(map[string]string{"x/.gitattributes": text, ".gitattributes": "f.go linguist-generated\n"})
		if err == nil || !strings.Contains(err.Error(), "x/.gitattributes") {
			t.Errorf("%s: %v", name, err)
		}
		if c := lines.Of([]bot.ChangedFile{{Path: "f.go", Added: 1}}, 1, lines.Rules{Attributes: a}); c.Effective != 0 {
			t.Errorf("%s: what is small enough is passed over", name)
		}
	}
}
