package web

import "net/http"

// toldOfRefusals tells f when a delivery is answered with 500 or more: who sent
// it does not do so again by itself.
func toldOfRefusals(f func(), hook http.HandlerFunc) http.HandlerFunc {
	if f == nil {
		return hook
	}
	return func(w http.ResponseWriter, r *http.Request) {
		a := &answered{ResponseWriter: w}
		hook(a, r)
		if a.status >= http.StatusInternalServerError {
			f()
		}
	}
}

// answered remembers the status.
type answered struct {
	http.ResponseWriter
	status int
}

func (a *answered) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (a *answered) Unwrap() http.ResponseWriter { return a.ResponseWriter }
