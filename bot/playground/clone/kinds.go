package clone

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// kinds of files by path, in order, written down a second time: the rules that
// the bot goes by are not asked.
var kinds = []struct {
	kind string
	not  string // attribute that speaks against it
	path *regexp.Regexp
}{
	{"lockfile", "linguist-generated", regexp.MustCompile(`(^|/)(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|conda-lock\.yml|bun\.lockb?|(deno|yarn|Gopkg|glide|Cargo|Gemfile|composer|poetry|pdm|uv|Pipfile|pixi|mix|rebar|pubspec|Podfile|flake|MODULE\.bazel|esy|stack\.yaml|Chart|paket)\.lock|go\.(work\.)?sum|(Package|Cartfile)\.resolved|packages\.lock\.json|gradle\.lockfile|cabal\.project\.freeze|Manifest\.toml|\.terraform\.lock\.hcl)$`)},
	{"vendored", "linguist-vendored", regexp.MustCompile(`(^|/)(vendor|node_modules|third_party|bower_components|Godeps)/|^\.yarn/(releases|plugins)/`)},
	{"generated", "linguist-generated", regexp.MustCompile(`(\.pb(\.gw)?\.go|\.pb\.(cc|h|swift)|_pb2(_grpc)?\.py|_pb2\.pyi|_pb\.(js|d\.ts|rb)|\.pbobjc\.[hm]|[._]generated\.go|\.gen\.go|\.(g|freezed)\.dart|\.[Dd]esigner\.cs|\.g\.cs|\.min\.(js|css)|\.(js|css)\.map|\.snap|(^|/)zz_generated\.[^/]*)$`)},
	{"tests", "", regexp.MustCompile(`(_test\.(go|py|rb|exs|dart|cc|cpp|clj|rs)|\.(test|spec)\.[jt]sx?|\.test\.[mc]js|\.cy\.[jt]s|_spec\.rb|Tests?\.(java|kt|cs)|Test\.php|Tests\.swift|Spec\.scala|(^|/)test_[^/]*\.py)$|(^|/)(tests?|__tests__|testdata|e2e|__mocks__|__snapshots__)/`)},
	{"docs", "linguist-documentation", regexp.MustCompile(`(^|/)(LICENSE|COPYING|NOTICE|AUTHORS|CONTRIBUTORS|CHANGELOG|README)$|\.(mdx?|markdown|rst|adoc|asciidoc)$|^docs?/`)},
}

var attributeKinds = []struct{ name, kind string }{{"linguist-generated", "generated"}, {"linguist-vendored", "vendored"}, {"linguist-documentation", "docs"}}

// kindsOf says of which kind the files of a change are, by git's own word on
// the attributes in the tree before it.
func (c *Clone) kindsOf(ctx context.Context, ch Change, attributes bool) (map[string]string, error) {
	said, all := map[string]map[string]string{}, map[string]string{}
	if attributes {
		var err error
		if said, err = c.checkAttr(ctx, ch); err != nil {
			return nil, err
		}
	}
	for _, r := range ch.Rows {
		all[r.Path] = kindOf(Told(r.Path), said[r.Path])
	}
	return all, nil
}

func kindOf(path string, said map[string]string) string {
	for _, a := range attributeKinds {
		if v := said[a.name]; v != "" && v != "unspecified" && v != "unset" && v != "false" {
			return a.kind
		}
	}
	for _, k := range kinds {
		if v := said[k.not]; v != "unset" && v != "false" && k.path.MatchString(path) {
			return k.kind
		}
	}
	return "code"
}

// checkAttr asks git, in an index of its own.
func (c *Clone) checkAttr(ctx context.Context, ch Change) (map[string]map[string]string, error) {
	dir, err := os.MkdirTemp("", "roundtrip-clone")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var paths strings.Builder
	for _, r := range ch.Rows {
		paths.WriteString(r.Path + "\x00")
	}
	var out []byte
	for _, args := range [][]string{{"read-tree", ch.Before}, {"check-attr", "--cached", "--stdin", "-z", "linguist-generated", "linguist-vendored", "linguist-documentation"}} {
		cmd := c.command(ctx, args...)
		cmd.Env, cmd.Stdin = append(cmd.Env, "GIT_INDEX_FILE="+filepath.Join(dir, "index")), strings.NewReader(paths.String())
		if out, err = cmd.Output(); err != nil {
			return nil, fmt.Errorf("git %s: %w", args[0], explained(err))
		}
	}
	said, parts := map[string]map[string]string{}, strings.Split(string(out), "\x00")
	for i := 0; i+2 < len(parts); i += 3 {
		if said[parts[i]] == nil {
			said[parts[i]] = map[string]string{}
		}
		said[parts[i]][parts[i+1]] = parts[i+2]
	}
	return said, nil
}
