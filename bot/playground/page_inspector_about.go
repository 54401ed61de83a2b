package playground

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// about is what somebody wants to see: all, or one pull request.
type about struct {
	names *regexp.Regexp // nil: all
	shas  []string
}

// about a pull request is what names it by its number, as people, addresses
// and payloads do, or by the commit at its head or of its merge.
func (w *World) about(number string) about {
	if number == "" {
		return about{}
	}
	a := about{names: regexp.MustCompile(`(?i)(?:#|/(?:pulls?|issues)/|"(?:number|issue_number|pull_number)":\s*)` + number + `(?:\D|$)`)}
	n, _ := strconv.Atoi(number) // a view's number is one
	for _, c := range w.GitHub.Changes(Repo) {
		if c.Number == n {
			a.shas = slices.DeleteFunc([]string{c.Head, c.MergeSHA}, func(s string) bool { return s == "" })
		}
	}
	return a
}

func (a about) in(text string) bool {
	return a.names == nil || a.names.MatchString(text) || slices.ContainsFunc(a.shas, func(s string) bool { return strings.Contains(text, s) })
}

// depth is how many of the bot's records are looked through for it.
func (a about) depth() int {
	if a.names == nil {
		return factRows + 1 // one more tells that there are more
	}
	return searched
}
