package fakegithub

import (
	"crypto/sha1" // what git names objects by
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// none is the SHA that stands for no commit.
const none = "0000000000000000000000000000000000000000"

func digest(format string, args ...any) string {
	sum := sha1.Sum(fmt.Appendf(nil, format, args...))
	return hex.EncodeToString(sum[:])
}

// blobSHA is git's own name of a content.
func blobSHA(content string) string { return digest("blob %d\x00%s", len(content), content) }

// treeSHA names a set of files: the same files have the same name.
func treeSHA(files map[string]string) string {
	var b strings.Builder
	for _, path := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&b, "%s %s\n", blobSHA(files[path]), path)
	}
	return digest("tree\n%s", b.String())
}

// commit makes a commit. Its turn is part of its SHA, so that doing the same
// thing twice makes two commits.
func (s *Server) commit(r *repo, author *user, message string, files map[string]string, parents ...*commit) *commit {
	s.ids["commit"]++
	c := &commit{
		turn: int(s.ids["commit"]), tree: treeSHA(files), parents: parents,
		author: author, message: message, at: s.now(), files: files,
	}
	names := make([]string, 0, len(parents))
	for _, p := range parents {
		names = append(names, p.sha)
	}
	c.sha = digest("commit %d\n%s\n%v\n%s\n%s", c.turn, c.tree, names, author.login, message)
	r.commits[c.sha] = c
	return c
}

// edited is the files with changes put in; "" deletes.
func edited(files, changes map[string]string) map[string]string {
	out := maps.Clone(files)
	if out == nil {
		out = map[string]string{}
	}
	for path, content := range changes {
		if content == "" {
			delete(out, path)
			continue
		}
		out[path] = content
	}
	return out
}

// merged is the files of onto with all that head changed since their common
// base. A file of which both changed the same lines is a conflict, and named.
func merged(onto, head *commit) (files map[string]string, conflict string) {
	base := map[string]string{}
	if b := mergeBase(onto, head); b != nil {
		base = b.files
	}
	return mergeFiles(base, onto.files, head.files)
}

// mergeFiles puts into one set of files what another changed against a base.
func mergeFiles(base, onto, head map[string]string) (files map[string]string, conflict string) {
	files = maps.Clone(onto)
	paths := map[string]bool{}
	for p := range base {
		paths[p] = true
	}
	for p := range head {
		paths[p] = true
	}
	for _, p := range slices.Sorted(maps.Keys(paths)) {
		was, had := base[p]
		theirs, have := head[p]
		ours, has := onto[p]
		switch {
		case had == have && was == theirs:
			continue // head did not touch it
		case (had != has || was != ours) && (has != have || ours != theirs):
			both, clean := merge3(was, ours, theirs)
			if !clean || !had || !has || !have {
				return nil, p
			}
			files[p] = both
		case have:
			files[p] = theirs
		default:
			delete(files, p)
		}
	}
	return files, ""
}

// resolve finds the commit of a branch, a full reference, a change's head or a
// SHA, also one cut short.
func (r *repo) resolve(ref string) *commit {
	ref = strings.TrimPrefix(ref, "refs/")
	if sha, ok := r.branches[strings.TrimPrefix(ref, "heads/")]; ok {
		return r.commits[sha]
	}
	if sha, ok := r.branches[ref]; ok {
		return r.commits[sha]
	}
	var number int
	if n, _ := fmt.Sscanf(ref, "pull/%d/head", &number); n == 1 {
		if it := r.item(number); it != nil && it.change != nil {
			return it.change.head
		}
	}
	if c := r.commits[ref]; c != nil || len(ref) < 7 {
		return c
	}
	var found *commit
	for sha, c := range r.commits {
		if strings.HasPrefix(sha, ref) {
			if found != nil {
				return nil // ambiguous
			}
			found = c
		}
	}
	return found
}

// head is the newest commit of a branch; nil when there is no such branch.
func (r *repo) head(branch string) *commit { return r.commits[r.branches[branch]] }

func (r *repo) item(number int) *item {
	if number < 1 || number > len(r.items) {
		return nil
	}
	return r.items[number-1]
}
