package playground

import (
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"html":  func(s string) template.HTML { return template.HTML(s) },
	"slack": slackHTML, "buttons": buttonsOf,
	"emoji": func(name string) string { return emoji[name] },
}).Parse(pageHTML))

// emoji of GitHub's reactions.
var emoji = map[string]string{"eyes": "👀", "rocket": "🚀", "hooray": "🎉", "-1": "👎", "+1": "👍", "confused": "😕", "heart": "❤️", "laugh": "😄"}

// pages are for the person who looks; the bot asks for none of them.
func (w *World) pages(mux *http.ServeMux) {
	same := http.NewCrossOriginProtection()
	mux.HandleFunc("GET /{$}", w.show("page"))
	mux.HandleFunc("GET /now", w.show("now"))
	mux.HandleFunc("GET /page.css", text("text/css", pageCSS))
	mux.HandleFunc("GET /page.js", text("text/javascript", pageJS))
	for path, do := range map[string]func(*http.Request) error{
		"POST /comment": w.formComment, "POST /slack": w.formSlack, "POST /merge": w.formMerge, "POST /press": w.formPress,
	} {
		mux.Handle(path, same.Handler(w.form(do)))
	}
}

func text(kind, body string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", kind+"; charset=utf-8")
		_, _ = rw.Write([]byte(body)) // who hung up has no use for it
	}
}

// form does what a form asks, then shows the page again.
func (w *World) form(do func(*http.Request) error) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(rw, r.Body, 128<<10)
		back := "/?change=" + url.QueryEscape(r.FormValue("change"))
		if err := do(r); err != nil {
			back += "&problem=" + url.QueryEscape(err.Error())
		}
		http.Redirect(rw, r, back, http.StatusSeeOther)
	})
}

func (w *World) formComment(r *http.Request) error {
	n, err := strconv.Atoi(r.FormValue("change"))
	if err != nil {
		return fmt.Errorf("which change? %w", err)
	}
	body := strings.TrimSpace(r.FormValue("body"))
	if body == "" {
		return fmt.Errorf("write something, for instance /deploy")
	}
	_, err = w.GitHub.Comment(Repo, n, r.FormValue("as"), body)
	return err
}

func (w *World) formMerge(r *http.Request) error {
	n, err := strconv.Atoi(r.FormValue("change"))
	if err != nil {
		return fmt.Errorf("which change? %w", err)
	}
	_, err = w.GitHub.Merge(Repo, n, r.FormValue("as"))
	return err
}

func (w *World) formPress(r *http.Request) error {
	return w.PressOn(r.Context(), r.FormValue("as"), r.FormValue("channel"), r.FormValue("ts"), r.FormValue("verb"))
}

func (w *World) formSlack(r *http.Request) error {
	_, err := w.Say(r.Context(), r.FormValue("as"), r.FormValue("channel"), r.FormValue("text"))
	return err
}

// Say sends a slash command as a person: "/roundtrip status", with or without
// its first word.
func (w *World) Say(ctx context.Context, name, channel, line string) (fakeslack.Response, error) {
	line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "/roundtrip"))
	for _, p := range w.Slack.People() {
		if p.Name != name {
			continue
		}
		for _, c := range w.Slack.Channels() {
			if c.Name == strings.TrimPrefix(channel, "#") {
				return w.Slack.Command(ctx, p.ID, c.ID, "/roundtrip", line)
			}
		}
	}
	return fakeslack.Response{}, fmt.Errorf("there is no %s in #%s", name, strings.TrimPrefix(channel, "#"))
}

// look is all that the page shows.
type look struct {
	Changes  []fakegithub.ChangeView
	Change   fakegithub.ChangeView
	People   []string
	Channels []talk
	Running  []running
	Sent     int64 // requests of the shop's visitors
	Failed   int64
	Problem  string
}

type talk struct {
	Name     string
	Messages []fakeslack.Message
}

// running is what runs in an environment.
type running struct {
	Environment, Stable, Canary string
	Weight                      int
}

func (w *World) show(name string) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		l := w.look(r.FormValue("change"))
		l.Problem = r.FormValue("problem")
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		rw.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		_ = page.ExecuteTemplate(rw, name, l) // who hung up has no use for it
	}
}

func (w *World) look(change string) look {
	l := look{Changes: w.GitHub.Changes(Repo)}
	for _, c := range l.Changes {
		if strconv.Itoa(c.Number) == change || l.Change.Number == 0 {
			l.Change = c
		}
	}
	sums := w.Load.Sums()
	l.Sent, l.Failed = sums.Sent, sums.Failed
	for _, p := range people {
		l.People = append(l.People, p.name)
	}
	for _, c := range w.Slack.Channels() {
		l.Channels = append(l.Channels, talk{c.Name, w.messages(c)})
	}
	for _, name := range []string{Staging, Production} {
		if s := w.Prod.Shop(name); s != nil {
			l.Running = append(l.Running, runningIn(name, s))
		}
	}
	return l
}

func runningIn(name string, s *fakeprod.Shop) running {
	r := running{Environment: name, Stable: s.Stable().SHA()[:7], Weight: s.Weight()}
	if c := s.Canary(); c != nil {
		r.Canary = c.SHA()[:7]
	}
	return r
}
