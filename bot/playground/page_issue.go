package playground

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// issuePath is where GitHub has its issues.
const issuePath = "/" + Repo + "/issues/"

// issue is a plan item with a page of its own: what caused a change, and where
// production's answer comes to.
type issue struct {
	frame
	Issue fakegithub.IssueView
}

func (w *World) showIssue(rw http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		http.NotFound(rw, r)
		return
	}
	if _, err := w.GitHub.Change(Repo, n); err == nil {
		http.Redirect(rw, r, w.viewOf(r).address(pullPath+strconv.Itoa(n), false), http.StatusSeeOther)
		return
	}
	it, err := w.GitHub.Issue(Repo, n)
	if err != nil {
		http.NotFound(rw, r)
		return
	}
	render(rw, "issue", issue{frame: w.frame(r, pullPath, "#"+strconv.Itoa(n)+" "+it.Title), Issue: it})
}

// HTML is what the issue says, drawn.
func (p issue) HTML() string { return fakegithub.Render(p.Issue.Body) }

var closing = regexp.MustCompile(`(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?) #(\d+)\b`)

// closes are the issues that a change says it closes, in GitHub's words.
func (w *World) closes(c fakegithub.ChangeView) (list []fakegithub.IssueView) {
	for _, m := range closing.FindAllStringSubmatch(c.Body, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil || slices.ContainsFunc(list, func(it fakegithub.IssueView) bool { return it.Number == n }) {
			continue // no issue has a number so long; and one is named once
		}
		if it, err := w.GitHub.Issue(Repo, n); err == nil {
			list = append(list, it)
		}
	}
	return list
}

// Issue is where an issue's page is, seen by the same person.
func (l look) Issue(number int) string {
	return l.View.address(issuePath+strconv.Itoa(number), false)
}
