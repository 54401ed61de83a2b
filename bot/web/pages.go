package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Reader is what pages look through: they show what is known and change
// nothing. *store.Store is one.
type Reader interface {
	Now(ctx context.Context) (time.Time, error)
	Doc(ctx context.Context, key string, doc interface{ SetVersion(int) }) (bool, error)
	Keys(ctx context.Context, prefix string) ([]string, error)
	Facts(ctx context.Context, q bot.FactQuery) ([]bot.Fact, error)
	// Tasks of the outbox in a state, newest first, at most limit.
	Tasks(ctx context.Context, state string, limit int) ([]bot.Task, error)
	// TasksOf one kind and key, newest first, at most limit.
	TasksOf(ctx context.Context, kind, key string, limit int) ([]bot.Task, error)
	// Letters of the inbox in a state, newest first, at most limit.
	Letters(ctx context.Context, state string, limit int) ([]bot.Letter, error)
	// LettersBefore and TasksBefore are those of a state with a smaller Seq.
	LettersBefore(ctx context.Context, state string, before int64, limit int) ([]bot.Letter, error)
	TasksBefore(ctx context.Context, state string, before int64, limit int) ([]bot.Task, error)
	Count(ctx context.Context) (inbox, outbox map[string]int, err error)
}

// site serves the pages.
type site struct {
	read      Reader
	press     Presser // nil: there are no buttons
	pulse     pulse
	listeners atomic.Int32 // of /live
}

// sheets are the templates by their file. All handlers share them: to parse them
// takes longer than all else at a start.
var sheets = sync.OnceValue(func() map[string]executor {
	all := map[string]executor{}
	for _, p := range pages() {
		all[p.file] = parsed(p.file)
	}
	return all
})

// Pages makes the handler of the bot's own pages. They show titles of changes
// and ask nobody who they are: they belong on an address that strangers
// cannot reach. Name is another than its number under which they answer; empty:
// none. With a Presser, what waits or was given up has buttons.
func Pages(r Reader, name string, p Presser) http.Handler {
	s := &site{read: r, press: p}
	s.pulse.count = r.Count
	mux := http.NewServeMux()
	for _, p := range pages() {
		mux.HandleFunc("GET "+p.Path, s.show(p))
		if p.pressed {
			mux.Handle("POST "+p.Path, s.pressed(p))
		}
	}
	mux.HandleFunc("GET /live", s.live)
	mux.HandleFunc("GET /assets/page.css", asset("text/css", pageCSS))
	mux.HandleFunc("GET /assets/page.js", asset("text/javascript", pageJS))
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) { s.problem(w, r, errNoPage) })
	return guarded(strict(onlyHere(name, mux)))
}

// policy lets a page use what comes from here and nothing else; nobody may
// frame it.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func strict(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Referrer-Policy", "same-origin")
		h.ServeHTTP(w, r)
	})
}

func asset(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind+"; charset=utf-8")
		_, _ = w.Write([]byte(body)) // who hung up has no use for it
	}
}

// content is what a page has to show, or, with Type set, a file to be taken
// away, or, with To set, another page to go to.
type content struct {
	Title string
	Repo  bot.RepoName // that it is about; empty: several, or none
	View  any
	Type  string
	Body  string
	To    string
}

// shown is what the frame around a page knows.
type shown struct {
	content
	Path    string
	Now     time.Time
	Buttons bool // something can be pressed
}

// Ways are the pages that each page leads to.
func (s shown) Ways() []way {
	report := reportsPath
	if s.Repo != "" {
		report = reportPath(s.Repo)
	}
	return []way{{"Now", "/", s.Path == "/"}, {"Report", report, strings.HasPrefix(s.Path, reportsPath)}, {"Deliveries", "/deliveries", s.Path == "/deliveries"}}
}

// way is a page to go to from any other.
type way struct {
	Name, Path string
	Here       bool
}

// lookWithin bounds how long a page may read.
const lookWithin = 15 * time.Second

// show answers with a page.
func (s *site) show(p page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.page(w, r, p, reply{}) }
}

// page reads what a page needs and writes it when it is whole: a page that
// broke off half-way would look like a page on which little happens.
func (s *site) page(w http.ResponseWriter, r *http.Request, p page, said reply) {
	ctx, cancel := context.WithTimeout(r.Context(), lookWithin)
	defer cancel()
	now, err := s.read.Now(ctx)
	if err != nil {
		s.problem(w, r, err)
		return
	}
	a, err := p.look(look{ctx: ctx, read: s.read, now: now, memo: &memo{}, press: s.press != nil, said: said}, r)
	switch {
	case err != nil:
		s.problem(w, r, err)
	case a.To != "":
		http.Redirect(w, r, a.To, http.StatusSeeOther)
	case a.Type != "":
		asset(a.Type, a.Body)(w, r)
	default:
		write(w, said.status(), sheets()[p.file], shown{content: a, Path: r.URL.Path, Now: now, Buttons: s.press != nil})
	}
}

var (
	errNoPage = errors.New("there is no such page")
	noPage    = parsed("problem.html")
)

// problem says that there is nothing to show. What a database says of itself
// is not for a page.
func (s *site) problem(w http.ResponseWriter, r *http.Request, err error) {
	status, text := http.StatusInternalServerError, "What is known could not be read just now. The log of the server says more; try again in a moment."
	var wish wrongWish
	switch {
	case errors.Is(err, errNoPage):
		status, text = http.StatusNotFound, "Nothing is known under this address."
	case errors.As(err, &wish):
		status, text = http.StatusBadRequest, string(wish)
	}
	write(w, status, noPage, shown{content: content{Title: http.StatusText(status), View: text}, Path: r.URL.Path, Buttons: s.press != nil})
}

// wrongWish says what is wrong with an address, for whoever wrote it.
type wrongWish string

func (w wrongWish) Error() string { return string(w) }

func write(w http.ResponseWriter, status int, t executor, v shown) {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "frame", v); err != nil {
		http.Error(w, "the page could not be drawn", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(visible(b.Bytes())) // who hung up has no use for it
}
