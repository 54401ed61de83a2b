package web

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var update = flag.Bool("update", false, "write the golden files anew")

// shelf is a store that holds what a test puts there, as JSON, as the store
// does.
type shelf struct {
	at    time.Time
	docs  map[string][]byte
	facts []bot.Fact
	tasks []bot.Task   // oldest first
	lost  []bot.Letter // newest first
	err   error
}

func (s *shelf) Now(context.Context) (time.Time, error) { return s.at, s.err }

func (s *shelf) Doc(_ context.Context, key string, doc interface{ SetVersion(int) }) (bool, error) {
	body, ok := s.docs[key]
	if !ok || s.err != nil {
		return false, s.err
	}
	doc.SetVersion(1)
	return true, json.Unmarshal(body, doc)
}

func (s *shelf) Keys(_ context.Context, prefix string) (keys []string, err error) {
	for _, k := range slices.Sorted(maps.Keys(s.docs)) {
		if strings.HasPrefix(k, prefix) {
			keys = append(keys, k)
		}
	}
	return keys, s.err
}

func (s *shelf) Facts(_ context.Context, q bot.FactQuery) (facts []bot.Fact, err error) {
	for _, f := range s.facts {
		if (q.Repo.ID == 0 || q.Repo.Key() == f.Repo.Key()) && (len(q.Kinds) == 0 || slices.Contains(q.Kinds, f.Kind)) &&
			(q.Subject == "" || q.Subject == f.Subject) && !f.At.Before(q.From) && (q.To.IsZero() || f.At.Before(q.To)) {
			facts = append(facts, f)
		}
	}
	return facts, s.err
}

func (s *shelf) Tasks(_ context.Context, state string, limit int) ([]bot.Task, error) {
	return s.newest(limit, func(t bot.Task) bool { return state == "" || t.State == state })
}

func (s *shelf) TasksOf(_ context.Context, kind, key string, limit int) ([]bot.Task, error) {
	return s.newest(limit, func(t bot.Task) bool { return t.Kind == kind && t.Key == key })
}

func (s *shelf) newest(limit int, wanted func(bot.Task) bool) (tasks []bot.Task, err error) {
	for _, t := range slices.Backward(s.tasks) {
		if wanted(t) && len(tasks) < limit {
			tasks = append(tasks, t)
		}
	}
	return tasks, s.err
}

func (s *shelf) Letters(_ context.Context, state string, limit int) ([]bot.Letter, error) {
	if state != bot.LetterFailed {
		return nil, s.err
	}
	return s.lost[:min(limit, len(s.lost))], s.err
}

func (s *shelf) LettersBefore(_ context.Context, state string, before int64, limit int) (list []bot.Letter, err error) {
	for _, l := range s.lost {
		if l.State == state && l.Seq < before && len(list) < limit {
			list = append(list, l)
		}
	}
	return list, s.err
}

func (s *shelf) TasksBefore(_ context.Context, state string, before int64, limit int) ([]bot.Task, error) {
	return s.newest(limit, func(t bot.Task) bool { return t.State == state && t.Seq < before })
}

func (s *shelf) Count(context.Context) (inbox, outbox map[string]int, err error) {
	outbox = map[string]int{}
	for _, t := range s.tasks {
		outbox[t.State]++
	}
	return map[string]int{"done": len(s.facts), "failed": len(s.lost)}, outbox, s.err
}

// keep puts documents on the shelf.
func (s *shelf) keep(t *testing.T, docs ...bot.Doc) {
	t.Helper()
	for _, d := range docs {
		s.put(t, d.DocKey(), d)
	}
}

func (s *shelf) put(t *testing.T, key string, doc any) {
	t.Helper()
	body, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	if s.docs == nil {
		s.docs = map[string][]byte{}
	}
	s.docs[key] = body
}

// owe puts an effect into the outbox.
func (s *shelf) owe(t *testing.T, e bot.Effect, state, why string) {
	t.Helper()
	body, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	s.tasks = append(s.tasks, bot.Task{Seq: int64(len(s.tasks)), Kind: e.Kind(), Key: e.Key(), Body: body, State: state, Error: why, At: s.at.Add(-3 * time.Minute)})
}

