package executor_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
	"github.com/roundtrip-bot/roundtrip/deploy/executor"
	"github.com/roundtrip-bot/roundtrip/deploy/executor/executortest"
)

const secret = "0123456789abcdef0123456789abcdef"

// world is a real deploy target behind real HTTP, on a clock that stands.
type world struct {
	target *fakeprod.Target
	mu     sync.Mutex
	now    time.Time
	url    string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	var err error
	w.target, err = fakeprod.NewTarget(fakeprod.Options{
		Now: w.Now, Secret: secret, StartUp: 3 * time.Second,
		Environments: []fakeprod.Environment{{Name: executortest.Environment, SHA: string(executortest.Old), URL: "https://shop.example.com"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.target.Close)
	s := httptest.NewServer(w.target)
	t.Cleanup(s.Close)
	w.url = s.URL
	return w
}

func (w *world) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) Settle() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(time.Minute)
}

func (w *world) FailNext(why string) { w.target.FailNextStart(executortest.Environment, why) }
func (w *world) Unavailable(n int)   { w.target.Unavailable(n) }
func (w *world) LoseAnswers(n int)   { w.target.LoseAnswers(n) }
func (w *world) shop() *fakeprod.Shop {
	return w.target.Shop(executortest.Environment)
}
func (w *world) Stable() bot.SHA { return bot.SHA(w.shop().Stable().SHA()) }
func (w *world) Canary() (bot.SHA, int) {
	if c := w.shop().Canary(); c != nil {
		return bot.SHA(c.SHA()), w.shop().Weight()
	}
	return "", 0
}
func (w *world) Started(key string) int {
	_, changed := w.target.Count(fakeprod.OpStart, key)
	return changed
}

// open makes an executor of the kind http.
func open(t *testing.T, e executor.Endpoint, now func() time.Time) executor.Executor {
	t.Helper()
	for _, k := range executor.Kinds() {
		if k.Name == "http" {
			x, err := k.New(e, executor.Options{Now: now})
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
	}
	t.Fatal("there is no http")
	return nil
}

// settling makes the target notice the time: a real one does by itself.
type settling struct{ *world }

func (w settling) Settle() {
	w.world.Settle()
	w.shop().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/healthz", nil))
}

func TestHTTPDoesWhatAnExecutorMust(t *testing.T) {
	executortest.Exercise(t, func(t *testing.T) (executor.Executor, executortest.World) {
		w := newWorld(t)
		return open(t, executor.Endpoint{URL: w.url, Secret: secret}, w.Now), settling{w}
	})
}

// answers is an executor whose target always answers the same.
func answers(t *testing.T, h http.HandlerFunc) executor.Executor {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return open(t, executor.Endpoint{URL: s.URL + "/base/", Secret: secret, Timeout: 2 * time.Second}, time.Now)
}

func reply(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func TestWhatAnswersMean(t *testing.T) {
	const permanent, later = "permanent", "later"
	known := `{"key":"7/42/shop/production/1","state":"placed","sha":"2222222222222222222222222222222222222222","weight":5}`
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
		says   string
	}{
		"done":                    {reply(200, known), "", ""},
		"a wrong secret":          {reply(401, `{"error":"wrong signature"}`), permanent, "secret differs, or the clocks"},
		"fenced":                  {reply(409, `{"error":"fenced"}`), permanent, "newer rollout"},
		"what the state excludes": {reply(409, `{"error":"it is\nfinished\u202e"}`), permanent, "409: it is finished"},
		"what says nothing":       {reply(422, `{"error":"`+strings.Repeat("x", 5000)+`"}`), permanent, "x…"},
		"a redirect":              {reply(302, "", "Location", "http://127.0.0.1:1/"), permanent, "redirects are not followed"},
		"not its path":            {reply(404, "<html>"), later, "is the address right"},
		"an unknown key":          {reply(404, `{"error":"no deployment"}`), permanent, "does not know it"},
		"a fault":                 {reply(500, `{"error":"oh"}`), later, "500: oh"},
		"busy":                    {reply(503, ""), later, "503"},
		"a sign-in page":          {reply(200, "<html>welcome</html>"), later, "not about this deployment"},
		"another deployment":      {reply(200, `{"key":"another","state":"placed"}`), later, "not about this deployment"},
		"an endless answer":       {reply(200, `{"key":"`+strings.Repeat("x", 300<<10)+`"}`), later, "too large"},
		"a cut answer":            {reply(200, known, "Content-Length", "9999"), later, "unexpected EOF"},
	} {
		x := answers(t, c.answer)
		err := x.Finish(t.Context(), executortest.Order(1, 1))
		got := ""
		switch {
		case errors.As(err, &bot.Permanent{}):
			got = permanent
		case err != nil:
			got = later
		}
		if got != c.want || err != nil && (!strings.Contains(err.Error(), c.says) || len(err.Error()) > 500 || strings.ContainsAny(err.Error(), "\n\u202e")) {
			t.Errorf("%s: %s: %v", name, got, err)
		}
	}
}

func TestA404MustComeFromTheTarget(t *testing.T) {
	o := executortest.Order(1, 1)
	for body, sure := range map[string]bool{`{"error":"no deployment"}`: true, "404 page not found": false, `{}`: false} {
		x := answers(t, reply(404, body))
		if found, err := x.Find(t.Context(), o); found || (err == nil) != sure {
			t.Errorf("find, %s: %v, %v", body, found, err)
		}
		if err := x.Abort(t.Context(), o); (err == nil) != sure {
			t.Errorf("abort, %s: %v", body, err)
		}
	}
}

func TestAnotherCommitUnderOurKeyIsNotFound(t *testing.T) {
	x := answers(t, reply(200, `{"key":"7/42/shop/production/1","state":"placed","sha":"3333333333333333333333333333333333333333"}`))
	if found, err := x.Find(t.Context(), executortest.Order(1, 1)); found || !errors.As(err, &bot.Permanent{}) {
		t.Errorf("found %v, %v", found, err)
	}
}

func TestBeingAskedToWait(t *testing.T) {
	for _, c := range []struct {
		status int
		after  string
		want   time.Duration
	}{{429, "7", 7 * time.Second}, {503, "30", 30 * time.Second}, {503, "9999999", 15 * time.Minute},
		{429, time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat), 0}, {503, "soon", -1}, {500, "7", -1}} {
		err := answers(t, reply(c.status, "", "Retry-After", c.after)).Start(t.Context(), executortest.Order(1, 1))
		var asked bot.RetryAfter
		if errors.As(err, &asked) != (c.want >= 0) || asked.After != max(0, c.want) {
			t.Errorf("%d after %s: %v", c.status, c.after, err)
		}
	}
}

func TestOnlyWhatIsUnderstoodIsObserved(t *testing.T) {
	const key = `{"key":"7/42/shop/production/1",`
	for body, ok := range map[string]bool{
		key + `"state":"placed","weight":5,"url":"https://shop.example.com/x"}`: true,
		key + `"state":"placed","weight":500}`:                                  false,
		key + `"state":"splendid","weight":5}`:                                  false,
		key + `"weight":5}`:                                                     false,
	} {
		if _, err := answers(t, reply(200, body)).Observe(t.Context(), executortest.Order(1, 1)); (err == nil) != ok {
			t.Errorf("%s: %v", body, err)
		}
	}
	for _, url := range []string{"javascript:alert(1)", "https://me:secret@shop.example.com", "//x", "::"} {
		o, err := answers(t, reply(200, key+`"state":"placed","url":"`+url+`"}`)).Observe(t.Context(), executortest.Order(1, 1))
		if err != nil || o.URL != "" {
			t.Errorf("%s: %+v, %v", url, o, err)
		}
	}
}

func TestTheSecretIsInNoError(t *testing.T) {
	s := httptest.NewServer(nil)
	s.Close()
	for _, address := range []string{s.URL, "http://169.254.169.254"} {
		x := open(t, executor.Endpoint{URL: address, Secret: secret, Timeout: time.Second}, time.Now)
		err := x.Start(t.Context(), executortest.Order(1, 1))
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%v", err)
		}
		if refused := errors.As(err, &bot.Permanent{}); refused != (address != s.URL) {
			t.Errorf("permanent: %v: %v", refused, err)
		}
	}
}

