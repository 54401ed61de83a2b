package clone

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Limits are what GitHub leaves out of its list of a change's files.
type Limits struct {
	Files       int // of a change
	FileLines   int // of a file's patch: a longer one is left out
	FileBytes   int
	AnswerLines int // of the patches in an answer: files after them have no patch, and 0 lines, unmarked
	AnswerBytes int
}

// GitHubs limits: what its page "Repository limits" says, and, of answers,
// what people found in them.
func GitHubs() Limits {
	return Limits{Files: 3000, FileLines: 20_000, FileBytes: 500_000, AnswerLines: 20_000, AnswerBytes: 1_000_000}
}

// GitHub is a server that lists the files of one change after the other.
type GitHub struct {
	Limits
	mu     sync.Mutex
	change Change
	asked  int
}

// Show makes it list another change.
func (g *GitHub) Show(ch Change) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.change, g.asked = ch, 0
}

// Asked is how often it was asked for files of the change.
func (g *GitHub) Asked() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.asked
}

func (g *GitHub) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "application/json")
	switch {
	case strings.HasSuffix(r.URL.Path, "/access_tokens"):
		rw.WriteHeader(http.StatusCreated)
		_, _ = rw.Write([]byte(`{"token":"ghs_of_a_clone","expires_at":"2099-01-01T00:00:00Z"}`))
	case strings.HasSuffix(r.URL.Path, "/files"):
		g.list(rw, r)
	default:
		http.Error(rw, `{"message":"Not Found"}`, http.StatusNotFound)
	}
}

type wireRow struct {
	Name     string  `json:"filename"`
	Previous string  `json:"previous_filename,omitempty"`
	Status   string  `json:"status"`
	Added    int     `json:"additions"`
	Deleted  int     `json:"deletions"`
	Changes  int     `json:"changes"`
	Contents string  `json:"contents_url"`
	Patch    *string `json:"patch,omitempty"`
}

func (g *GitHub) list(rw http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked++
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(r.URL.Query().Get(name)); err == nil && n > 0 {
			return n
		}
		return otherwise
	}
	size, page := min(100, number("per_page", 30)), number("page", 1)
	all := g.change.Rows[:min(g.Files, len(g.change.Rows))]
	from := min(len(all), (page-1)*size)
	to := min(len(all), from+size)
	if to < len(all) {
		rw.Header().Set("Link", fmt.Sprintf(`<https://api.github.com%s?per_page=%d&page=%d>; rel="next"`, r.URL.Path, size, page+1))
	}
	_ = json.NewEncoder(rw).Encode(g.answer(all[from:to]))
}

// answer writes rows until the answer has as many lines as it may have.
func (g *GitHub) answer(rows []Row) []wireRow {
	all, lines, size := []wireRow{}, 0, 0
	for _, r := range rows {
		w := wireRow{Name: r.Path, Previous: r.Previous, Status: r.status(), Contents: "https://api.github.com/repos/o/r/contents/x?ref=" + g.change.After}
		if lines < g.AnswerLines && size < g.AnswerBytes {
			w.Added, w.Deleted, w.Changes = r.Added, r.Deleted, r.Added+r.Deleted
			if n := strings.Count(r.Patch, "\n"); r.Patch != "" && n < g.FileLines && len(r.Patch) <= g.FileBytes {
				w.Patch, lines, size = &r.Patch, lines+n, size+len(r.Patch)
			} else {
				lines += w.Changes
			}
		}
		all = append(all, w)
	}
	return all
}

// status in GitHub's words.
func (r Row) status() string {
	switch {
	case r.Letter == 'A':
		return "added"
	case r.Letter == 'D':
		return "removed"
	case r.Letter == 'R':
		return "renamed"
	case r.old == r.young || r.Letter == 'T':
		return "changed"
	}
	return "modified"
}
