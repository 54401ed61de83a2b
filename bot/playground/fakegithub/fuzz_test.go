package fakegithub_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// FuzzAPI: whatever a client with a good token sends is answered, in JSON.
func FuzzAPI(f *testing.F) {
	for _, seed := range [][3]string{
		{"GET", "/repos/acme/shop/compare/main...change-1", ""}, {"GET", "/repos/acme/shop/contents/?ref=pull/1/head", ""},
		{"POST", "/repos/acme/shop/check-runs", `{"name":"a","head_sha":"x","output":{"annotations":[{}]}}`},
		{"POST", "/repos/acme/shop/deployments", `{"ref":"main","payload":{"a":[1]},"required_contexts":null}`},
		{"PATCH", "/repos/acme/shop/issues/1", `{"state":"closed"}`}, {"GET", "/repos/acme/shop/pulls?per_page=-1&page=99999999999999999999", ""},
		{"GET", "/repositories/1001/activity?after=-5", ""}, {"POST", "/repos/acme/shop/issues/1/labels", `[1,"x"]`},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, method, path, body string) {
		u, err := url.ParseRequestURI(path)
		if err != nil || !strings.HasPrefix(path, "/") || strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || method == "" {
			return
		}
		s := fakegithub.New(fakegithub.Options{Now: func() time.Time { return start }})
		repo := s.AddRepo(shop, map[string]string{"a": "1\n"})
		if _, err := s.Open(shop, fakegithub.NewChange{Author: "ann", Title: "T", Files: map[string]string{"a": "2\n"}}); err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", strings.NewReader(body))
		r.Method, r.URL = method, u
		r.Header.Set("Authorization", "Bearer "+tokenOf(t, s, repo.Installation))
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, r)
		if rec.Code >= 500 || rec.Body.Len() > 0 && !json.Valid(rec.Body.Bytes()) {
			t.Errorf("%s %s: %d %s", method, path, rec.Code, rec.Body)
		}
	})
}
