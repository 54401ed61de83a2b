package github

import (
	"net/http"
	"strconv"
	"strings"
)

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
	most = elements(body, spaceEnd(body, 0))
	for m := range members(body, 0) {
		most = max(most, elements(body, m.value))
	}
	return most
}
