package web

import (
	"net"
	"net/http"
	"strings"
)

// onlyHere answers those who address this server by its number, as localhost,
// or by the name that its operator gave it; empty: none. A page of a stranger, open in the operator's browser, could have
// its own name point here and then read along; it cannot choose a number, nor
// the operator's name.
func onlyHere(name string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host := hostOf(r.Host); !byNumber(host) && (name == "" || host != strings.ToLower(name)) {
			say(w, http.StatusMisdirectedRequest, "These pages are shown under an IP address or localhost only, or under pages_url, so that no other site can read them through your browser.\nUse ssh -L or kubectl port-forward, and open http://localhost:PORT/.")
			return
		}
		h.ServeHTTP(w, r)
	})
}

// hostOf an address, without its port.
func hostOf(hostport string) string {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

func byNumber(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host) != nil
}
