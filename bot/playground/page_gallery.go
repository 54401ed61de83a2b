package playground

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
)

const galleryPath = "/gallery"

type galleryShown struct {
	frame
	Groups  []groupShown
	Failed  string
	Making  bool
	Played  int
	Stories int
}

type groupShown struct {
	Name, Title, Means string
	Items              []itemShown
}

type itemShown struct {
	gallery.Item
	Mark string // of a check
	HTML template.HTML
}

// groups in words.
var groupWords = map[string][2]string{
	gallery.Checks:      {"Checks", "rows of the checks box on a pull request"},
	gallery.Comments:    {"Comments", "on pull requests and issues"},
	gallery.Messages:    {"Messages", "in chat, for a channel; buttons do nothing here"},
	gallery.Whispers:    {"Whispers", "in chat, for who asked alone"},
	gallery.Deployments: {"Deployments", "on GitHub's own list"},
	gallery.Pages:       {"Pages", "of the bot's own; each opens alone"},
}

func (w *World) showGallery(rw http.ResponseWriter, r *http.Request) {
	shown := galleryShown{frame: w.frame(r, galleryPath, "Gallery")}
	g, whole, err := w.gallery.look(r.Context())
	if err != nil {
		shown.Failed = err.Error()
	}
	if shown.Making, shown.Played, shown.Stories = !whole, g.Played, g.Stories; !whole {
		rw.Header().Set("Refresh", "2")
	}
	for _, name := range gallery.Groups() {
		group := groupShown{Name: name, Title: groupWords[name][0], Means: groupWords[name][1]}
		for _, item := range g.Items {
			if item.Group == name {
				group.Items = append(group.Items, draw(item))
			}
		}
		shown.Groups = append(shown.Groups, group)
	}
	render(rw, "gallery", shown)
}

func draw(i gallery.Item) itemShown {
	shown := itemShown{Item: i}
	switch e := i.Effect.(type) {
	case bot.SetCheck:
		shown.Title, shown.Mark = e.Name+": "+e.Title, look{}.Mark(fakegithub.CheckView{Status: e.Status, Conclusion: e.Conclusion})
		shown.HTML = markdown(fakegithub.Render(e.Summary))
	case bot.KeepComment:
		shown.HTML = markdown(fakegithub.Render(e.Body))
	case bot.KeepMessage:
		shown.HTML = blocksHTML(e.Text, e.Blocks)
	case bot.Whisper:
		shown.HTML = blocksHTML(e.Text, e.Blocks)
	case bot.MirrorRollout:
		shown.HTML = template.HTML("<p>" + markup(e.Environment+": "+e.State+". "+e.Description) + "</p>")
	}
	return shown
}

// blocksHTML draws blocks as slackHTML does; their buttons do nothing.
func blocksHTML(text string, blocks []bot.Block) template.HTML {
	if len(blocks) == 0 {
		return template.HTML("<p>" + markup(text) + "</p>")
	}
	var b strings.Builder
	for _, bl := range blocks {
		drawn := block{Type: string(bl.Kind), Text: textOf{bl.Text}}
		for _, f := range bl.Fields {
			drawn.Fields = append(drawn.Fields, textOf{f})
		}
		drawn.draw(&b)
		for _, button := range bl.Buttons {
			b.WriteString(`<button disabled>` + template.HTMLEscapeString(button.Label) + "</button> ")
		}
	}
	return template.HTML(b.String())
}

// showGalleryPage shows one of the bot's own pages as it is.
func (w *World) showGalleryPage(rw http.ResponseWriter, r *http.Request) {
	g, whole, _ := w.gallery.look(r.Context()) // why it failed stands on the gallery itself
	for _, i := range g.Items {
		if i.Page != "" && i.Name == r.PathValue("name") {
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			rw.Header().Set("Content-Security-Policy", policy)
			_, _ = rw.Write([]byte(i.Page)) // who hung up has no use for it
			return
		}
	}
	if !whole {
		rw.Header().Set("Refresh", "2")
		http.Error(rw, fmt.Sprintf("The gallery is being made: %d of %d stories were played. This page comes by itself.", g.Played, g.Stories), http.StatusServiceUnavailable)
		return
	}
	http.NotFound(rw, r)
}

func (w *World) showGalleryCSS(rw http.ResponseWriter, r *http.Request) {
	g, _, _ := w.gallery.look(r.Context()) // why it failed stands on the gallery itself
	if g.CSS == "" {
		http.NotFound(rw, r)
		return
	}
	rw.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = rw.Write([]byte(g.CSS)) // who hung up has no use for it
}
