package github

import (
	"bytes"
	"container/list"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Bounds of the answers that are remembered, in bytes. What one takes beside its
// body, headers most of all, is reckoned at rememberedBeside.
const (
	rememberedBeside = 4 << 10
	rememberedAll    = 16 << 20
	rememberedOne    = 1 << 20
)

// memory holds answers by installation and request, the least used forgotten
// first. It serves nothing by itself: GitHub is asked each time whether an
// answer is still what it was, and does not count a question that it answers
// with 304.
type memory struct {
	mu   sync.Mutex
	size int
	by   map[wanted]*list.Element
	used *list.List // of *keptAnswer, the latest first
}

func newMemory() *memory { return &memory{by: map[wanted]*list.Element{}, used: list.New()} }

// wanted is a request, whatever token it carries.
type wanted struct {
	installation int64
	url, accept  string
}

type keptAnswer struct {
	wanted
	header   http.Header
	body     []byte
	tag      string
	foretold bool // its tag was what we expect of GitHub
}

func (m *memory) get(w wanted) *keptAnswer {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.by[w]
	if !ok {
		return nil
	}
	m.used.MoveToFront(e)
	return e.Value.(*keptAnswer)
}

func (m *memory) put(k *keptAnswer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.by[k.wanted]; ok {
		m.drop(e)
	}
	m.by[k.wanted] = m.used.PushFront(k)
	for m.size += k.size(); m.size > rememberedAll; {
		m.drop(m.used.Back())
	}
}

func (m *memory) drop(e *list.Element) {
	k := m.used.Remove(e).(*keptAnswer)
	delete(m.by, k.wanted)
	m.size -= k.size()
}

func (k *keptAnswer) size() int { return len(k.body) + len(k.url) + rememberedBeside }

// conditional asks for what was read before only if it changed.
//
// GitHub's tags are of the token as well as of the answer, and a token holds an
// hour. They are, though nothing promises it, the SHA-256 of what the request
// accepts, its authorization and the answer; where that held for an answer,
// another token asks with the tag that it would be given. If it holds no more
// nothing is lost: the answer comes whole.
type conditional struct {
	next         http.RoundTripper
	installation int64
	memory       *memory
}

// RoundTrip implements http.RoundTripper.
func (c conditional) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet || c.installation == 0 || req.Header.Get("If-None-Match") != "" {
		return c.next.RoundTrip(req)
	}
	w := wanted{c.installation, req.URL.String(), req.Header.Get("Accept")}
	before := c.memory.get(w)
	if before != nil {
		req = req.Clone(req.Context())
		req.Header.Set("If-None-Match", before.asked(req))
	}
	resp, err := c.next.RoundTrip(req)
	switch {
	case err != nil:
		return nil, err
	case before != nil && resp.StatusCode == http.StatusNotModified:
		return before.again(resp), nil
	case resp.StatusCode == http.StatusOK && resp.Header.Get("ETag") != "":
		return c.keep(w, req, resp)
	}
	return resp, nil
}

// asked is the tag under which this request would be given the same answer.
func (k *keptAnswer) asked(req *http.Request) string {
	if k.foretold {
		return `W/"` + foretell(req, k.body) + `"`
	}
	return k.tag
}

func foretell(req *http.Request, body []byte) string {
	h := sha256.New()
	for _, of := range []string{"Accept", "Authorization"} {
		if v := req.Header.Get(of); v != "" {
			_, _ = io.WriteString(h, v+":")
		}
	}
	_, _ = h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// again is the answer as it was, with what is said of limits now.
func (k *keptAnswer) again(now *http.Response) *http.Response {
	_ = now.Body.Close()
	header := k.header.Clone()
	for name, v := range now.Header {
		if strings.HasPrefix(name, "X-Ratelimit-") || name == "Date" {
			header[name] = v
		}
	}
	r := *now
	r.Status, r.StatusCode, r.Header = "200 OK", http.StatusOK, header
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(k.body)), int64(len(k.body))
	return &r
}

// keep remembers an answer, unless it is large.
func (c conditional) keep(w wanted, req *http.Request, resp *http.Response) (*http.Response, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, rememberedOne+1))
	rest := resp.Body
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), failing{err}, rest), rest}
	if err != nil || len(body) > rememberedOne || endsFull(req, resp, body) {
		return resp, nil //nolint:nilerr // whoever reads it comes to the error
	}
	tag := resp.Header.Get("ETag")
	c.memory.put(&keptAnswer{
		wanted: w, header: resp.Header.Clone(), body: body, tag: tag,
		foretold: strings.Trim(strings.TrimPrefix(tag, "W/"), `"`) == foretell(req, body),
	})
	return resp, nil
}

// endsFull reports whether an answer is the last page of a list and full. That
// another follows by now stands in no body, so that the tag may stay what it was:
// such a page is read whole each time, unless the newest come first: one more shifts it.
func endsFull(req *http.Request, resp *http.Response, body []byte) bool {
	q := req.URL.Query()
	per, err := strconv.Atoi(q.Get("per_page"))
	return err == nil && q.Get("direction") != "desc" && !strings.Contains(resp.Header.Get("Link"), `rel="next"`) && items(body) >= per
}

// items of a page: GitHub's lists are arrays, or stand in an object beside a count.
func items(body []byte) (most int) {
	var list []json.RawMessage
	if json.Unmarshal(body, &list) == nil {
		return len(list)
	}
	var in map[string]json.RawMessage
	_ = json.Unmarshal(body, &in) // what is no list has no items
	for _, v := range in {
		if json.Unmarshal(v, &list) == nil {
			most = max(most, len(list))
		}
	}
	return most
}

// failing is what is read after an answer that broke off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}
