package fakeprod_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

const secret = "0123456789abcdef0123456789abcdef"

// target is a deploy target on a clock that stands, and its caller.
type target struct {
	*fakeprod.Target
	t   *testing.T
	now time.Time
}

func newTarget(t *testing.T) *target {
	t.Helper()
	x := &target{t: t, now: time.Date(2026, 10, 5, 9, 0, 0, 0, time.UTC)}
	var err error
	x.Target, err = fakeprod.NewTarget(fakeprod.Options{
		Now: func() time.Time { return x.now }, Secret: secret, StartUp: 3 * time.Second,
		Environments: []fakeprod.Environment{{Name: "staging", SHA: oldSHA}, {Name: "production", SHA: oldSHA, URL: "https://shop.example.com"}},
	})
	noErr(t, err)
	t.Cleanup(x.Close)
	return x
}

type fields = map[string]any

func order(key string, fence, weight int, sha string) fields {
	return fields{
		"key": key, "fence": fence, "repo": "acme/shop", "service": "shop", "environment": "production",
		"stage": "canary", "sha": sha, "stable_sha": oldSHA, "weight": weight, "params": fields{},
	}
}

// call signs and sends; the answer is the deployment, or what refused it.
func (x *target) call(method, path string, body any) (int, fakeprod.Deployment, string) {
	x.t.Helper()
	raw := []byte{}
	if body != nil {
		raw, _ = json.Marshal(body)
	}
	r := httptest.NewRequest(method, path, strings.NewReader(string(raw)))
	stamp := strconv.FormatInt(x.now.Unix(), 10)
	r.Header.Set(fakeprod.HeaderTimestamp, stamp)
	r.Header.Set(fakeprod.HeaderIdempotency, "some")
	r.Header.Set(fakeprod.HeaderSignature, fakeprod.Sign(secret, stamp, method, path, raw))
	w := httptest.NewRecorder()
	x.ServeHTTP(w, r)
	var d struct {
		fakeprod.Deployment
		Error string
	}
	_ = json.Unmarshal(w.Body.Bytes(), &d)
	return w.Code, d.Deployment, d.Error
}

// want checks the status and the state of a call.
func (x *target) want(status int, state, method, path string, body any) fakeprod.Deployment {
	x.t.Helper()
	code, d, refusal := x.call(method, path, body)
	if code != status || d.State != state {
		x.t.Errorf("%s %s: %d %q (%s), want %d %q", method, path, code, d.State, refusal, status, state)
	}
	return d
}

func at(key string, verb ...string) string {
	return "/deployments/" + strings.Join(append([]string{url.PathEscape(key)}, verb...), "/")
}

func TestACanaryGrowsAndBecomesStable(t *testing.T) {
	x := newTarget(t)
	const key = "42/7/shop/production/1"
	x.want(202, "running", "POST", "/deployments", order(key, 1, 5, newSHA))
	x.want(409, "", "PUT", at(key, "weight"), fields{"weight": 25, "fence": 1})
	if x.Shop("production").Canary() != nil {
		t.Error("it runs before it has started")
	}
	x.now = x.now.Add(3 * time.Second)
	if d := x.want(200, "placed", "GET", at(key), nil); d.Weight != 5 || d.SHA != newSHA || d.URL == "" {
		t.Errorf("placed: %+v", d)
	}
	for range 2 {
		x.want(200, "placed", "PUT", at(key, "weight"), fields{"weight": 25, "fence": 1})
	}
	if got := x.Shop("production").Weight(); got != 25 {
		t.Errorf("the router has %d %%", got)
	}
	for range 2 {
		x.want(200, "finished", "POST", at(key, "finish"), fields{"fence": 1})
	}
	x.want(409, "", "POST", at(key, "abort"), fields{"fence": 1})
	if x.Shop("production").Stable().SHA() != newSHA || x.Shop("staging").Stable().SHA() != oldSHA {
		t.Error("the wrong version is stable")
	}
	for op, want := range map[string][2]int{"start": {1, 1}, "weight": {3, 1}, "finish": {2, 1}, "abort": {1, 0}} {
		if asked, changed := x.Count(op, key); asked != want[0] || changed != want[1] {
			t.Errorf("%s: asked %d, changed %d, want %v", op, asked, changed, want)
		}
	}
}

