package github

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// wireFile is a file of a pull request.
type wireFile struct {
	Name     string  `json:"filename"`
	Previous string  `json:"previous_filename"`
	Status   string  `json:"status"`
	Added    int     `json:"additions"`
	Deleted  int     `json:"deletions"`
	Patch    *string `json:"patch"`
	Contents string  `json:"contents_url"` // names the commit
	closer   bool    // asked for in a small answer
}

// doubtful: GitHub writes 0 lines, unmarked, for what comes late in a large
// answer. A file that is only renamed has none indeed.
func (f wireFile) doubtful() bool {
	return !f.closer && f.Added+f.Deleted == 0 && f.Patch == nil && !slices.Contains([]string{"renamed", "copied", "unchanged"}, f.Status)
}

func (f wireFile) of(head bot.SHA) bool { return strings.HasSuffix(f.Contents, "ref="+string(head)) }

// mostFiles is where GitHub ends the list.
const mostFiles = 3000

// Lines are those of a change's files at a head, counted file by file. What
// has none in a large answer is asked for again in smaller ones: if it still
// has none it is binary, or has another mode. It reports false when GitHub
// does not say, as the head is another by now. Errors: bot.Permanent when
// there is too much to ask for, which no second try changes; bot.Away when it
// takes longer than Options.CountFor, while ctx lasts.
func (c *Client) Lines(ctx context.Context, ref bot.ChangeRef, head bot.SHA) (size bot.Size, ok bool, err error) {
	briefly, cancel := context.WithTimeout(ctx, c.o.CountFor)
	defer cancel()
	size, ok, err = c.lines(briefly, ref, head)
	if err != nil && briefly.Err() != nil && ctx.Err() == nil {
		err = bot.Away{Who: "GitHub", Err: fmt.Errorf("list the files of %s: GitHub took longer than %v", ref, c.o.CountFor)}
	}
	return size, ok, err
}

func (c *Client) lines(ctx context.Context, ref bot.ChangeRef, head bot.SHA) (size bot.Size, ok bool, err error) {
	files, err := c.files(ctx, ref)
	another := func(f wireFile) bool { return !f.of(head) }
	if err != nil || slices.ContainsFunc(files, another) {
		return size, false, err
	}
	if len(files) >= mostFiles {
		return size, false, bot.Permanent{Err: fmt.Errorf("GitHub lists no more than %d files of a change", mostFiles)}
	}
	if err := c.lookCloser(ctx, ref, files); err != nil || slices.ContainsFunc(files, another) {
		return size, false, err
	}
	for _, f := range files {
		size.Added, size.Deleted, size.Files = size.Added+f.Added, size.Deleted+f.Deleted, size.Files+1
	}
	return size, !slices.ContainsFunc(files, wireFile.doubtful), nil
}

func (c *Client) files(ctx context.Context, ref bot.ChangeRef) (files []wireFile, err error) {
	err = pages(ctx, c, ref.Repo, filesOf(ref), url.Values{}, func(list []wireFile) bool {
		files = append(files, list...)
		return len(files) < mostFiles
	})
	return files, readError(fmt.Sprintf("list the files of %s", ref), err)
}

func filesOf(ref bot.ChangeRef) string {
	return path(ref.Repo, "pulls", strconv.Itoa(ref.Number), "files")
}

// lookCloser asks again for the doubtful among the files, in answers as small
// as few requests allow.
func (c *Client) lookCloser(ctx context.Context, ref bot.ChangeRef, files []wireFile) error {
	const most = 12 // requests
	for _, size := range []int{1, 5, 20} {
		var numbers []int
		for i, f := range files {
			if n := i/size + 1; f.doubtful() && !slices.Contains(numbers, n) {
				numbers = append(numbers, n)
			}
		}
		if len(numbers) > most {
			continue
		}
		for _, n := range numbers {
			if err := c.lookAt(ctx, ref, files, n, size); err != nil {
				return err
			}
		}
		return nil
	}
	return bot.Permanent{Err: fmt.Errorf("too many binary files to look at: more than %d pages of %d files have some without lines", most, 20)}
}

// lookAt asks for one page of the files, and takes what is the same file.
func (c *Client) lookAt(ctx context.Context, ref bot.ChangeRef, files []wireFile, number, size int) error {
	q := url.Values{"per_page": {strconv.Itoa(size)}, "page": {strconv.Itoa(number)}}
	var page []wireFile
	if _, err := c.get(ctx, ref.Repo, filesOf(ref)+"?"+q.Encode(), &page); err != nil {
		return readError(fmt.Sprintf("list the files of %s", ref), err)
	}
	for i, f := range page {
		if at := (number-1)*size + i; at < len(files) && files[at].Name == f.Name {
			files[at], files[at].closer = f, true
		}
	}
	return nil
}
