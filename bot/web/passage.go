package web

import "strings"

// passage is a piece of what a check says: prose, or lines to paste.
type passage struct {
	Code bool
	Text string
}

// passages of a summary in Markdown: what stands between fences is to be
// pasted, and the fences are for nobody to read.
func passages(summary string) (list []passage) {
	for i, part := range strings.Split("\n"+strings.TrimSpace(summary)+"\n", "\n```") {
		code := i%2 == 1
		if code {
			_, part, _ = strings.Cut(part, "\n") // the language
		}
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, passage{Code: code, Text: part})
		}
	}
	return list
}
