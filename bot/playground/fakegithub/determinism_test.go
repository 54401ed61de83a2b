package fakegithub_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v4"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// tell plays one story and gives all that was said in it.
func tell(t *testing.T) []byte {
	t.Helper()
	var said bytes.Buffer
	s := fakegithub.New(fakegithub.Options{Now: func() time.Time { return start }, WebhookSecret: secret})
	bot := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		said.WriteString(r.Header.Get("X-GitHub-Delivery"))
		_, _ = said.ReadFrom(r.Body)
	}))
	defer bot.Close()
	s.SetURLs("", bot.URL)
	s.Record(&said)
	repo := s.AddRepo(shop, map[string]string{"a": "1\n", "b": "2\n", "c": "3\n"})
	n, err := s.Open(shop, fakegithub.NewChange{Author: "ann", Title: "T", Files: map[string]string{"a": "2\n", "b": "", "d": "4\n"}})
	if err != nil {
		t.Fatal(err)
	}
	v, _ := s.Change(shop, n)
	token := tokenOf(t, s, repo.Installation)
	for _, path := range []string{"/repos/acme/shop/pulls/1", "/repos/acme/shop/activity", "/repos/acme/shop/commits/" + v.Head} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
		r.Header.Set("Authorization", "Bearer "+token)
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
	if _, err := s.Merge(shop, n, "bob"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Deliver(context.Background()); err != nil {
		t.Fatal(err)
	}
	return said.Bytes()
}

func tokenOf(t *testing.T, s *fakegithub.Server, installation int64) string {
	t.Helper()
	app, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"iss": "1", "exp": start.Add(time.Minute).Unix()}).SignedString([]byte("any"))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/app/installations/7001/access_tokens", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+app)
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, r)
	var f struct{ Token string }
	if err := json.Unmarshal(rec.Body.Bytes(), &f); err != nil || f.Token == "" || installation != 7001 {
		t.Fatalf("no token: %s", rec.Body)
	}
	return f.Token
}

func TestTheSameStoryTwice(t *testing.T) {
	a, b := tell(t), tell(t)
	if !bytes.Equal(a, b) {
		t.Error("two runs differ")
	}
	if len(a) < 10000 {
		t.Errorf("only %d bytes were said", len(a))
	}
}
