package web

import (
	"embed"
	"html/template"
	"io"
	"strconv"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

//go:embed assets/*.html
var templates embed.FS

//go:embed assets/page.css
var pageCSS string

// Style is the stylesheet of all pages, for who shows one elsewhere.
func Style() string { return pageCSS }

//go:embed assets/page.js
var pageJS string

// executor is a parsed template.
type executor interface {
	ExecuteTemplate(w io.Writer, name string, data any) error
}

func itoa(n int) string { return strconv.Itoa(n) }

// parsed is a page's template within the frame. The templates are ours: one
// that does not parse is a mistake that every test finds.
func parsed(file string) executor {
	return template.Must(template.New(file).Funcs(template.FuncMap{
		"passages": passages,
		"short":    func(s bot.SHA) string { return s.Short() },
		"clock":    clock, "iso": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"day": words.Moment, "for": words.For,
		"since":  func(now, at time.Time) string { return words.For(now.Sub(at)) },
		"change": changePath, "rollout": rolloutPath, "report": reportPath,
		"rows": rows, "plural": words.Plural, "limit": limit,
		"state": func(s deploy.State) said { return inWords(stateWord(s)) },
		"run":   func(r bot.CheckRun) said { return inWords(mood(r.Status, r.Conclusion)) },
	}).ParseFS(templates, "assets/frame.html", "assets/parts.html", "assets/"+file))
}

// clock is a moment with its seconds: what happened in a rollout lies close
// together.
func clock(t time.Time) string { return t.UTC().Format("2 Jan 15:04:05") }

// said is how something is, for a template: a mood has its colour and shape,
// the word says it to everybody.
type said struct{ Mood, Word string }

func inWords(mood, word string) said { return said{mood, word} }

// limit is where the odds of harm make a failure, as deploy shares the allowed
// error among the metrics that decide.
func limit(r deploy.Rollout) string {
	n := 0
	for _, m := range r.Watch.Metrics {
		if !m.Observe {
			n++
		}
	}
	if r.Watch.Judge.FalseBlame <= 0 || n == 0 {
		return "their limit"
	}
	return odds(float64(n) / r.Watch.Judge.FalseBlame)
}
