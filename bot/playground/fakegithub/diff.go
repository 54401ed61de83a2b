package fakegithub

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// fileDiff is what happened to one file between two commits.
type fileDiff struct {
	path, was      string // was: the path before, of a renamed file
	status         string // added, removed, modified, renamed
	added, deleted int    // lines
	patch          string
	sha            string // of the new content, or of the old one of a removed file
}

// diff lists what changed between two sets of files, by path. A file that is
// moved as it is counts as renamed.
func diff(before, after map[string]string) []fileDiff {
	paths := map[string]string{}
	maps.Copy(paths, before)
	maps.Copy(paths, after)
	var list []fileDiff
	for _, p := range slices.Sorted(maps.Keys(paths)) {
		old, had := before[p]
		now, has := after[p]
		switch {
		case had && has && old == now:
		case had && has:
			list = append(list, diffFile(p, "modified", old, now))
		case has:
			list = append(list, diffFile(p, "added", "", now))
		default:
			list = append(list, diffFile(p, "removed", old, ""))
		}
	}
	return renames(list)
}

func diffFile(path, status, old, now string) fileDiff {
	d := fileDiff{path: path, status: status, sha: blobSHA(now)}
	if status == "removed" {
		d.sha = blobSHA(old)
	}
	edits := diffLines(lines(old), lines(now))
	for _, e := range edits {
		switch e.op {
		case '+':
			d.added++
		case '-':
			d.deleted++
		}
	}
	d.patch = patch(edits)
	return d
}

func renames(list []fileDiff) []fileDiff {
	gone := map[string]int{}
	for i, d := range list {
		if d.status == "removed" {
			gone[d.sha] = i
		}
	}
	taken := map[int]bool{}
	for i, d := range list {
		from, ok := gone[d.sha]
		if d.status != "added" || !ok || taken[from] {
			continue
		}
		taken[from] = true
		list[i] = fileDiff{path: d.path, was: list[from].path, status: "renamed", sha: d.sha}
	}
	var out []fileDiff
	for i, d := range list {
		if !taken[i] {
			out = append(out, d)
		}
	}
	return out
}

// patch is the edits as one unified hunk with three lines around them.
func patch(edits []edit) string {
	first := slices.IndexFunc(edits, func(e edit) bool { return e.op != ' ' })
	if first < 0 {
		return ""
	}
	last := len(edits)
	for last > 0 && edits[last-1].op == ' ' {
		last--
	}
	from, to := max(0, first-3), min(len(edits), last+3)
	var olds, news int
	var b strings.Builder
	for _, e := range edits[from:to] {
		if e.op != '+' {
			olds++
		}
		if e.op != '-' {
			news++
		}
		fmt.Fprintf(&b, "\n%c%s", e.op, strings.TrimSuffix(e.line, "\n"))
	}
	return fmt.Sprintf("@@ -%d,%d +%d,%d @@%s", start(from, olds), olds, start(from, news), news, b.String())
}

func start(from, count int) int {
	if count == 0 {
		return from
	}
	return from + 1
}
