package playground

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// pathOf a body: it needs what the rows were asked about to be found again.
func (row inspected) pathOf(body, about string) string {
	one, id, _ := strings.Cut(row.Key, "-")
	path := strings.Join([]string{inspectorPath, one, id, body}, "/")
	if about != "" {
		path += "?" + url.Values{"about": {about}}.Encode()
	}
	return path
}

// showBody answers with a body as text: of the script's, and of the link's.
func (w *World) showBody(rw http.ResponseWriter, r *http.Request) {
	b, ok, err := w.bodyOf(r)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusServiceUnavailable)
		return
	}
	if !ok {
		http.NotFound(rw, r)
		return
	}
	text := b.text()
	if b.more > 0 {
		text += fmt.Sprintf("\n%d bytes more are not shown.\n", b.more)
	}
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	rw.Header().Set("X-Content-Type-Options", "nosniff")
	rw.Header().Set("Cache-Control", "no-store")
	_, _ = rw.Write([]byte(text)) // who hung up has no use for it
}

func (w *World) bodyOf(r *http.Request) (b inspectedBody, ok bool, err error) {
	tabs := inspectorTabs()
	i := slices.IndexFunc(tabs, func(t inspectorTab) bool { return t.One == r.PathValue("one") })
	if i < 0 {
		return b, false, nil
	}
	rows, _, err := tabs[i].rows(w, r.Context(), w.about(w.viewOf(r).About))
	if err != nil {
		return b, false, err
	}
	key := r.PathValue("one") + "-" + r.PathValue("id")
	for _, row := range rows {
		for _, b := range row.Bodies {
			if row.Key == key && b.Name == r.PathValue("name") {
				return b, true, nil
			}
		}
	}
	return b, false, nil
}

// pretty is JSON in lines; what is none stays as it is.
func pretty(body []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, body, "", "  ") != nil {
		return string(body)
	}
	return b.String()
}
