package lab

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// Handler answers /api/v1/query, /query_range and /series as Prometheus does.
func (l *Lab) Handler() http.Handler {
	mux := http.NewServeMux()
	for path, look := range map[string]func(*http.Request) (any, error){
		"/api/v1/query": l.query, "/api/v1/query_range": l.queryRange, "/api/v1/series": l.listSeries,
	} {
		h := func(rw http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(rw, r.Body, 64<<10)
			data, err := look(r)
			respond(rw, data, err)
		}
		mux.HandleFunc("GET "+path, h)
		mux.HandleFunc("POST "+path, h)
	}
	return mux
}

type result struct {
	Type   parser.ValueType `json:"resultType"`
	Result parser.Value     `json:"result"`
}

func (l *Lab) query(r *http.Request) (any, error) {
	at, err := moment(r.FormValue("time"), l.now())
	if err != nil {
		return nil, err
	}
	v, err := l.Instant(r.Context(), r.FormValue("query"), at)
	return of(v), err
}

func (l *Lab) queryRange(r *http.Request) (any, error) {
	from, err := moment(r.FormValue("start"), time.Time{})
	if err != nil {
		return nil, err
	}
	to, err := moment(r.FormValue("end"), time.Time{})
	if err != nil {
		return nil, err
	}
	step, err := span(r.FormValue("step"))
	if err != nil {
		return nil, err
	}
	v, err := l.Range(r.Context(), r.FormValue("query"), from, to, step)
	return of(v), err
}

func (l *Lab) listSeries(r *http.Request) (any, error) {
	now := l.now()
	from, err := moment(r.FormValue("start"), now.Add(-Kept))
	if err != nil {
		return nil, err
	}
	to, err := moment(r.FormValue("end"), now)
	if err != nil {
		return nil, err
	}
	if len(r.Form["match[]"]) == 0 {
		return nil, Mistake{Says: "no match[] parameter provided"}
	}
	all, seen := []labels.Labels{}, map[string]bool{}
	for _, selector := range r.Form["match[]"] {
		found, err := l.Series(r.Context(), selector, from, to)
		if err != nil {
			return nil, err
		}
		for _, ls := range found {
			if !seen[ls.String()] {
				seen[ls.String()], all = true, append(all, ls)
			}
		}
	}
	return all, nil
}

func of(v parser.Value) any {
	if v == nil {
		return nil
	}
	return result{v.Type(), v}
}

type answer struct {
	Status    string `json:"status"`
	Data      any    `json:"data,omitempty"`
	ErrorType string `json:"errorType,omitempty"`
	Error     string `json:"error,omitempty"`
}

// respond answers as Prometheus does: with its kinds of errors and statuses.
func respond(rw http.ResponseWriter, data any, err error) {
	body := answer{Status: "success", Data: data}
	status := http.StatusOK
	if err != nil {
		kind := "execution"
		status = http.StatusUnprocessableEntity
		switch {
		case errors.As(err, new(Mistake)):
			kind, status = "bad_data", http.StatusBadRequest
		case errors.As(err, new(promql.ErrQueryTimeout)):
			kind, status = "timeout", http.StatusServiceUnavailable
		case errors.As(err, new(promql.ErrQueryCanceled)):
			kind, status = "canceled", 499
		}
		body = answer{Status: "error", ErrorType: kind, Error: err.Error()}
	}
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_, _ = rw.Write(text) // who hung up has no use for it
}

// moment is Unix seconds with a fraction, or RFC 3339.
func moment(s string, otherwise time.Time) (time.Time, error) {
	if s == "" && !otherwise.IsZero() {
		return otherwise, nil
	}
	if v, err := strconv.ParseFloat(s, 64); err == nil && math.Abs(v) < 1e11 {
		return time.UnixMilli(int64(math.Round(v * 1000))).UTC(), nil
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t, nil
	}
	return time.Time{}, Mistake{Says: "cannot parse " + strconv.Quote(s) + " to a valid timestamp"}
}

// span is seconds with a fraction, or as Prometheus writes durations: 15s.
func span(s string) (time.Duration, error) {
	if v, err := strconv.ParseFloat(s, 64); err == nil && math.Abs(v) < 1e8 {
		return time.Duration(v * float64(time.Second)), nil
	}
	if d, err := model.ParseDuration(s); err == nil {
		return time.Duration(d), nil
	}
	return 0, Mistake{Says: "cannot parse " + strconv.Quote(s) + " to a valid duration"}
}
