package github

import "net/http"

// seen tells of each answer for which installation it was asked.
type seen struct {
	next         http.RoundTripper
	installation int64
	tell         func(installation int64, h http.Header)
}

// RoundTrip implements http.RoundTripper.
func (s seen) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := s.next.RoundTrip(req)
	if err == nil {
		s.tell(s.installation, resp.Header)
	}
	return resp, err
}

// seenFor is the way to GitHub on behalf of an installation; 0: the app itself.
func (c *Client) seenFor(installation int64) http.RoundTripper {
	base := plain{conditional{c.o.Transport, installation, c.memory}}
	if c.o.Seen == nil {
		return base
	}
	return seen{base, installation, c.o.Seen}
}
