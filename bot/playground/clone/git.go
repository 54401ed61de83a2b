// Package clone shows the history of a local clone as GitHub would list its
// changes, with what GitHub leaves out, and counts the same changes on whole
// files, as plainly as it can be done.
package clone

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Clone is a git repository on this machine, which is only read. It is not
// safe for concurrent use.
type Clone struct {
	dir   string // of git's own files
	empty string // the tree without files
	blobs *blobs
}

// Open finds the repository that dir belongs to. Close ends what it runs.
func Open(ctx context.Context, dir string) (*Clone, error) {
	out, err := exec.CommandContext(ctx, "git", "-C", dir, "rev-parse", "--absolute-git-dir").Output()
	if err != nil {
		return nil, fmt.Errorf("open the clone %s: %w", dir, explained(err))
	}
	c := &Clone{dir: strings.TrimSuffix(string(out), "\n")}
	tree, err := c.git(ctx, "hash-object", "-t", "tree", os.DevNull)
	if err != nil {
		return nil, err
	}
	c.empty = strings.TrimSpace(string(tree))
	c.blobs, err = c.cat(ctx)
	return c, err
}

// Close ends the process that reads files.
func (c *Clone) Close() error { return c.blobs.close() }

// git runs a command of git's, with nothing of the machine's own settings in
// it and no attributes of a work tree: those GitHub does not ask.
func (c *Clone) git(ctx context.Context, args ...string) ([]byte, error) {
	cmd := c.command(ctx, args...)
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %w", args[0], explained(err))
	}
	return out, nil
}

func (c *Clone) command(ctx context.Context, args ...string) *exec.Cmd {
	all := append([]string{"--git-dir=" + c.dir, "-c", "core.bare=true", "-c", "diff.suppressBlankEmpty=false", "-c", "core.attributesFile=" + os.DevNull}, args...)
	cmd := exec.CommandContext(ctx, "git", all...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "GIT_ATTR_NOSYSTEM=1", "GIT_NO_REPLACE_OBJECTS=1", "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	cmd.Dir = c.dir
	return cmd
}

// explained adds what git said.
func explained(err error) error {
	if e, ok := err.(*exec.ExitError); ok && len(e.Stderr) > 0 { //nolint:errorlint // it is returned as it is
		line, _, _ := bytes.Cut(bytes.TrimSpace(e.Stderr), []byte("\n"))
		return fmt.Errorf("%w: %s", err, line)
	}
	return err
}

// Step is a commit of the first-parent line and what was before it.
type Step struct{ Before, After string }

// Steps of the line that ends with rev, oldest first; no more than the last
// most, all where it is 0. The first of all began with nothing.
func (c *Clone) Steps(ctx context.Context, rev string, most int) (steps []Step, err error) {
	args := []string{"rev-list", "--first-parent", "--parents", "--reverse"}
	if most > 0 {
		args = append(args, fmt.Sprintf("--max-count=%d", most))
	}
	out, err := c.git(ctx, append(args, "--end-of-options", rev, "--")...)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(out)) {
		ids := strings.Fields(line)
		s := Step{Before: c.empty, After: ids[0]}
		if len(ids) > 1 {
			s.Before = ids[1]
		}
		steps = append(steps, s)
	}
	return steps, nil
}
