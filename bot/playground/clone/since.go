package clone

import (
	"context"
	"fmt"
	"strings"
)

// Since is what rev has and base has not, from where the two parted: what a
// pull request of rev to base would show.
func (c *Clone) Since(ctx context.Context, base, rev string) (s Step, err error) {
	for _, r := range []string{base, rev} {
		if _, err := c.git(ctx, "rev-parse", "--quiet", "--verify", "--end-of-options", r+"^{commit}"); err != nil {
			return s, fmt.Errorf("there is no commit %s in this clone; fetch it first (git fetch origin), or name another", r)
		}
	}
	before, err := c.git(ctx, "merge-base", "--end-of-options", base, rev)
	if err != nil {
		return s, fmt.Errorf("find where %s and %s parted: %w", base, rev, err)
	}
	after, err := c.git(ctx, "rev-parse", "--verify", "--end-of-options", rev+"^{commit}")
	if err != nil {
		return s, err
	}
	return Step{Before: strings.TrimSpace(string(before)), After: last(string(after))}, nil
}

// last line of git's: --end-of-options is said again before it by some versions.
func last(out string) string {
	lines := strings.Fields(out)
	if len(lines) == 0 {
		return ""
	}
	return lines[len(lines)-1]
}

// File of a commit; false where it has none of that path.
func (c *Clone) File(ctx context.Context, commit, path string) (text string, ok bool, err error) {
	out, err := c.git(ctx, "ls-tree", "-z", commit, "--", path)
	if err != nil {
		return "", false, err
	}
	what, _, _ := strings.Cut(string(out), "\t")
	f := strings.Fields(what)
	if len(f) != 3 || f[1] != "blob" {
		return "", false, nil
	}
	text, err = c.blobs.read(f[2])
	return text, err == nil, err
}
