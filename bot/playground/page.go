package playground

import (
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
)

//go:embed page*.html page.css tour.js chart.js copy.js body.js icon.svg
var assets embed.FS

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"html": markdown, "slack": slackHTML, "buttons": buttonsOf, "opener": opener, "link": linkTo,
	"inc":   func(n int) int { return n + 1 },
	"emoji": func(name string) string { return emoji[name] },
}).ParseFS(assets, "page*.html"))

// emoji of GitHub's reactions.
var emoji = map[string]string{"eyes": "👀", "rocket": "🚀", "hooray": "🎉", "-1": "👎", "+1": "👍", "confused": "😕", "heart": "❤️", "laugh": "😄"}

// Nothing on the page is by others, and nothing is written into it that runs.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// pages are for the person who looks; the bot asks for none of them.
func (w *World) pages(mux *http.ServeMux) {
	same := http.NewCrossOriginProtection()
	mux.HandleFunc("GET /{$}", w.show)
	mux.HandleFunc("GET "+pullPath+"{number}", w.showPull)
	mux.HandleFunc("GET "+pullPath+"{number}/{tab}", w.showPull)
	mux.HandleFunc("GET "+pullPath+"{$}", w.showPull)
	mux.HandleFunc("GET "+issuePath+"{number}", w.showIssue)
	mux.HandleFunc("GET "+runPath+"{id}", w.showRun)
	mux.HandleFunc("GET /chat", w.showChat)
	mux.HandleFunc("GET /series", w.showSeries)
	mux.HandleFunc("GET "+labPath, w.showLab)
	mux.Handle(promPath+"/", http.StripPrefix(promPath, w.lab.Handler()))
	mux.HandleFunc("GET /break-it", w.showBreak)
	mux.HandleFunc("GET "+inspectorPath, w.showInspector)
	mux.HandleFunc("GET "+inspectorPath+"/{tab}", w.showInspector)
	mux.HandleFunc("GET "+recordPath, w.showRecord)
	mux.HandleFunc("GET "+inspectorPath+"/{one}/{id}/{name}", w.showBody)
	mux.HandleFunc("GET "+curlPath+"{what}/{id}", w.showCurl)
	mux.HandleFunc("GET "+galleryPath, w.showGallery)
	mux.HandleFunc("GET "+galleryPath+"/page/{name}", w.showGalleryPage)
	mux.HandleFunc("GET "+gallery.AssetsPath+"page.css", w.showGalleryCSS)
	for path, kind := range map[string]string{"page.css": "text/css", "icon.svg": "image/svg+xml", "tour.js": "text/javascript", "chart.js": "text/javascript", "copy.js": "text/javascript", "body.js": "text/javascript"} {
		mux.HandleFunc("GET /"+path, asset(kind, path))
	}
	for path, do := range w.forms() {
		mux.Handle("POST "+path, same.Handler(w.form(do)))
	}
}

func asset(kind, name string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		body, err := assets.ReadFile(name)
		if err != nil {
			http.Error(rw, err.Error(), http.StatusInternalServerError)
			return
		}
		rw.Header().Set("Content-Type", kind+"; charset=utf-8")
		_, _ = rw.Write(body) // who hung up has no use for it
	}
}

func (w *World) show(rw http.ResponseWriter, r *http.Request) {
	f := w.frame(r, "/", "The tour")
	f.Scripts = []string{"chart.js"}
	render(rw, "page", w.look(f))
}

// view is what somebody looks at, and as whom. It stands in the address, so
// that two tabs may show two things.
type view struct {
	At                       string // path of the page
	Change, Channel, As, Act string
	About                    string // number of the pull request that the inspector is about
	Fill, Problem            string
}

func (w *World) viewOf(r *http.Request) view {
	v := view{At: back(r.PostFormValue("at")), Change: r.FormValue("change"), Channel: r.FormValue("channel"), As: r.FormValue("as"), Act: r.FormValue("act")}
	if r.Method == http.MethodGet {
		v.Fill, v.Problem = r.FormValue("fill"), r.FormValue("problem")
	}
	if n, err := strconv.Atoi(r.FormValue("about")); err == nil && n > 0 {
		v.About = strconv.Itoa(n)
	}
	if err := misnamed(r, v); err != nil && v.Problem == "" {
		v.Problem = err.Error()
	}
	if v.Channel == "" {
		v.Channel = "shop-deploys"
	}
	if roleOf(v.As) == "" {
		v.As = actors[0].Name
	}
	return v
}

// back is where a form came from: a path of this world and of no other.
func back(at string) string {
	if !strings.HasPrefix(at, "/") || strings.HasPrefix(at, "//") || strings.Contains(at, `\`) {
		return "/"
	}
	return at
}

func (v view) path() string { return v.address(v.At, true) }

// address of a page, seen by the same person who looks at the same things.
func (v view) address(path string, passing bool) string {
	q := url.Values{}
	all := map[string]string{"change": v.Change, "channel": v.Channel, "as": v.As, "act": v.Act}
	if strings.HasPrefix(path, inspectorPath) {
		all["about"] = v.About
	}
	if passing {
		all["fill"], all["problem"] = v.Fill, v.Problem
	}
	for name, value := range all {
		if value != "" {
			q.Set(name, value)
		}
	}
	return path + "?" + q.Encode()
}

// linkTo is the address of the same view with one thing changed.
func linkTo(v view, name, value string) string {
	v.Fill, v.Problem = "", ""
	switch name {
	case "change":
		v.Change = value
		if strings.HasPrefix(v.At, pullPath) {
			v.At = pullPath + value
		}
	case "channel":
		v.Channel = value
	case "as":
		v.As = value
	case "act":
		v.Act = value
	case "fill":
		v.Fill = value
	}
	return v.path()
}

// actor is somebody as whom the page may be used.
type actor struct{ Name, Role string }

var actors = []actor{{"alice", "developer"}, {"grace", "release manager"}, {stranger, "stranger"}}

// misnamed says what is wrong with who somebody wants to act as, and with what
// the inspector is to be about.
func misnamed(r *http.Request, v view) error {
	as, about := r.FormValue("as"), r.FormValue("about")
	if about != "" && v.About == "" {
		return fmt.Errorf("%.40q is no pull request's number, as 2 is", about)
	}
	if as == "" || roleOf(as) != "" {
		return nil
	}
	var names []string
	for _, a := range actors {
		names = append(names, a.Name)
	}
	return fmt.Errorf("nobody here is called %.40q: there are %s", as, strings.Join(names, ", "))
}

func roleOf(name string) string {
	for _, a := range actors {
		if a.Name == name {
			return a.Role
		}
	}
	return ""
}

// opener is how a command begins: what of its usage can be sent as it stands.
func opener(usage string) string {
	s, _, _ := strings.Cut(usage, " [")
	return s
}