func TestTheSameKeyStartsOnce(t *testing.T) {
	x := newTarget(t)
	x.LoseAnswers(1)
	if code, _, _ := x.call("POST", "/deployments", order("k", 1, 5, newSHA)); code/100 == 2 {
		t.Errorf("the answer was not lost: %d", code)
	}
	x.want(200, "running", "POST", "/deployments", order("k", 1, 5, newSHA))
	x.now = x.now.Add(time.Minute)
	x.want(200, "placed", "POST", "/deployments", order("k", 1, 5, newSHA))
	x.want(422, "", "POST", "/deployments", order("k", 1, 50, newSHA))
	if asked, changed := x.Count("start", "k"); asked != 4 || changed != 1 {
		t.Errorf("asked %d, changed %d", asked, changed)
	}
}

func TestAnOlderFenceMovesNothing(t *testing.T) {
	x := newTarget(t)
	x.want(202, "running", "POST", "/deployments", order("first", 1, 5, newSHA))
	x.now = x.now.Add(time.Minute)
	x.want(202, "running", "POST", "/deployments", order("second", 2, 100, oldSHA))
	x.now = x.now.Add(time.Minute)
	x.want(200, "aborted", "GET", at("first"), nil)
	for verb, method := range map[string]string{"weight": "PUT", "finish": "POST", "abort": "POST"} {
		if code, _, refusal := x.call(method, at("first", verb), fields{"weight": 50, "fence": 1}); code != 409 || refusal != "fenced" {
			t.Errorf("%s: %d %s", verb, code, refusal)
		}
	}
	if code, _, refusal := x.call("POST", "/deployments", order("late", 1, 5, newSHA)); code != 409 || refusal != "fenced" {
		t.Errorf("start: %d %s", code, refusal)
	}
	x.want(200, "placed", "GET", at("second"), nil)
	staging := order("elsewhere", 1, 5, newSHA)
	staging["environment"] = "staging"
	x.want(202, "running", "POST", "/deployments", staging)
}

func TestTheNextStageTakesOverTheSameCanary(t *testing.T) {
	for verb, state := range map[string]string{"finish": "finished", "abort": "aborted"} {
		x := newTarget(t)
		x.want(202, "running", "POST", "/deployments", order("canary", 1, 50, newSHA))
		x.now = x.now.Add(time.Minute)
		x.want(200, "placed", "GET", at("canary"), nil)
		same := x.Shop("production").Canary()
		x.want(202, "running", "POST", "/deployments", order("production", 2, 100, newSHA))
		if w := x.Shop("production").Weight(); w != 50 {
			t.Errorf("weight %d while the next stage starts", w)
		}
		x.now = x.now.Add(time.Minute)
		x.want(200, "placed", "GET", at("production"), nil)
		if x.Shop("production").Canary() != same || x.Shop("production").Weight() != 100 {
			t.Error("the canary was not taken over")
		}
		x.want(409, "", "PUT", at("canary", "weight"), fields{"weight": 5, "fence": 2})
		x.want(200, state, "POST", at("production", verb), fields{"fence": 2})
		x.want(200, state, "GET", at("canary"), nil)
	}
}

func TestAFailedStartLeavesTheStableVersion(t *testing.T) {
	x := newTarget(t)
	x.FailNextStart("production", "the image is missing")
	x.want(202, "running", "POST", "/deployments", order("k", 1, 5, newSHA))
	x.now = x.now.Add(time.Minute)
	if d := x.want(200, "failed", "GET", at("k"), nil); d.Message != "the image is missing" {
		t.Errorf("message %q", d.Message)
	}
	x.want(409, "", "POST", at("k", "finish"), fields{"fence": 1})
	x.want(200, "aborted", "POST", at("k", "abort"), fields{"fence": 1})
	if x.Shop("production").Canary() != nil {
		t.Error("a failed version runs")
	}
	x.want(202, "running", "POST", "/deployments", order("k2", 2, 5, newSHA))
	x.want(200, "aborted", "POST", at("k2", "abort"), fields{"fence": 2})
	x.now = x.now.Add(time.Minute)
	if x.want(200, "aborted", "GET", at("k2"), nil); x.Shop("production").Canary() != nil {
		t.Error("aborted while it started, and started all the same")
	}
}

