// Package gallery holds what the bot says and shows, each wording once: checks,
// comments, messages, whispers, deployments and its own pages. No text in it is
// written by hand: the stories are played by the real handlers and what they do
// is kept; what is rare is said by bot/words itself. So it cannot drift.
//
//   - item.go   an item and its text
//   - album.go  what a story did, without repetitions
//   - rare.go   what no story tells of, said by bot/words about samples
//   - name.go   the lasting names of pages
//   - page.go   the bot's own pages, so that each opens alone
//   - rule.go     what every text must have
//   - refusal.go  and what a refusal must: number, rule, next step
package gallery

import (
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Groups of items, in the order in which they are shown.
const (
	Checks      = "checks"
	Comments    = "comments"
	Messages    = "messages"
	Whispers    = "whispers"
	Deployments = "deployments"
	Pages       = "pages"
)

// Groups are all of them.
func Groups() []string { return []string{Checks, Comments, Messages, Whispers, Deployments, Pages} }

// Item is one thing that people see.
type Item struct {
	Group  string
	Name   string     // unique: "checks-3"; a page's lasts: "home-red-main-…"
	Story  string     // where it comes from: "who_may"
	After  string     // what happened just before, in the story's words
	Effect bot.Effect // nil for a page
	Page   string     // HTML
	Title  string     // of the page
}

// Text is what a person reads of it, without HTML for a page and in Markdown
// or Slack's markup else.
func (i Item) Text() string {
	switch e := i.Effect.(type) {
	case bot.SetCheck:
		text := fmt.Sprintf("%s: %s\n%s\n\n%s", e.Name, said(e), e.Title, e.Summary)
		for _, a := range e.Actions {
			text = strings.TrimSuffix(text, "\n") + fmt.Sprintf("\n[%s] %s", a.Label, a.About)
		}
		return text
	case bot.KeepComment:
		return e.Body
	case bot.KeepMessage:
		return blocksText(e.Text, e.Blocks)
	case bot.Whisper:
		return blocksText(e.Text, e.Blocks)
	case bot.MirrorRollout:
		return fmt.Sprintf("%s: %s\n%s", e.Environment, e.State, e.Description)
	}
	return visible(i.Page)
}

func said(e bot.SetCheck) string {
	if e.Conclusion != "" {
		return e.Conclusion
	}
	return e.Status
}

// blocksText are blocks line by line; the text stands for them in a
// notification, and alone where there are none.
func blocksText(text string, blocks []bot.Block) string {
	lines := []string{}
	for _, b := range blocks {
		if b.Text != "" {
			lines = append(lines, b.Text)
		}
		lines = append(lines, b.Fields...)
		for _, button := range b.Buttons {
			lines = append(lines, fmt.Sprintf("[%s] %s", button.Label, button.Confirm))
		}
	}
	if len(lines) == 0 {
		return text
	}
	return strings.Join(lines, "\n")
}
