package playground

import (
	"bytes"
	"net/http"
)

// frame is what every page of the playground has around it. A page of its own
// is a struct with a frame, a template that begins with "begin" and ends with
// "end", and a line in sites.
type frame struct {
	Title   string
	Path    string // of this page
	View    view
	Actors  []actor
	Scripts []string // beside tour.js
	Nav     []place
	Pace    pace
}

// place is a page to go to.
type place struct {
	Name, Path string
	Here       bool
}

// sites are the pages that stand in the head of each.
var sites = []place{
	{Name: "Tour", Path: "/"},
	{Name: "Pull request", Path: pullPath},
	{Name: "Chat", Path: "/chat"},
	{Name: "Metrics lab", Path: labPath},
	{Name: "Inspector", Path: inspectorPath},
	{Name: "Break it", Path: "/break-it"},
	{Name: "Gallery", Path: galleryPath},
}

// frame of a page at a path; site is the path in sites that it belongs to.
func (w *World) frame(r *http.Request, site, title string) frame {
	f := frame{Title: title, Path: r.URL.Path, View: w.viewOf(r), Actors: actors, Pace: w.pace()}
	f.View.At = f.Path
	for _, p := range sites {
		f.Nav = append(f.Nav, place{Name: p.Name, Path: f.View.address(p.Path, false), Here: p.Path == site})
	}
	if own := w.ownPages(); own != "" {
		f.Nav = append(f.Nav, place{Name: "The bot's own pages", Path: own})
	}
	return f
}

// Home is the tour, seen by the same person.
func (f frame) Home() string { return f.View.address("/", false) }

// render draws a page that begins with a frame, or says what is wrong with it:
// half a page would look like one.
func render(rw http.ResponseWriter, name string, data any) {
	var b bytes.Buffer
	if err := page.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Header().Set("Content-Security-Policy", policy)
	rw.Header().Set("Cache-Control", "no-store")
	_, _ = b.WriteTo(rw) // who hung up has no use for it
}
