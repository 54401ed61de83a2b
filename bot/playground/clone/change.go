package clone

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Row is a file of a step as git tells it.
type Row struct {
	Path, Previous string // as bytes
	Letter         byte   // A, M, D, R or T
	Added, Deleted int
	old, young     string // the files' ids
	link           bool   // one of them is another repository's commit
	Patch          string // as git prints it, with three lines around
}

// Change is a step with its files.
type Change struct {
	Step
	Rows           []Row
	Added, Deleted int
}

// Most is how many lines a change may have to be looked at line by line. What
// has more would not fit into memory in some repositories.
const Most = 2_000_000

// Change reads a step. Patches are left out where it has more lines than Most.
func (c *Clone) Change(ctx context.Context, s Step) (Change, error) {
	ch := Change{Step: s}
	out, err := c.diff(ctx, s, "-z", "--raw", "--numstat")
	if err == nil {
		err = ch.read(out)
	}
	if err != nil {
		return ch, fmt.Errorf("read the change %s: %w", s.After, err)
	}
	for _, r := range ch.Rows {
		ch.Added, ch.Deleted = ch.Added+r.Added, ch.Deleted+r.Deleted
	}
	if ch.Lines() > Most {
		return ch, nil
	}
	patches, err := c.patches(ctx, s, "-U3")
	for i := range ch.Rows {
		ch.Rows[i].Patch = patches[ch.Rows[i].ids()]
	}
	return ch, err
}

// Lines of the change.
func (ch Change) Lines() int { return ch.Added + ch.Deleted }

func (r Row) ids() [2]string { return [2]string{r.old, r.young} }

func (c *Clone) diff(ctx context.Context, s Step, how ...string) ([]byte, error) {
	args := append([]string{"diff-tree", "-r", "-M", "--no-ext-diff", "--no-textconv", "--no-commit-id", "--full-index", "--no-color", "--ignore-submodules=none"}, how...)
	return c.git(ctx, append(args, s.Before, s.After)...)
}

// read understands --raw and --numstat with -z: first the one, then the other.
func (ch *Change) read(out []byte) error {
	parts := strings.Split(string(out), "\x00")
	take := func() (s string) {
		if len(parts) > 0 {
			s, parts = parts[0], parts[1:]
		}
		return s
	}
	for len(parts) > 0 && strings.HasPrefix(parts[0], ":") {
		f := strings.Fields(take())
		if len(f) != 5 {
			return fmt.Errorf("git wrote a line of %d parts", len(f))
		}
		r := Row{Letter: f[4][0], old: f[2], young: f[3], link: f[0] == ":160000" || f[1] == "160000"}
		if r.Path = take(); r.Letter == 'R' {
			r.Previous, r.Path = r.Path, take()
		}
		ch.Rows = append(ch.Rows, r)
	}
	for i := range ch.Rows {
		r := &ch.Rows[i]
		numbers := strings.SplitN(take(), "\t", 3)
		if len(numbers) != 3 {
			return fmt.Errorf("git wrote no numbers for %q", r.Path)
		}
		r.Added, _ = strconv.Atoi(numbers[0]) // "-" is a binary's
		r.Deleted, _ = strconv.Atoi(numbers[1])
		if numbers[2] == "" { // a rename: both paths follow
			take()
			take()
		}
	}
	return nil
}

// patches are hunks by the ids of the files: paths need no unquoting then. A
// file that became a link has two, under ids that no row has.
func (c *Clone) patches(ctx context.Context, s Step, how ...string) (map[[2]string]string, error) {
	out, err := c.diff(ctx, s, append([]string{"-p"}, how...)...)
	if err != nil {
		return nil, err
	}
	all := map[[2]string]string{}
	for section := range bytes.SplitSeq(append([]byte("\n"), out...), []byte("\ndiff --git ")) {
		head, hunks, ok := bytes.Cut(section, []byte("\n@@ "))
		_, index, indexed := bytes.Cut(head, []byte("\nindex "))
		if !ok || !indexed {
			continue
		}
		old, young, _ := strings.Cut(strings.Fields(string(index))[0], "..")
		all[[2]string{old, young}] = "@@ " + strings.TrimSuffix(string(hunks), "\n")
	}
	return all, nil
}
