package playground

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

const curlPath = inspectorPath + "/curl/"

// showCurl answers with a command line that sends again what was sent: a
// delivery, signed by the pretend secret, or a call, with $TOKEN for the token.
func (w *World) showCurl(rw http.ResponseWriter, r *http.Request) {
	line, ok := "", false
	switch id := r.PathValue("id"); r.PathValue("what") {
	case "delivery":
		line, ok = w.deliveryCurl(id)
	case "call":
		n, err := strconv.Atoi(id)
		line, ok = w.callCurl(n)
		ok = ok && err == nil
	}
	if !ok {
		http.NotFound(rw, r)
		return
	}
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	rw.Header().Set("Cache-Control", "no-store")
	_, _ = rw.Write([]byte(line)) // who hung up has no use for it
}

func (w *World) deliveryCurl(id string) (string, bool) {
	list := w.GitHub.Deliveries()
	i := slices.IndexFunc(list, func(d fakegithub.DeliveryView) bool { return d.ID == id })
	headers, ok := w.GitHub.HookHeaders(id)
	if i < 0 || !ok {
		return "", false
	}
	var args []string
	for name, value := range headers {
		args = append(args, "-H "+quoted(name+": "+value))
	}
	slices.Sort(args)
	return curl(http.MethodPost, w.URL+"/hooks/github", args, string(list[i].Body)), true
}

func (w *World) callCurl(n int) (string, bool) {
	list := w.Calls()
	i := slices.IndexFunc(list, func(c Call) bool { return c.N == n })
	if i < 0 || list[i].Request.Text == notKept {
		return "", false
	}
	c := list[i]
	line := curl(c.Method, w.URL+standIn(c.Peer)+c.Path, c.headers, c.Request.Text)
	if c.Request.More > 0 {
		line = fmt.Sprintf("# The last %d bytes of the body are not kept: this sends less than was sent.\n", c.Request.More) + line
	}
	if rest := strings.ReplaceAll(line, "$TOKEN", ""); strings.Contains(rest, redacted) {
		line = "# Put in what " + redacted + " stands for: it opens a door, and is not kept.\n" + line
	}
	return line, true
}

// standIn is the path of one, by its name.
func standIn(peer string) string {
	for path, name := range peerNames {
		if name == peer {
			return path
		}
	}
	return ""
}

// curl is a command line for a shell. Of a body's token, which was never kept,
// it makes the variable too.
func curl(method, url string, args []string, body string) string {
	lines := append([]string{"curl -i -g -X " + method + " " + quoted(url)}, args...)
	if body != "" {
		data := quoted(body)
		for _, secret := range []string{"token=" + redacted, `"token":"` + redacted + `"`} {
			data = strings.ReplaceAll(data, secret, strings.ReplaceAll(secret, redacted, `'"$TOKEN"'`))
		}
		lines = append(lines, "--data-raw "+data)
	}
	return strings.Join(lines, " \\\n  ") + "\n"
}

// quoted is one word of a shell, whatever stands in it.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// curlHeaders are the headers of a request, as arguments of curl: what says
// how it is to be read, and of what opens a door only that it was there.
func curlHeaders(r *http.Request) (args []string) {
	for _, name := range []string{"Accept", "Content-Type", "Idempotency-Key", "X-GitHub-Api-Version", "X-Roundtrip-Timestamp"} {
		if v := r.Header.Get(name); v != "" {
			args = append(args, "-H "+quoted(name+": "+secretless(v)))
		}
	}
	if kind, _, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && schemes[kind] {
		args = append(args, `-H "Authorization: `+kind+` $TOKEN"`)
	}
	if r.Header.Get("X-Roundtrip-Signature") != "" {
		args = append(args, `-H "X-Roundtrip-Signature: $SIGNATURE"`)
	}
	return args
}

// schemes of authorization; anything else might be part of a token.
var schemes = map[string]bool{"Bearer": true, "bearer": true, "token": true, "Basic": true}
