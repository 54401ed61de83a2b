package github

import (
	"context"
	"fmt"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// mostCloser is how many small answers are asked for beside the large ones.
const mostCloser = 12

// ChangedFiles are the files of a change at a head, as far as GitHub lists
// them. total are the lines that the change has; only where the files have
// fewer, those without any are asked for again in smaller answers, of which
// there are twelve at most: what is missing still, the caller sees by the sum.
// It reports false when the head is another by now. Errors: as for Lines,
// without bot.Permanent for what is too much.
func (c *Client) ChangedFiles(ctx context.Context, ref bot.ChangeRef, head bot.SHA, total int) (all []bot.ChangedFile, ok bool, err error) {
	briefly, cancel := context.WithTimeout(ctx, c.o.CountFor)
	defer cancel()
	files, err := c.files(briefly, ref)
	if err == nil {
		err = c.lookUntil(briefly, ref, files, total)
	}
	if err != nil && briefly.Err() != nil && ctx.Err() == nil {
		err = bot.Away{Who: "GitHub", Err: fmt.Errorf("list the files of %s: GitHub took longer than %v", ref, c.o.CountFor)}
	}
	if err != nil || slices.ContainsFunc(files, func(f wireFile) bool { return !f.of(head) }) {
		return nil, false, err
	}
	for _, f := range files {
		all = append(all, f.changed())
	}
	return all, true, nil
}

func (f wireFile) changed() bot.ChangedFile {
	c := bot.ChangedFile{Path: f.Name, Previous: f.Previous, Status: f.Status, Added: f.Added, Deleted: f.Deleted}
	if f.Patch != nil {
		c.Patch = *f.Patch
	}
	return c
}

// lookUntil asks again for what has no lines, in ever smaller answers, until
// nothing is missing or there is no more to ask.
func (c *Client) lookUntil(ctx context.Context, ref bot.ChangeRef, files []wireFile, total int) error {
	left, sizes := mostCloser, []int{20, 5, 1}
	for i, size := range sizes {
		if size > 1 && len(emptyPages(files, sizes[i+1])) <= left {
			continue // the smaller an answer, the less it leaves out
		}
		pages := emptyPages(files, size)
		for _, n := range pages[:min(left, len(pages))] {
			if linesOf(files) >= total {
				return nil
			}
			if err := c.lookAt(ctx, ref, files, n, size); err != nil {
				return err
			}
			left--
		}
	}
	return nil
}

func linesOf(files []wireFile) (n int) {
	for _, f := range files {
		n += f.Added + f.Deleted
	}
	return n
}

// emptyPages are those of so many files that have some without lines that
// might have lines.
func emptyPages(files []wireFile, size int) (numbers []int) {
	for i, f := range files {
		f.closer = false
		if n := i/size + 1; f.doubtful() && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	return numbers
}
