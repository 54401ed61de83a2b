package split_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
	"github.com/roundtrip-bot/roundtrip/policies/split"
)

var seeds = flag.Uint64("seeds", 3, "how many changes of chance are split")

// repo is a git repository with a work tree.
type repo struct {
	t   *testing.T
	dir string
}

func newRepo(t *testing.T) repo {
	r := repo{t, t.TempDir()}
	r.git("", "init", "-q", "-b", "main")
	return r
}

func (r repo) git(in string, args ...string) string {
	r.t.Helper()
	c := exec.CommandContext(r.t.Context(), "git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.autocrlf=false", "-c", "diff.suppressBlankEmpty=false"}, args...)...)
	c.Dir, c.Stdin = r.dir, strings.NewReader(in)
	c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	var out, complaint bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaint
	if err := c.Run(); err != nil {
		r.t.Fatalf("git %v: %v: %s\n%s", args, err, complaint.String(), in)
	}
	return out.String()
}

// holds makes the work tree hold files, and commits it; it answers the commit.
func (r repo) holds(files map[string]string) string {
	r.t.Helper()
	r.git("", "rm", "-r", "-q", "--ignore-unmatch", ".")
	for name, text := range files {
		path := filepath.Join(r.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			r.t.Fatal(err)
		}
	}
	r.git("", "add", "-A")
	r.git("", "commit", "-q", "--allow-empty", "-m", "x")
	return strings.TrimSpace(r.git("", "rev-parse", "HEAD"))
}

// changed is what GitHub would list of what is between two trees.
func (r repo) changed(from, to string) (files []bot.ChangedFile) {
	status := map[byte]string{'A': "added", 'D': "removed", 'M': "modified", 'R': "renamed"}
	parts := strings.Split(r.git("", "diff", "-M", "-z", "--name-status", from, to), "\x00")
	for i := 0; i+1 < len(parts); i += 2 {
		f := bot.ChangedFile{Status: status[parts[i][0]], Path: parts[i+1]}
		paths := []string{f.Path}
		if parts[i][0] == 'R' {
			f.Previous, f.Path = parts[i+1], parts[i+2]
			paths = append(paths, f.Path)
			i++
		}
		numbers := strings.Fields(r.git("", append([]string{"diff", "-M", "--numstat", from, to, "--"}, paths...)...))
		f.Added, _ = strconv.Atoi(numbers[0])
		f.Deleted, _ = strconv.Atoi(numbers[1])
		if _, hunks, ok := strings.Cut(r.git("", append([]string{"diff", "-M", from, to, "--"}, paths...)...), "\n@@ "); ok {
			f.Patch = "@@ " + strings.TrimSuffix(hunks, "\n")
		}
		files = append(files, f)
	}
	return files
}

// apply makes a part of the tree that is in the index, and answers the new one.
func (r repo) apply(p split.Part, before []split.Piece, head string) string {
	for _, piece := range p.Pieces {
		switch {
		case len(piece.Edits) > 0:
			r.git(piece.Diff(before), "apply", "--cached", "--unidiff-zero", "--whitespace=nowarn", "-")
		case piece.Status == "removed":
			r.git("", "rm", "-q", "--cached", "--", piece.Path)
		case piece.Previous != "" && piece.Patch == "" && piece.Lines() == 0: // renamed alone
			entry := strings.Fields(r.git("", "ls-files", "-s", "--", piece.Previous))
			r.git("", "rm", "-q", "--cached", "--", piece.Previous)
			r.git("", "update-index", "--add", "--cacheinfo", entry[0]+","+entry[1]+","+piece.Path)
		default:
			if piece.Previous != "" {
				r.git("", "rm", "-q", "--cached", "--", piece.Previous)
			}
			entry := strings.Fields(r.git("", "ls-tree", head, "--", piece.Path))
			r.git("", "update-index", "--add", "--cacheinfo", entry[0]+","+entry[2]+","+piece.Path)
		}
		before = append(before, piece)
	}
	return strings.TrimSpace(r.git("", "write-tree"))
}