// TestTheWireIsAsDocumented pins what targets out there rely on.
func TestTheWireIsAsDocumented(t *testing.T) {
	var got []string
	x := answers(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.Method+" "+r.RequestURI+" "+r.Header.Get(fakeprod.HeaderIdempotency)+" "+string(body))
		stamp := r.Header.Get(fakeprod.HeaderTimestamp)
		if r.Header.Get(fakeprod.HeaderSignature) != fakeprod.Sign(secret, stamp, r.Method, r.RequestURI, body) {
			t.Errorf("%s is not signed well", r.RequestURI)
		}
		_, _ = w.Write([]byte(`{"key":"7/42/shop/production/1","state":"placed","sha":"2222222222222222222222222222222222222222"}`))
	})
	o, ctx := executortest.Order(1, 3), t.Context()
	_, err := x.Find(ctx, o)
	for _, err := range []error{err, x.Start(ctx, o), x.SetWeight(ctx, o), x.Finish(ctx, o), x.Abort(ctx, o)} {
		if err != nil {
			t.Error(err)
		}
	}
	const at, id = "/base/deployments", "7%2F42%2Fshop%2Fproduction%2F1"
	want := []string{
		"GET " + at + "/" + id + "  ",
		"POST " + at + " 7/42/shop/production/1/start " +
			`{"key":"7/42/shop/production/1","fence":3,"repo":{"id":42,"name":"acme/shop"},"service":"shop","environment":"production","stage":"canary",` +
			`"sha":"2222222222222222222222222222222222222222","stable_sha":"1111111111111111111111111111111111111111","weight":5,"params":{"size":"small"}}`,
		"PUT " + at + "/" + id + `/weight 7/42/shop/production/1/weight/5 {"weight":5,"fence":3}`,
		"POST " + at + "/" + id + `/finish 7/42/shop/production/1/finish {"fence":3}`,
		"POST " + at + "/" + id + `/abort 7/42/shop/production/1/abort {"fence":3}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