// see fetches a page as the operator does.
func see(t *testing.T, s *shelf, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.Host = "127.0.0.1:8081"
	w := httptest.NewRecorder()
	Pages(s, "", nil).ServeHTTP(w, r)
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Content-Security-Policy": policy} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %s is %q", path, name, got)
		}
	}
	return w
}

// golden compares a page with what it was when somebody last looked at it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("..", "..", "testdata", "golden", "web", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: to accept it: go test ./bot/web -update\n%s", name, diff)
	}
}

func TestAnEmptyDatabase(t *testing.T) {
	s := &shelf{at: began}
	golden(t, "home_empty.html", see(t, s, "/").Body.String())
	for path, want := range map[string]int{
		"/": 200, "/changes/acme/shop/12": 404, "/rollouts/42/7/shop/production/1": 404, "/report/acme/shop": 404,
		"/changes/acme/shop/x": 404, "/nowhere": 404, "/assets/page.css": 200, "/assets/page.js": 200,
	} {
		if w := see(t, s, path); w.Code != want {
			t.Errorf("%s: status %d, want %d", path, w.Code, want)
		}
	}
}

// Where the database does not answer, no page says that little happens, and
// none says why it does not answer.
func TestABrokenDatabase(t *testing.T) {
	s := world(t)
	s.err = errors.New("postgres://secret@db is down")
	for _, path := range addresses {
		if w := see(t, s, path); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: status %d: %s", path, w.Code, w.Body)
		}
	}
}

func TestTheTableOfPages(t *testing.T) {
	s := world(t)
	besides(t, s)
	if len(addresses) != len(pages()) {
		t.Fatalf("%d pages have %d addresses in this test", len(pages()), len(addresses))
	}
	seen := map[string]bool{}
	for i, p := range pages() {
		if p.Title == "" || p.Doc == "" || seen[p.Path] || seen[p.Title] {
			t.Errorf("%s: title %q, doc %q, or it is there twice", p.Path, p.Title, p.Doc)
		}
		seen[p.Path], seen[p.Title] = true, true
		w := see(t, s, addresses[i])
		html := w.Body.String()
		if w.Code != http.StatusOK || strings.Contains(html, "<title> ·") || strings.Count(html, "<h1") != 1 || !strings.HasSuffix(html, "</html>\n") {
			t.Errorf("%s: status %d: %s", addresses[i], w.Code, html)
		}
	}
}

// Other names than numbers may belong to anybody.
func TestOnlyHere(t *testing.T) {
	for host, want := range map[string]int{
		"localhost:8081": 200, "127.0.0.1:8081": 200, "[::1]:8081": 200, "10.1.2.3": 200, "a.localhost:1": 200,
		"evil.example:8081": 421, "127.0.0.1.evil.example": 421, "": 421,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		Pages(world(t), "", nil).ServeHTTP(w, r)
		if w.Code != want || want != 200 && strings.Contains(w.Body.String(), "acme") {
			t.Errorf("%q: status %d, want %d", host, w.Code, want)
		}
	}
}

// TestUnderTheOperatorsName: the one name that was given, whatever its port.
func TestUnderTheOperatorsName(t *testing.T) {
	for host, want := range map[string]int{"Deploys.example.com": 200, "deploys.example.com:443": 200, "localhost": 200, "example.com": 421, "": 421} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		Pages(world(t), "deploys.example.com", nil).ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%q: status %d, want %d", host, w.Code, want)
		}
	}
}

// TestEachPageSaysWhetherItChangesAnything: where there is nothing to show, too.
func TestEachPageSaysWhetherItChangesAnything(t *testing.T) {
	s := boxes(t)
	for p, says := range map[Presser]bool{nil: true, s: false} {
		for _, path := range []string{"/", "/nowhere"} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			r.Host = "localhost"
			w := httptest.NewRecorder()
			Pages(s, "", p).ServeHTTP(w, r)
			if strings.Contains(w.Body.String(), "they change nothing") != says {
				t.Errorf("%s, buttons %v: %s", path, p != nil, w.Body)
			}
		}
	}
}

// Pages change nothing but where they have buttons.
func TestNothingCanBeDone(t *testing.T) {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
	r.Host = "localhost"
	w := httptest.NewRecorder()
	Pages(world(t), "", nil).ServeHTTP(w, r)
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("status %d", w.Code)
	}
}
