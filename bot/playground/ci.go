package playground

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Checks that the pretend CI runs on every push.
var ciChecks = []string{"build", "unit"}

// Report tells how a check ended, or that it runs, on the head of a change
// ("#1") or of a branch ("main"). An outcome is GitHub's word for it.
func (w *World) Report(check, where, outcome string) error {
	sha, err := w.head(where)
	if err != nil {
		return err
	}
	status := "completed"
	if outcome == "in_progress" {
		status, outcome = outcome, ""
	}
	_, err = w.GitHub.Check(Repo, sha, check, status, outcome)
	return err
}

func (w *World) head(where string) (string, error) {
	if !strings.HasPrefix(where, "#") {
		if sha := w.GitHub.Branch(Repo, where); sha != "" {
			return sha, nil
		}
		return "", fmt.Errorf("there is no branch %q", where)
	}
	var n int
	if _, err := fmt.Sscanf(where, "#%d", &n); err != nil {
		return "", fmt.Errorf("%q names no change", where)
	}
	c, err := w.GitHub.Change(Repo, n)
	if err != nil {
		return "", err
	}
	if c.Merged {
		return c.MergeSHA, nil
	}
	return c.Head, nil
}

// RunCI checks every new head of main and of open changes until ctx ends:
// each check takes a moment and passes, unless the tour broke it.
func (w *World) RunCI(ctx context.Context) {
	seen := map[string]bool{}
	for ctx.Err() == nil {
		for _, sha := range w.heads() {
			if !seen[sha] {
				seen[sha] = true
				go w.runCI(ctx, sha)
			}
		}
		select {
		case <-ctx.Done():
		case <-w.clock.After(300 * time.Millisecond):
		}
	}
}

func (w *World) heads() []string {
	heads := []string{w.GitHub.Branch(Repo, "main")}
	for _, c := range w.GitHub.Changes(Repo) {
		if c.State == "open" {
			heads = append(heads, c.Head)
		}
	}
	return heads
}

// runCI reports the checks of one commit. It can fail only when the commit is
// gone, and then nobody waits for it.
//
// It waits a second for its turn, as CI does: GitHub's times are in whole
// seconds, and a run that began in the second in which main broke would not
// count as one after it.
func (w *World) runCI(ctx context.Context, sha string) {
	w.clock.Wait(ctx, time.Second)
	for _, name := range ciChecks {
		_, _ = w.GitHub.Check(Repo, sha, name, "in_progress", "")
	}
	w.clock.Wait(ctx, 1500*time.Millisecond)
	for _, name := range ciChecks {
		_, _ = w.GitHub.Check(Repo, sha, name, "completed", w.outcome(name, sha))
	}
}
