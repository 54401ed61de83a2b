package fakeprod

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Headers of the API.
const (
	HeaderTimestamp   = "X-Roundtrip-Timestamp"
	HeaderSignature   = "X-Roundtrip-Signature"
	HeaderIdempotency = "Idempotency-Key"
)

const (
	maxBody = 1 << 20         // bytes of a request
	maxAge  = 5 * time.Minute // of a signature, either way
)

// Sign is the signature of a request sent at stamp (Unix seconds) to an
// escaped path without query.
func Sign(secret, stamp, method, path string, body []byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	_, _ = m.Write([]byte(stamp + "." + method + "." + path + "."))
	_, _ = m.Write(body)
	return "v1=" + hex.EncodeToString(m.Sum(nil))
}

// ServeHTTP answers the API.
func (t *Target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", t.opts.Now().UTC().Format(http.TimeFormat)) // as every server does, by its own clock
	if t.take(&t.unavailable) {
		writeError(w, &refused{http.StatusServiceUnavailable, "the deploy target is not available"})
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		writeError(w, refuse(http.StatusRequestEntityTooLarge, "the body is larger than 1 MiB"))
		return
	}
	if refusal := t.authorized(r, body); refusal != nil {
		writeError(w, refusal)
		return
	}
	status, d, refusal := t.route(r, body)
	switch {
	case t.take(&t.lost):
		cut(w)
	case refusal != nil:
		writeError(w, refusal)
	default:
		writeJSON(w, status, d)
	}
}

// take uses up one of n and reports whether there was one.
func (t *Target) take(n *int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if *n <= 0 {
		return false
	}
	*n--
	return true
}

func (t *Target) authorized(r *http.Request, body []byte) *refused {
	no := refuse(http.StatusUnauthorized, "wrong signature")
	stamp := r.Header.Get(HeaderTimestamp)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return no
	}
	if age := t.opts.Now().Sub(time.Unix(seconds, 0)); age > maxAge || age < -maxAge {
		return refuse(http.StatusUnauthorized, "the timestamp is more than 5 minutes away")
	}
	want := Sign(t.opts.Secret, stamp, r.Method, sentPath(r), body)
	if t.opts.Secret == "" || !hmac.Equal([]byte(want), []byte(r.Header.Get(HeaderSignature))) {
		return no
	}
	if r.Method != http.MethodGet && r.Header.Get(HeaderIdempotency) == "" {
		return refuse(http.StatusUnprocessableEntity, "the Idempotency-Key is missing")
	}
	return nil
}

// sentPath is the path as the client sent it, also when a mux in between cut
// something off.
func sentPath(r *http.Request) string {
	if path, _, _ := strings.Cut(r.RequestURI, "?"); strings.HasPrefix(path, "/") {
		return path
	}
	return r.URL.EscapedPath()
}

// route finds the operation by the path: /deployments, /deployments/{key}, or
// /deployments/{key}/{verb}.
func (t *Target) route(r *http.Request, body []byte) (int, Deployment, *refused) {
	parts := strings.Split(strings.Trim(r.URL.EscapedPath(), "/"), "/")
	if parts[0] != "deployments" || len(parts) > 3 {
		return 0, Deployment{}, refuse(http.StatusNotFound, "no such path")
	}
	if len(parts) == 1 && r.Method == http.MethodPost {
		return t.serveStart(body)
	}
	op := operation(r.Method, parts)
	if op == "" {
		return 0, Deployment{}, refuse(http.StatusMethodNotAllowed, "no such operation")
	}
	key, err := url.PathUnescape(parts[1])
	if err != nil {
		return 0, Deployment{}, refuse(http.StatusNotFound, "no such path")
	}
	d, refusal := t.serveOne(op, key, body)
	return http.StatusOK, d, refusal
}

func operation(method string, parts []string) string {
	switch len(parts) {
	case 2:
		if method == http.MethodGet {
			return OpFind
		}
	case 3:
		switch method + " " + parts[2] {
		case "PUT weight":
			return OpWeight
		case "POST finish":
			return OpFinish
		case "POST abort":
			return OpAbort
		}
	}
	return ""
}

func (t *Target) serveStart(body []byte) (int, Deployment, *refused) {
	var o order
	if err := json.Unmarshal(body, &o); err != nil {
		return 0, Deployment{}, refuse(http.StatusUnprocessableEntity, "the body is not an order: %s", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	d, fresh, refusal := t.start(o)
	status := http.StatusOK
	if fresh {
		status = http.StatusAccepted
	}
	t.note(Call{Op: OpStart, Key: o.Key, What: o.Environment + " " + o.SHA, Fence: o.Fence, Status: status, Changed: fresh}, refusal)
	if refusal != nil {
		return 0, Deployment{}, refusal
	}
	return status, d.Deployment, nil
}

// ask is the body of the operations on a deployment.
type ask struct {
	Weight *int `json:"weight"`
	Fence  *int `json:"fence"`
}

func (t *Target) serveOne(op, key string, body []byte) (Deployment, *refused) {
	var a ask
	t.mu.Lock()
	defer t.mu.Unlock()
	var changed bool
	var refusal *refused
	if op != OpFind {
		if err := json.Unmarshal(body, &a); err != nil || a.Fence == nil || op == OpWeight && a.Weight == nil {
			return Deployment{}, refuse(http.StatusUnprocessableEntity, "the body must have a fence, and a weight for weight")
		}
	}
	d := t.deployments[key]
	if d == nil {
		refusal = refuse(http.StatusNotFound, "no deployment %q", key)
	} else {
		changed, refusal = t.carryOut(op, d, a)
	}
	fence := 0
	if a.Fence != nil {
		fence = *a.Fence
	}
	t.note(Call{Op: op, Key: key, Fence: fence, Status: http.StatusOK, Changed: changed}, refusal)
	if refusal != nil {
		return Deployment{}, refusal
	}
	return d.Deployment, nil
}

func (t *Target) carryOut(op string, d *deployment, a ask) (changed bool, r *refused) {
	t.settle(d.place)
	if op == OpFind {
		return false, nil
	}
	if r := d.place.fenced(*a.Fence); r != nil {
		return false, r
	}
	switch op {
	case OpWeight:
		return t.setWeight(d, *a.Weight)
	case OpFinish:
		return t.finish(d)
	}
	return t.abort(d)
}

func (t *Target) note(c Call, r *refused) {
	if r != nil {
		c.Status = r.status
	}
	c.At = t.opts.Now()
	t.calls = append(t.calls, c)
}

func writeError(w http.ResponseWriter, r *refused) {
	writeJSON(w, r.status, map[string]string{"error": r.reason})
}

// cut ends the connection without an answer; in process, where that is not
// possible, it answers as a proxy in between would.
func cut(w http.ResponseWriter) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_ = c.Close()
}
