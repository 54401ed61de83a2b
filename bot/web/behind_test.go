package web

import (
	"strings"
	"testing"
)

// TestHomeSaysThatWeAreBehind: how many deliveries are to be fetched, and since
// when and why GitHub cannot be asked; else nothing.
func TestHomeSaysThatWeAreBehind(t *testing.T) {
	for doc, want := range map[string][]string{
		`{"sweep":{"want":[{},{}]},"trouble":"no <b>route</b>","since":"` + began.Add(-3e12).Format("2006-01-02T15:04:05Z") + `"}`: {"2 deliveries that did not reach us", "has not said for 50 min", "no &lt;b&gt;route"},
		`{"unread":"GitHub lists too much"}`: {"GitHub lists too much"},
		`{"sweep":{"want":[{}]}}`:            {"1 delivery that did not reach us"},
		`{"known":"2026-03-09T16:00:00Z"}`:   nil,
		`{"sweep":{"pages":3},"fetched":7}`:  nil,
		`{"sweep":{"want":[]},"missed":1}`:   nil,
	} {
		s := &shelf{at: began, docs: map[string][]byte{"catch-up": []byte(doc)}}
		html := see(t, s, "/").Body.String()
		for _, w := range want {
			if !strings.Contains(html, w) {
				t.Errorf("%s: home does not say %q", doc, w)
			}
		}
		if want == nil {
			s.docs["compared/1"] = []byte(`{"repo":{"name":"acme/shop"},"trouble":"404","since":"` + began.Add(-3e12).Format("2006-01-02T15:04:05Z") + `"}`)
			s.docs["compared/2"] = []byte(`{"repo":{"name":"acme/tea"}}`)
			if also := see(t, s, "/").Body.String(); !strings.Contains(also, "<bdi>acme/shop</bdi> could not be compared with GitHub for 50 min") || strings.Contains(also, "<bdi>acme/tea</bdi> could") {
				t.Error("home does not say which repository could not be compared")
			}
		}
		if want == nil && strings.Contains(html, "What GitHub sent") {
			t.Errorf("%s: home says that we are behind", doc)
		}
	}
}
