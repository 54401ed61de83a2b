package github_test

import (
	"strings"
	"testing"
)

// What has no lines in a large answer is asked for again while lines are
// missing, and no longer: an image has none.
func TestFilesAreListedWithTheirLines(t *testing.T) {
	large, image := file{"modified", 15000}, file{"added", -1}
	for name, c := range map[string]struct {
		files        []file
		total, lines int
		calls        int
	}{
		"all written":               {of(3, file{"modified", 10}), 30, 30, 1},
		"images, nothing missing":   {of(300, image), 0, 0, 3},
		"zeros after a large one":   {of(4, large), 60000, 60000, 3},
		"images behind large files": {append(of(3, large), of(40, image)...), 45000, 45000, 11},
		"more than can be asked":    {of(40, large), 600000, 300000, 13},
		"a list that is cut off":    {of(3000, file{"modified", 1}), 4000, 3000, 30},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			lists(w, c.files, shaA)
			files, ok, err := w.client(t).ChangedFiles(ctx, change, shaA, c.total)
			noErr(t, err)
			sum := 0
			for _, f := range files {
				sum += f.Lines()
			}
			if !ok || sum != c.lines || len(files) != len(c.files) || len(w.calls) != c.calls {
				t.Errorf("%t: %d lines of %d files in %d requests", ok, sum, len(files), len(w.calls))
			}
		})
	}
}

func TestFilesOfAnotherHead(t *testing.T) {
	w := newWorld(t)
	lists(w, of(2, file{"modified", 3}), shaB)
	if files, ok, err := w.client(t).ChangedFiles(ctx, change, shaA, 6); ok || err != nil || files != nil {
		t.Errorf("%+v, %t, %v", files, ok, err)
	}
}

func TestFilesAsGitHubTellsThem(t *testing.T) {
	w := newWorld(t)
	w.on("GET /repos/acme/shop/pulls/12/files", 200, `[{"filename":"b.go","previous_filename":"a.go","status":"renamed","additions":2,"deletions":1,"patch":"@@ -1 +1,2 @@","contents_url":"https://x/contents/b.go?ref=`+shaA+`"}]`)
	files, ok, err := w.client(t).ChangedFiles(ctx, change, shaA, 3)
	noErr(t, err)
	if f := files[0]; !ok || f.Path != "b.go" || f.Previous != "a.go" || f.Status != "renamed" || f.Added != 2 || f.Deleted != 1 || f.Patch != "@@ -1 +1,2 @@" {
		t.Errorf("%+v", f)
	}
}

// Files of a commit are whole where they have the lines that GitHub counts.
func TestCommitFiles(t *testing.T) {
	for body, want := range map[string]bool{
		`{"stats":{"additions":2,"deletions":1},"files":[{"filename":"a.go","status":"modified","additions":2,"deletions":1,"patch":"@@ -1 +1,2 @@\n-x\n+y\n+z"}]}`: true,
		`{"stats":{"additions":9,"deletions":1},"files":[{"filename":"a.go","status":"modified","additions":2,"deletions":1,"patch":"@@ -1 +1,2 @@\n-x\n+y\n+z"}]}`: false,
		`{"stats":{"additions":3,"deletions":0},"files":[` + strings.Repeat(`{"filename":"a.go","status":"renamed"},`, 299) + `{"filename":"a.go","additions":3}]}`: false,
	} {
		w := newWorld(t)
		w.on("GET /repos/acme/shop/commits/"+shaA, 200, body)
		files, whole, err := w.client(t).CommitFiles(ctx, shop, shaA)
		if err != nil || whole != want || len(files) == 0 || want && files[0].Patch == "" {
			t.Errorf("whole: %t, %d files, %v", whole, len(files), err)
		}
	}
	w := newWorld(t)
	w.on("GET /repos/acme/shop/commits/"+shaA, 502, `{}`)
	if _, whole, err := w.client(t).CommitFiles(ctx, shop, shaA); err == nil || whole {
		t.Errorf("%t, %v", whole, err)
	}
}
