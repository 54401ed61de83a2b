package github_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
)

const (
	self  = "roundtrip-test[bot]"
	token = "ghs_0123456789abcdef0123456789abcdef0123"
	shaA  = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	shaB  = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

var (
	shop   = bot.RepoRef{Installation: 42, ID: 1296269, Name: "acme/shop"}
	change = bot.ChangeRef{Repo: shop, Number: 12}
	key    = sync.OnceValue(func() []byte {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(k)})
	})
)

// call is a request as it reached GitHub.
type call struct {
	Method, Path, Auth, Accept, Agent string
	Query                             map[string][]string
	Body                              string
}

func (c call) String() string { return c.Method + " " + c.Path }

func (c call) json(t *testing.T) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(c.Body), &m); err != nil {
		t.Fatalf("%s: %v in %q", c, err, c.Body)
	}
	return m
}

// world is a GitHub of a few handlers that remembers what it was asked.
type world struct {
	*http.ServeMux
	url   string
	mu    sync.Mutex
	calls []call
	mints []call
	after string // the state of a workflow's run after it was asked to run again
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{ServeMux: http.NewServeMux()}
	w.HandleFunc("POST /app/installations/{id}/access_tokens", func(rw http.ResponseWriter, _ *http.Request) {
		// A repository with a custom property of several values, as GitHub
		// sends it with every token.
		answer(rw, 201, `{"token":"`+token+`","expires_at":"2099-01-01T00:00:00Z","repositories":[{"id":1296269,"custom_properties":{"team":["a","b"]}}]}`)
	})
	w.HandleFunc("GET /app", func(rw http.ResponseWriter, _ *http.Request) { answer(rw, 200, `{"id":7,"slug":"roundtrip-test"}`) })
	w.url = serve(t, w)
	return w
}

func serve(t *testing.T, w *world) string {
	t.Helper()
	s := httptest.NewServer(w)
	t.Cleanup(s.Close)
	return s.URL
}

func answer(rw http.ResponseWriter, status int, body string) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(status)
	_, _ = io.WriteString(rw, body)
}

// on answers a pattern always the same.
func (w *world) on(pattern string, status int, body string) {
	w.HandleFunc(pattern, func(rw http.ResponseWriter, _ *http.Request) { answer(rw, status, body) })
}

// lists answers a pattern with pages, linked as GitHub links them.
func (w *world) lists(pattern string, pages ...string) { w.listsBy("page", pattern, pages...) }

// listsBy is lists with a cursor of another name.
func (w *world) listsBy(cursor, pattern string, pages ...string) {
	w.HandleFunc(pattern, func(rw http.ResponseWriter, r *http.Request) {
		n := 1
		_, _ = fmt.Sscan(r.URL.Query().Get(cursor), &n)
		if n < len(pages) {
			q := r.URL.Query()
			q.Set(cursor, fmt.Sprint(n+1))
			rw.Header().Set("Link", fmt.Sprintf(`<https://elsewhere.example%s?%s>; rel="next", <https://elsewhere.example/x>; rel="last"`, r.URL.Path, q.Encode()))
		}
		answer(rw, 200, pages[n-1])
	})
}

func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	c := call{
		Method: r.Method, Path: r.URL.EscapedPath(), Auth: r.Header.Get("Authorization"), Accept: r.Header.Get("Accept"),
		Agent: r.Header.Get("User-Agent"), Query: r.URL.Query(), Body: string(body),
	}
	w.mu.Lock()
	if strings.HasSuffix(c.Path, "/access_tokens") {
		w.mints = append(w.mints, c)
	} else {
		w.calls = append(w.calls, c)
	}
	w.mu.Unlock()
	w.ServeMux.ServeHTTP(rw, r)
}

// writes are the calls that were no reads.
func (w *world) writes() (found []call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.calls {
		if c.Method != "GET" {
			found = append(found, c)
		}
	}
	return found
}

func (w *world) client(t *testing.T) *github.Client { return newClient(t, w.url, nil) }

func newClient(t *testing.T, url string, transport http.RoundTripper) *github.Client {
	t.Helper()
	c, err := github.New(github.Options{
		APIURL: url, AppID: ourApp, PrivateKey: key(), Transport: transport, MarkKey: []byte("mark key"), Login: self, SetsOff: setsOff,
	})
	noErr(t, err)
	return c
}

func noErr(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func perform(t *testing.T, c *github.Client, job bot.Job) (bot.Receipt, error) {
	t.Helper()
	if job.Attempt == 0 {
		job.Attempt = 1
	}
	for _, p := range c.All() {
		if p.Kind() == job.Effect.Kind() {
			return p.Perform(context.Background(), job)
		}
	}
	t.Fatalf("nobody performs %s", job.Effect.Kind())
	return bot.Receipt{}, nil
}
