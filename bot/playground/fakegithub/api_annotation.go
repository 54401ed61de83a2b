package fakegithub

import (
	"fmt"
	"strings"
)

// annotation is a remark on lines of a file. GitHub keeps all that a run was
// ever given: those of an update are appended.
type annotation struct {
	Path        *string `json:"path"`
	StartLine   *int    `json:"start_line"`
	EndLine     *int    `json:"end_line"`
	StartColumn *int    `json:"start_column"`
	EndColumn   *int    `json:"end_column"`
	Level       *string `json:"annotation_level"`
	Message     *string `json:"message"`
	Title       *string `json:"title"`
	Details     *string `json:"raw_details"`
}

// checkAnnotations refuses those that lack what GitHub asks for.
func checkAnnotations(list []annotation) *answer {
	for _, a := range list {
		var missing []string
		for _, need := range []struct {
			name  string
			given bool
		}{{"path", a.Path != nil}, {"start_line", a.StartLine != nil}, {"end_line", a.EndLine != nil}, {"annotation_level", a.Level != nil}, {"message", a.Message != nil}} {
			if !need.given {
				missing = append(missing, fmt.Sprintf("%q", need.name))
			}
		}
		switch {
		case len(missing) > 0:
			return refusing("Invalid request.\n\n" + strings.Join(missing, ", ") + " weren't supplied.")
		case *a.Level != "notice" && *a.Level != "warning" && *a.Level != "failure":
			return refusing("Invalid request.\n\nannotation_level is not one of notice, warning, failure.")
		case *a.StartLine < 1 || *a.EndLine < *a.StartLine, a.StartColumn != nil && *a.StartLine != *a.EndLine:
			return refusing("Invalid request.\n\nThe annotation's lines or columns are not a range.")
		}
	}
	return nil
}

func refusing(why string) *answer {
	a := unprocessable(why)
	return &a
}

func (s *Server) listAnnotations(c *call) answer {
	run := c.run()
	if run == nil {
		return notFound()
	}
	from, to := s.page(c, len(run.annotations))
	list := []fields{}
	for _, a := range run.annotations[from:to] {
		list = append(list, fields{
			"path": *a.Path, "blob_href": s.site(fmt.Sprintf("/%s/blob/%s/%s", run.suite.repo.full(), run.suite.head.sha, *a.Path)),
			"start_line": *a.StartLine, "end_line": *a.EndLine, "start_column": orNil(a.StartColumn), "end_column": orNil(a.EndColumn),
			"annotation_level": *a.Level, "message": *a.Message, "title": given(a.Title), "raw_details": given(a.Details),
		})
	}
	return ok(list)
}

func orNil(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}
