package playground

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// forms there are, by their path. What one does may change what is looked at.
func (w *World) forms() map[string]func(*http.Request, *view) error {
	asked := func(do func(*http.Request) error) func(*http.Request, *view) error {
		return func(r *http.Request, _ *view) error { return do(r) }
	}
	return map[string]func(*http.Request, *view) error{
		"/comment": asked(w.formComment), "/slack": asked(w.formSlack), "/merge": asked(w.formMerge), "/press": asked(w.formPress), "/press-check": asked(w.formPressCheck),
		"/knobs": asked(w.formKnobs), "/speed": asked(w.formSpeed), "/break-it": asked(w.formBreak),
		inspectorPath: asked(w.formInspector), "/tour": w.formTour,
	}
}

// form does what a form asks, then shows the page again. What cannot be done
// is a bad request, and the page says why.
func (w *World) form(do func(*http.Request, *view) error) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(rw, r.Body, 128<<10)
		err := r.ParseForm()
		v := w.viewOf(r)
		if err == nil {
			err = misnamed(r, v)
		}
		if err == nil {
			err = do(r, &v)
		}
		if err == nil {
			http.Redirect(rw, r, v.path(), http.StatusSeeOther)
			return
		}
		v.Problem = err.Error()
		again, err := http.NewRequestWithContext(r.Context(), http.MethodGet, v.path(), http.NoBody)
		if err != nil {
			http.Error(rw, v.Problem, http.StatusBadRequest)
			return
		}
		w.server.Handler.ServeHTTP(&refused{ResponseWriter: rw}, again)
	})
}

// refused is a page that answers a bad request.
type refused struct {
	http.ResponseWriter
	begun bool
}

// WriteHeader passes the page's own status over.
func (r *refused) WriteHeader(int) {
	if !r.begun {
		r.begun = true
		r.ResponseWriter.WriteHeader(http.StatusBadRequest)
	}
}

// Write shows the page.
func (r *refused) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusBadRequest)
	return r.ResponseWriter.Write(p)
}

// changeOf is the change that a form is about.
func changeOf(r *http.Request) (int, error) {
	n, err := strconv.Atoi(r.FormValue("change"))
	if err != nil {
		return 0, fmt.Errorf("which change? It must be a number, as 2, not %.40q", r.FormValue("change"))
	}
	return n, nil
}

func (w *World) formComment(r *http.Request) error {
	n, err := changeOf(r)
	if err != nil {
		return err
	}
	body := strings.TrimSpace(r.FormValue("body"))
	if body == "" {
		return errors.New("write something, for instance /deploy")
	}
	_, err = w.GitHub.Comment(Repo, n, w.viewOf(r).As, body)
	return err
}

// formMerge merges as GitHub would: not for those who may not write.
func (w *World) formMerge(r *http.Request) error {
	n, err := changeOf(r)
	if err != nil {
		return err
	}
	as := w.viewOf(r).As
	if as == stranger {
		return fmt.Errorf("%s may not merge: only those who may write in %s can", as, Repo)
	}
	_, err = w.GitHub.Merge(Repo, n, as)
	return err
}

func (w *World) formPress(r *http.Request) error {
	v := w.viewOf(r)
	return w.PressOn(r.Context(), v.As, v.Channel, r.FormValue("ts"), r.FormValue("verb"))
}

// formPressCheck presses a button beside a check of the change that is looked
// at.
func (w *World) formPressCheck(r *http.Request) error {
	n, err := changeOf(r)
	if err != nil {
		return err
	}
	c, err := w.GitHub.Change(Repo, n)
	if err != nil {
		return err
	}
	return w.GitHub.PressAction(Repo, c.Head, r.FormValue("check"), r.FormValue("label"), w.viewOf(r).As)
}
