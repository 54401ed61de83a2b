package github

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
)

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

// failing is what is read after an answer that broke off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}
