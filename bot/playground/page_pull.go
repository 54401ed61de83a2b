package playground

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// pullPath is where GitHub has its changes; what the bot links to is there.
const pullPath = "/" + Repo + "/pull/"

// pull is a change with a page of its own.
type pull struct {
	look
	Tab   string // "", checks, files
	Tabs  []place
	Files []fileShown
}

// fileShown is what a change does to a file, line by line.
type fileShown struct {
	fakegithub.FileView
	Lines []lineShown
	More  int // lines that are not shown
}

type lineShown struct{ Class, Text string }

// linesShown of one file: enough to see what it is about.
const linesShown = 200

func (w *World) showPull(rw http.ResponseWriter, r *http.Request) {
	f := w.frame(r, pullPath, "Pull request")
	if n := r.PathValue("number"); n != "" {
		f.View.Change = n
	}
	p := pull{look: w.look(f), Tab: r.PathValue("tab")}
	if r.PathValue("number") != "" && p.View.Change != r.PathValue("number") {
		p.Change = fakegithub.ChangeView{} // there is none of this number
	}
	if n := p.Change.Number; n != 0 {
		p.Title = "#" + strconv.Itoa(n) + " " + p.Change.Title
	}
	for _, t := range []place{{Name: "Conversation"}, {Name: "Checks", Path: "/checks"}, {Name: "Files", Path: "/files"}} {
		own := pullPath + p.View.Change + t.Path
		p.Tabs = append(p.Tabs, place{Name: t.Name, Path: p.View.address(own, false), Here: strings.TrimPrefix(t.Path, "/") == p.Tab})
	}
	if p.Tab == "files" {
		p.Files = w.filesOf(p.Change.Number)
	}
	render(rw, "pull", p)
}

func (w *World) filesOf(number int) (list []fileShown) {
	files, err := w.GitHub.Files(Repo, number)
	if err != nil {
		return nil // the page says that there is no such change
	}
	for _, f := range files {
		one := fileShown{FileView: f}
		lines := strings.Split(f.Patch, "\n")
		one.More = max(0, len(lines)-linesShown)
		for _, line := range lines[:len(lines)-one.More] {
			one.Lines = append(one.Lines, lineShown{kindOf(line), line})
		}
		list = append(list, one)
	}
	return list
}

func kindOf(line string) string {
	switch {
	case strings.HasPrefix(line, "+"):
		return "plus"
	case strings.HasPrefix(line, "-"):
		return "minus"
	case strings.HasPrefix(line, "@@"):
		return "where"
	}
	return "same"
}

func (w *World) showChat(rw http.ResponseWriter, r *http.Request) {
	render(rw, "chat", w.look(w.frame(r, "/chat", "Chat")))
}