func raw(files []bot.ChangedFile) (n int) {
	for _, f := range files {
		n += f.Lines()
	}
	return n
}

// rebuilt applies a plan in git: each part fits, by a count of what git says
// that it changes, and after the last the tree is the change's own.
func (r repo) rebuilt(base, head string, most int, parts []split.Part) {
	r.t.Helper()
	r.git("", "read-tree", base)
	var before []split.Piece
	tree := base
	for i, p := range parts {
		next := r.apply(p, before, head)
		files := r.changed(tree, next)
		if n := lines.Of(files, raw(files), lines.Rules{}).Effective; n > most || n > p.Lines {
			r.t.Errorf("part %d counts %d lines, said to be %d; at most %d", i+1, n, p.Lines, most)
		}
		if next == strings.TrimSpace(r.git("", "rev-parse", tree+"^{tree}")) {
			r.t.Errorf("part %d changes nothing", i+1)
		}
		tree, before = next, append(before, p.Pieces...)
	}
	if want := strings.TrimSpace(r.git("", "rev-parse", head+"^{tree}")); tree != want {
		r.t.Errorf("the parts make another tree:\n%s", r.git("", "diff", tree, want))
	}
}

// Any change, applied in parts, is the change.
func TestPartsMakeTheWhole(t *testing.T) {
	t.Parallel()
	for seed := range *seeds {
		rnd := rand.New(rand.NewPCG(seed, 48))
		r := newRepo(t)
		old := files(rnd)
		base := r.holds(old)
		head := r.holds(edited(rnd, old))
		most := 5 + rnd.IntN(60)
		parts, why := split.Plan(split.Change{Files: r.changed(base, head), Most: most})
		if why != "" {
			t.Fatalf("seed %d: %s", seed, why)
		}
		r.rebuilt(base, head, most, parts)
		t.Logf("seed %d, at most %d lines, %d parts: %s", seed, most, len(parts), paths(parts))
		if t.Failed() {
			t.Fatalf("seed %d, at most %d lines, %d parts", seed, most, len(parts))
		}
	}
}

var words = strings.Fields("one two three four five six seven eight nine ten func type var return if else x() } {")

func text(rnd *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(strings.Repeat("\t", rnd.IntN(3)))
		for range rnd.IntN(4) {
			b.WriteString(words[rnd.IntN(len(words))] + " ")
		}
		b.WriteString("\n")
	}
	if s := b.String(); rnd.IntN(3) > 0 || s == "" {
		return s
	}
	return strings.TrimSuffix(b.String(), "\n") + "."
}

func files(rnd *rand.Rand) map[string]string {
	all := map[string]string{}
	for _, name := range []string{"a.go", "a_test.go", "dir/b.go", "dir/c.sql", "deploy.yml", "README.md", "go.sum", "gone.go", "was.go"} {
		all[name] = fmt.Sprintf("this is %s\n", name) + text(rnd, 1+rnd.IntN(120))
	}
	return all
}

func edited(rnd *rand.Rand, old map[string]string) map[string]string {
	all := map[string]string{"new.go": text(rnd, 200), "dir/new_test.go": text(rnd, 30), "empty.go": ""}
	for _, name := range slices.Sorted(mapKeys(old)) {
		l := strings.SplitAfter(old[name], "\n")
		for range rnd.IntN(6) {
			at := rnd.IntN(len(l) + 1)
			to := min(len(l), at+rnd.IntN(30))
			l = slices.Concat(l[:at:at], strings.SplitAfter(text(rnd, rnd.IntN(60)), "\n"), l[to:])
		}
		switch s := strings.Join(l, ""); name {
		case "gone.go":
		case "was.go":
			all["dir/is.go"] = old[name] + text(rnd, 5) // renamed, with edits
		default:
			all[name] = s
		}
	}
	return all
}

