package gallery

import (
	"regexp"
	"strings"
)

var (
	stated  = regexp.MustCompile(`(?s)<p class="what">.*?</p>`)
	aside   = regexp.MustCompile(`(?s)<span class="soft">.*?</span>`) // for how long
	bold    = regexp.MustCompile(`(?s)<b>.*?</b>`)
	heading = regexp.MustCompile(`(?s)<h1\b.*?</h1>`)
	lasting = regexp.MustCompile(`[a-z]+`)
)

// mostNamed words of what a page says are in its name.
const mostNamed = 8

// kindOf a page, by where the bot has it.
func kindOf(path string) string {
	switch name, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/"); name {
	case "":
		return "home"
	case "changes":
		return "change"
	case "rollouts":
		return "rollout"
	case "deliveries":
		return "deliveries"
	case "report":
		return "report"
	}
	return "lost"
}

// nameOf a page lasts: its kind, the story, and the words of its state. No
// number, commit or time is in it, and pages that come before it change
// nothing.
func nameOf(kind, story, page string) string {
	said := visible(heading.FindString(page))
	for _, what := range stated.FindAllString(page, -1) {
		what = aside.ReplaceAllString(what, "")
		if word := bold.FindString(what); word != "" {
			what = word
		}
		said += " " + visible(what)
	}
	words := lasting.FindAllString(strings.ToLower(commits.ReplaceAllString(said, "")), mostNamed)
	return strings.Join(append([]string{kind, strings.ReplaceAll(story, "_", "-")}, words...), "-")
}
