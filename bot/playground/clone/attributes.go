package clone

import (
	"context"
	"fmt"
	"path"
	"strings"
)

// Attributes are the .gitattributes of a tree, by path.
func (c *Clone) Attributes(ctx context.Context, tree string) (map[string]string, error) {
	out, err := c.git(ctx, "ls-tree", "-r", "-z", tree)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for line := range strings.SplitSeq(string(out), "\x00") {
		what, name, _ := strings.Cut(line, "\t")
		f := strings.Fields(what)
		if path.Base(name) != ".gitattributes" || len(f) != 3 || f[0] == "120000" || f[1] != "blob" {
			continue // git reads none through a link
		}
		if all[name], err = c.blobs.read(f[2]); err != nil {
			return nil, fmt.Errorf("read %s of %s: %w", name, tree, err)
		}
	}
	return all, nil
}

// TouchesAttributes reports whether there may be others after the change.
func (ch Change) TouchesAttributes() bool {
	for _, r := range ch.Rows {
		if path.Base(r.Path) == ".gitattributes" || path.Base(r.Previous) == ".gitattributes" {
			return true
		}
	}
	return false
}
