package web

import (
	"net"
	"net/http"
	"strings"
)

// onlyHere answers those who address this server by its number or as
// localhost. A page of a stranger, open in the operator's browser, could have
// its own name point here and then read along; it cannot choose a number.
func onlyHere(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !byNumber(r.Host) {
			say(w, http.StatusMisdirectedRequest, "These pages are shown under an IP address or localhost only, so that no other site can read them through your browser.\nUse ssh -L or kubectl port-forward, and open http://localhost:PORT/.")
			return
		}
		h.ServeHTTP(w, r)
	})
}

func byNumber(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host) != nil
}