func TestTrafficMovesWithoutAnyoneAsking(t *testing.T) {
	x := newTarget(t)
	x.want(202, "running", "POST", "/deployments", order("k", 1, 100, newSHA))
	if got := ask(x.Shop("production"), "/").Header().Get("X-Version"); got != oldSHA {
		t.Errorf("%s answers while the new one starts", got)
	}
	x.now = x.now.Add(3 * time.Second)
	if got := ask(x.Shop("production"), "/").Header().Get("X-Version"); got != newSHA {
		t.Errorf("%s answers", got)
	}
}

func TestBadRequestsSayWhy(t *testing.T) {
	x := newTarget(t)
	with := func(change fields) fields { o := order("k", 1, 5, newSHA); maps.Copy(o, change); return o }
	for name, c := range map[string]struct {
		method, path string
		body         any
		status       int
	}{
		"no order":        {"POST", "/deployments", []int{1}, 422},
		"no key":          {"POST", "/deployments", with(fields{"key": ""}), 422},
		"no sha":          {"POST", "/deployments", with(fields{"sha": ""}), 422},
		"no weight":       {"POST", "/deployments", with(fields{"weight": nil}), 422},
		"weight 101":      {"POST", "/deployments", with(fields{"weight": 101}), 422},
		"negative fence":  {"POST", "/deployments", with(fields{"fence": -1}), 422},
		"no such place":   {"POST", "/deployments", with(fields{"environment": "moon"}), 422},
		"unknown key":     {"GET", at("nobody"), nil, 404},
		"unknown key, op": {"POST", at("nobody", "abort"), fields{"fence": 1}, 404},
		"no fence":        {"POST", at("nobody", "abort"), fields{}, 422},
		"unknown verb":    {"POST", at("nobody", "pause"), fields{"fence": 1}, 405},
		"unknown path":    {"GET", "/else", nil, 404},
	} {
		if code, _, refusal := x.call(c.method, c.path, c.body); code != c.status || refusal == "" {
			t.Errorf("%s: %d %q, want %d", name, code, refusal, c.status)
		}
	}
	x.Unavailable(2)
	for _, status := range []int{503, 503, 404} {
		if code, _, _ := x.call("GET", at("k"), nil); code != status {
			t.Errorf("%d, want %d", code, status)
		}
	}
}

func TestUnsignedRequestsAreRefused(t *testing.T) {
	x := newTarget(t)
	body, _ := json.Marshal(order("k", 1, 5, newSHA))
	stamp := strconv.FormatInt(x.now.Unix(), 10)
	stale := strconv.FormatInt(x.now.Add(-301*time.Second).Unix(), 10)
	early := strconv.FormatInt(x.now.Add(301*time.Second).Unix(), 10)
	good := fakeprod.Sign(secret, stamp, "POST", "/deployments", body)
	for name, c := range map[string]struct {
		stamp, signature, key string
		status                int
	}{
		"unsigned":      {stamp, "", "k", 401},
		"other secret":  {stamp, fakeprod.Sign("other", stamp, "POST", "/deployments", body), "k", 401},
		"other method":  {stamp, fakeprod.Sign(secret, stamp, "GET", "/deployments", body), "k", 401},
		"other path":    {stamp, fakeprod.Sign(secret, stamp, "POST", "/deployments/k", body), "k", 401},
		"other body":    {stamp, fakeprod.Sign(secret, stamp, "POST", "/deployments", nil), "k", 401},
		"other time":    {strconv.FormatInt(x.now.Unix()-1, 10), good, "k", 401},
		"stale":         {stale, fakeprod.Sign(secret, stale, "POST", "/deployments", body), "k", 401},
		"early":         {early, fakeprod.Sign(secret, early, "POST", "/deployments", body), "k", 401},
		"no time":       {"", fakeprod.Sign(secret, "", "POST", "/deployments", body), "k", 401},
		"no key header": {stamp, good, "", 422},
		"good":          {stamp, good, "k", 202},
	} {
		r := httptest.NewRequest("POST", "/deployments", strings.NewReader(string(body)))
		r.Header = http.Header{
			fakeprod.HeaderTimestamp: {c.stamp}, fakeprod.HeaderSignature: {c.signature}, fakeprod.HeaderIdempotency: {c.key},
		}
		w := httptest.NewRecorder()
		x.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s: %d, want %d", name, w.Code, c.status)
		}
	}
	if n := len(x.Calls()); n != 1 {
		t.Errorf("%d calls were heard", n)
	}
}
