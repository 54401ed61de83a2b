package fakegithub

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// noCommit is what GitHub says to a reference it cannot read.
func noCommit(ref string) answer { return unprocessable("No commit found for SHA: " + ref) }

func (s *Server) getCommit(c *call) answer {
	at := c.repo.resolve(c.PathValue("ref"))
	switch {
	case at == nil:
		return noCommit(c.PathValue("ref"))
	case c.wants("sha"):
		return answer{status: http.StatusOK, raw: []byte(at.sha)}
	}
	return ok(s.wireCommitFull(c.repo, at))
}

// listCommits is the history of a branch, newest first.
func (s *Server) listCommits(c *call) answer {
	q := c.URL.Query()
	ref := q.Get("sha")
	if ref == "" {
		ref = Main
	}
	at := c.repo.resolve(ref)
	if at == nil {
		return notFound()
	}
	since, _ := time.Parse(time.RFC3339, q.Get("since"))
	until, err := time.Parse(time.RFC3339, q.Get("until"))
	all := between(nil, at)
	slices.Reverse(all)
	all = slices.DeleteFunc(all, func(k *commit) bool { return k.at.Before(since) || err == nil && k.at.After(until) })
	return s.commitList(c, all)
}

func (s *Server) commitList(c *call, all []*commit) answer {
	from, to := s.page(c, len(all))
	list := []fields{}
	for _, k := range all[from:to] {
		list = append(list, s.wireCommit(c.repo, k))
	}
	return ok(list)
}

// listCommitPulls is the changes that a commit belongs to: whose head's
// history has it and their base's had not, or that it merged.
func (s *Server) listCommitPulls(c *call) answer {
	at := c.repo.commits[c.PathValue("commit_sha")]
	if at == nil {
		return noCommit(c.PathValue("commit_sha"))
	}
	var all []*item
	for _, it := range c.repo.items {
		if it.change != nil && (it.change.merged == at || slices.Contains(it.commits(), at)) {
			all = append(all, it)
		}
	}
	return s.changeList(c, all)
}

// compare is what head has and base has not. The first page alone lists files.
func (s *Server) compare(c *call) answer {
	from, to, found := strings.Cut(c.PathValue("basehead"), "...")
	base, head := c.repo.resolve(lastPart(from)), c.repo.resolve(lastPart(to))
	if !found || base == nil || head == nil {
		return notFound()
	}
	common := mergeBase(base, head)
	if common == nil {
		return refuse(http.StatusNotFound, fmt.Sprintf("No common ancestor between %s and %s.", from, to))
	}
	ahead, behind := between(base, head), between(head, base)
	status := "diverged"
	switch {
	case len(ahead) == 0 && len(behind) == 0:
		status = "identical"
	case len(behind) == 0:
		status = "ahead"
	case len(ahead) == 0:
		status = "behind"
	}
	own := fmt.Sprintf("/compare/%s...%s", from, to)
	page := s.site("/" + c.repo.full() + own)
	f := fields{
		"url": s.api(c.repo.path() + own), "html_url": page, "permalink_url": page, "diff_url": page + ".diff", "patch_url": page + ".patch",
		"base_commit": s.wireCommit(c.repo, base), "merge_base_commit": s.wireCommit(c.repo, common), "status": status,
		"ahead_by": len(ahead), "behind_by": len(behind), "total_commits": len(ahead),
	}
	first, last := s.page(c, len(ahead))
	list := []fields{}
	for _, k := range ahead[first:last] {
		list = append(list, s.wireCommit(c.repo, k))
	}
	f["commits"] = list
	if first == 0 {
		files := c.repo.diff(common, head)
		f["files"] = s.wireFiles(c.repo, head, files[:min(300, len(files))])
	}
	return ok(f)
}

// lastPart is the branch of "owner:branch".
func lastPart(ref string) string {
	_, branch, found := strings.Cut(ref, ":")
	if !found {
		return ref
	}
	return branch
}