func mapKeys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func file(path, status string, patch ...string) bot.ChangedFile {
	f := bot.ChangedFile{Path: path, Status: status}
	for _, l := range patch {
		if l[0] == '+' {
			f.Added++
		} else {
			f.Deleted++
		}
	}
	f.Patch = fmt.Sprintf("@@ -%d,%d +%d,%d @@\n%s", min(1, f.Deleted), f.Deleted, min(1, f.Added), f.Added, strings.Join(patch, "\n"))
	return f
}

func paths(parts []split.Part) string {
	var all []string
	for _, p := range parts {
		var of []string
		for _, piece := range p.Pieces {
			of = append(of, piece.Path)
		}
		all = append(all, strings.Join(of, " "))
	}
	return strings.Join(all, " | ")
}

func many(n int, say string) (patch []string) {
	for i := range n {
		patch = append(patch, fmt.Sprintf("+%s %d", say, i))
	}
	return patch
}

// What others rest on comes first, tests go with their code, and what a file
// is called by before what calls it.
func TestOrderOfParts(t *testing.T) {
	for want, files := range map[string][]bot.ChangedFile{
		"db/1.sql | shop.go shop_test.go | deploy.yml": {file("deploy.yml", "added", many(9, "key")...), file("shop_test.go", "added", many(50, "check")...), file("shop.go", "added", many(9, "code")...), file("db/1.sql", "added", many(9, "row")...)},
		"z.go | a.go":              {file("a.go", "added", append(many(8, "line"), "+\tpriceOf(x)")...), file("z.go", "added", append(many(8, "text"), "+func priceOf(n int) int {")...)},
		"big.go | big.go | big.go": {file("big.go", "added", many(25, "line")...)},
		"a/x.go a/y.go | b/z.go":   {file("b/z.go", "added", many(9, "one")...), file("a/y.go", "added", many(4, "two")...), file("a/x.go", "added", many(4, "six")...)},
	} {
		parts, why := split.Plan(split.Change{Files: files, Most: 10})
		if got := paths(parts); got != want || why != "" {
			t.Errorf("%s, want %s; %s", got, want, why)
		}
	}
}

// Commits that are good parts are kept; one that is too large is not.
func TestCommitsAreParts(t *testing.T) {
	commit := func(sha string, n int) split.Commit {
		return split.Commit{SHA: bot.SHA(sha), Files: []bot.ChangedFile{file(sha+".go", "added", many(n, "line")...)}}
	}
	c := split.Change{Most: 10, Commits: []split.Commit{commit("a", 4), commit("b", 6), commit("c", 1)}, Files: []bot.ChangedFile{file("all.go", "added", many(11, "line")...)}}
	parts, _ := split.Plan(c)
	if len(parts) != 2 || len(parts[0].Commits) != 2 || parts[0].Lines != 10 || parts[1].Commits[0].SHA != "c" {
		t.Errorf("%+v", parts)
	}
	c.Commits[1] = commit("b", 11)
	if parts, _ = split.Plan(c); len(parts) != 2 || len(parts[0].Commits) != 0 {
		t.Errorf("%+v", parts)
	}
}

func TestWhatIsNotShownCannotBeSplit(t *testing.T) {
	_, why := split.Plan(split.Change{Most: 10, Files: []bot.ChangedFile{{Path: "a.go", Status: "modified", Added: 900}}})
	if why != "a.go has 900 lines, and GitHub does not show them" {
		t.Error(why)
	}
}

// A large file is cut before what begins at the margin.
func TestCutsAreBetweenBlocks(t *testing.T) {
	var patch []string
	for i := range 6 {
		patch = append(patch, fmt.Sprintf("+func f%d() {", i), "+\tone()", "+\ttwo()", "+}", "+")
	}
	parts, _ := split.Plan(split.Change{Most: 13, Files: []bot.ChangedFile{file("a.go", "added", patch...)}})
	var at []string
	for _, p := range parts {
		at = append(at, fmt.Sprintf("%d-%d", p.Pieces[0].From, p.Pieces[0].To))
	}
	if got := strings.Join(at, " "); got != "1-10 11-20 21-30" {
		t.Error(got)
	}
}
