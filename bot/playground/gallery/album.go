package gallery

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Album takes in what one story did. Its methods may be called from several
// goroutines.
type Album struct {
	Story string
	mu    sync.Mutex
	items []Item
}

// Saw takes in an effect that followed from an act, if people see it.
func (a *Album) Saw(act string, e bot.Effect) {
	group := groupOf(e)
	if group == "" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.items = append(a.items, Item{Group: group, Story: a.Story, After: act, Effect: elsewhere(e)})
}

// Shown takes in a page as it was after an act, and where the bot has it.
func (a *Album) Shown(act, path, html string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	html = here.ReplaceAllString(html, example)
	a.items = append(a.items, Item{Group: Pages, Name: nameOf(kindOf(path), a.Story, html), Story: a.Story, After: act, Page: alone(html), Title: titleOf(html)})
}

// The pretend world listens on another port each time; the gallery is the
// same each time.
var here = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

const example = "https://shop.example"

// elsewhere is an effect without the addresses of this machine. One that
// cannot be written or read again stays as it is: a test would see it.
func elsewhere(e bot.Effect) bot.Effect {
	body, err := json.Marshal(e)
	if err != nil {
		return e
	}
	again, err := bot.DecodeEffect(e.Kind(), here.ReplaceAll(body, []byte(example)))
	if err != nil {
		return e
	}
	return again
}

func groupOf(e bot.Effect) string {
	switch e.(type) {
	case bot.SetCheck:
		return Checks
	case bot.KeepComment:
		return Comments
	case bot.KeepMessage:
		return Messages
	case bot.Whisper:
		return Whispers
	case bot.MirrorRollout:
		return Deployments
	}
	return ""
}

// Bind puts albums together, in their order: each wording is kept once, where
// it came first, however its numbers and commits differ.
func Bind(albums []*Album) (all []Item) {
	seen, count := map[string]bool{}, map[string]int{}
	for _, a := range albums {
		a.mu.Lock()
		for _, item := range a.items {
			key := item.Group + "\n" + wording(item)
			if seen[key] {
				continue
			}
			seen[key] = true
			name := item.Name
			if name == "" {
				name = item.Group
			}
			count[name]++
			if item.Name == "" || count[name] > 1 {
				item.Name = fmt.Sprintf("%s-%d", name, count[name])
			}
			all = append(all, item)
		}
		a.mu.Unlock()
	}
	return all
}

var (
	commits = regexp.MustCompile(`\b[0-9a-f]{7,40}\b`)
	numbers = regexp.MustCompile(`\d+(\.\d+)?`)
	folded  = regexp.MustCompile(`(?s)<details>.*?</details>`)
	rows    = regexp.MustCompile(`(?m)^\|.*\n?`)
	logins  = regexp.MustCompile(`@[a-z]+`)
)

// Open is what of a text is read at once: not what is folded, and not the rows
// of tables.
func Open(text string) string {
	return rows.ReplaceAllString(folded.ReplaceAllString(text, ""), "")
}

// wording is a text without what differs from one time to the next. Pages
// that differ in details show the same state: their title and what they say
// of it tell them apart.
func wording(i Item) string {
	text := i.Text()
	if i.Group == Pages {
		text = stateOf(i.Page)
	}
	text = commits.ReplaceAllString(Open(text), "C")
	text = logins.ReplaceAllString(text, "@somebody")
	return strings.Join(strings.Fields(numbers.ReplaceAllString(text, "N")), " ")
}
