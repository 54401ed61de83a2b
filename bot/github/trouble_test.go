package github_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
)

const mocked = "https://github.example.com/api/v3"

// trouble is a GitHub that does what a well-behaved server does not.
func trouble(t *testing.T) (*httpmock.MockTransport, *github.Client) {
	t.Helper()
	m := httpmock.NewMockTransport()
	mint(m, token)
	return m, newClient(t, mocked, m)
}

func mint(m *httpmock.MockTransport, tokens ...string) {
	n := 0
	m.RegisterResponder("POST", mocked+"/app/installations/42/access_tokens", func(*http.Request) (*http.Response, error) {
		tok := tokens[min(n, len(tokens)-1)]
		n++
		return httpmock.NewStringResponse(201, `{"token":"`+tok+`","expires_at":"2099-01-01T00:00:00Z"}`), nil
	})
}

// refuse answers with headers: "Retry-After: 7".
func refuse(status int, body string, headers ...string) httpmock.Responder {
	return func(*http.Request) (*http.Response, error) {
		r := httpmock.NewStringResponse(status, body)
		r.Header.Set("Content-Type", "application/json")
		for _, h := range headers {
			k, v, _ := strings.Cut(h, ": ")
			r.Header.Set(k, v)
		}
		return r, nil
	}
}

var (
	eyes    = bot.React{Repo: shop, Comment: 5, Reaction: bot.Eyes}
	eyesURL = mocked + "/repos/acme/shop/issues/comments/5/reactions"
	headURL = mocked + "/repos/acme/shop/branches/main"
)

func TestLimitsAreObeyed(t *testing.T) {
	reset := fmt.Sprint(time.Now().Add(20 * time.Minute).Unix())
	const secondary = `{"message":"You have exceeded a secondary rate limit","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`
	cases := map[string]struct {
		r        httpmock.Responder
		from, to time.Duration
	}{
		"403 with Retry-After":           {refuse(403, `{}`, "Retry-After: 7"), 7 * time.Second, 7 * time.Second},
		"403 secondary with Retry-After": {refuse(403, secondary, "Retry-After: 31"), 31 * time.Second, 31 * time.Second},
		"403 secondary without":          {refuse(403, secondary), time.Minute, time.Minute},
		"403 secondary by its words":     {refuse(403, `{"message":"secondary rate limit"}`), time.Minute, time.Minute},
		"429 with Retry-After":           {refuse(429, `{}`, "Retry-After: 9"), 9 * time.Second, 9 * time.Second},
		"429 without":                    {refuse(429, `{}`), time.Minute, time.Minute},
		"403 with nothing remaining":     {refuse(403, `{}`, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: "+reset), 19 * time.Minute, 20 * time.Minute},
		"429 with nothing remaining":     {refuse(429, `{}`, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: "+reset), 19 * time.Minute, 20 * time.Minute},
		"a wait of a year":               {refuse(429, `{}`, "Retry-After: 31536000"), time.Hour, time.Hour},
		"a reset long past":              {refuse(429, `{}`, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1"), time.Second, time.Second},
	}
	for name, c := range cases {
		m, writer := trouble(t)
		m.RegisterResponder("POST", eyesURL, c.r)
		_, write := perform(t, writer, bot.Job{Effect: eyes})
		m, reader := trouble(t) // another client: the first one waits
		m.RegisterResponder("GET", headURL, c.r)
		_, read := reader.Head(ctx, shop, "main")
		for _, err := range []error{write, read} {
			var asked bot.RetryAfter
			if !errors.As(err, &asked) || asked.After < c.from || asked.After > c.to {
				t.Errorf("%s: %v", name, err)
			}
			if permanent := new(bot.Permanent); errors.As(err, permanent) {
				t.Errorf("%s is given up: %v", name, err)
			}
		}
	}
}

func TestALimitOnTokensIsObeyed(t *testing.T) {
	m, client := trouble(t)
	m.RegisterResponder("POST", mocked+"/app/installations/42/access_tokens", refuse(429, `{}`, "Retry-After: 12"))
	_, err := client.Head(ctx, shop, "main")
	var asked bot.RetryAfter
	if !errors.As(err, &asked) || asked.After != 12*time.Second {
		t.Error(err)
	}
}

// What was read of a list that breaks off comes with the error, which says that
// it is not all.
func TestAListThatBreaksOffIsNoWholeList(t *testing.T) {
	m, client := trouble(t)
	url := mocked + "/repos/acme/shop/pulls"
	m.RegisterResponder("GET", url, func(r *http.Request) (*http.Response, error) {
		if r.URL.Query().Get("page") == "2" {
			return httpmock.NewStringResponse(502, "<html>Bad Gateway</html>"), nil
		}
		return refuse(200, `[`+withoutTotals+`]`, `Link: <`+url+`?page=2>; rel="next"`)(r)
	})
	open, err := client.OpenChanges(ctx, shop, "main", 0)
	if err == nil || len(open) != 1 {
		t.Fatalf("%d changes, error %v", len(open), err)
	}
	var asked bot.RetryAfter
	if permanent := new(bot.Permanent); errors.As(err, permanent) || errors.As(err, &asked) || errors.Is(err, bot.ErrNotFound) {
		t.Errorf("it is to be tried again as any error: %#v", err)
	}
}

// A list that is slow is left in time, with what was read of it; it is gone on
// with at a later page, and is no longer than any list then.
func TestASlowListOfOpenChanges(t *testing.T) {
	w := newWorld(t)
	w.lists("GET /repos/acme/shop/pulls", "["+withoutTotals+"]", "["+withoutTotals+"]", "["+withoutTotals+"]")
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "3" {
			<-r.Context().Done() // until they have had enough
			return
		}
		w.ServeHTTP(rw, r)
	}))
	defer front.Close()
	c, err := github.New(github.Options{
		APIURL: front.URL, AppID: ourApp, PrivateKey: key(), MarkKey: []byte("mark key"), Login: self, ListFor: 300 * time.Millisecond,
	})
	noErr(t, err)
	for skip, want := range map[int]int{0: 2, 100: 1, 200: 0} {
		open, err := c.OpenChanges(t.Context(), shop, "main", skip)
		if len(open) != want || !errors.As(err, &bot.Away{}) || errors.As(err, &bot.Permanent{}) || !strings.Contains(err.Error(), "list the open changes of acme/shop: GitHub took longer than 300ms") {
			t.Errorf("without %d: %d changes, error %v", skip, len(open), err)
		}
	}
	asks, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.OpenChanges(asks, shop, "main", 200); err == nil || strings.Contains(err.Error(), "took longer") {
		t.Errorf("whoever asks has no time left: %v", err)
	}
	if open, err := c.OpenChanges(t.Context(), shop, "main", 5000); len(open) > 0 || !errors.As(err, &bot.Permanent{}) {
		t.Errorf("beyond the last page: %d changes, error %v", len(open), err)
	}
}

// A list that is too long is as long the next time.
func TestAListWithoutEnd(t *testing.T) {
	m, client := trouble(t)
	url := mocked + "/repos/acme/shop/pulls"
	m.RegisterResponder("GET", url, refuse(200, `[`+withoutTotals+`]`, `Link: <`+url+`?page=2>; rel="next"`))
	open, err := client.OpenChanges(ctx, shop, "main", 0)
	if len(open) != 50 || !errors.As(err, new(bot.Permanent)) || !strings.Contains(err.Error(), "list the open changes of acme/shop: the list repos/acme/shop/pulls has more than 50 pages") {
		t.Errorf("%d changes, error %v", len(open), err)
	}
}

// One change that nobody can read hides none of the others.
func TestAMalformedChangeInAList(t *testing.T) {
	w := newWorld(t)
	w.lists("GET /repos/acme/shop/pulls", `[{"number":3},`+withoutTotals+`]`, "["+withoutTotals+"]")
	if open, err := w.client(t).OpenChanges(ctx, shop, "main", 0); len(open) != 2 || err == nil {
		t.Errorf("%d changes, error %v", len(open), err)
	}
}

// broken gives a few bytes and breaks off.
type broken struct{ io.Reader }

func (broken) Close() error { return nil }

func TestCutConnectionsAreTriedAgain(t *testing.T) {
	for name, r := range map[string]httpmock.Responder{
		"before the answer": httpmock.NewErrorResponder(errors.New("connection reset by peer")),
		"within the answer": func(*http.Request) (*http.Response, error) {
			body := broken{io.MultiReader(bytes.NewBufferString(`{"id":`), errReader{})}
			return &http.Response{StatusCode: 201, Header: http.Header{"Content-Type": {"application/json"}}, Body: body}, nil
		},
	} {
		m, client := trouble(t)
		m.RegisterResponder("POST", eyesURL, r)
		_, err := perform(t, client, bot.Job{Effect: eyes})
		if permanent := new(bot.Permanent); err == nil || errors.As(err, permanent) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestARefusedTokenIsMintedAnewOnce(t *testing.T) {
	m, client := trouble(t)
	mint(m, "ghs_oldoldoldoldoldold", "ghs_newnewnewnewnewnew")
	var bodies []string
	m.RegisterResponder("POST", eyesURL, func(r *http.Request) (*http.Response, error) {
		b, err := io.ReadAll(r.Body)
		bodies = append(bodies, string(b))
		if r.Header.Get("Authorization") != "token ghs_newnewnewnewnewnew" {
			return httpmock.NewStringResponse(401, `{"message":"Bad credentials"}`), err
		}
		return httpmock.NewStringResponse(201, `{"id":3}`), err
	})
	r, err := perform(t, client, bot.Job{Effect: eyes})
	noErr(t, err)
	if r.ID != "3" || len(bodies) != 2 || bodies[0] != bodies[1] {
		t.Errorf("receipt %+v after %q", r, bodies)
	}

	m.RegisterResponder("POST", eyesURL, httpmock.NewStringResponder(401, `{"message":"Bad credentials"}`))
	before := m.GetTotalCallCount()
	_, err = perform(t, client, bot.Job{Effect: eyes})
	if permanent := new(bot.Permanent); err == nil || errors.As(err, permanent) {
		t.Errorf("a token that is always refused: %v", err)
	}
	if n := m.GetTotalCallCount() - before; n != 3 {
		t.Errorf("%d calls, want the write, a token and the write", n)
	}
}

func TestErrorsHoldNoSecret(t *testing.T) {
	m, client := trouble(t)
	m.RegisterResponder("POST", eyesURL, func(r *http.Request) (*http.Response, error) {
		return httpmock.NewJsonResponse(422, map[string]string{"message": "you sent " + r.Header.Get("Authorization")})
	})
	m.RegisterResponder("GET", headURL, func(r *http.Request) (*http.Response, error) {
		return nil, fmt.Errorf("dial failed for %s", r.Header.Get("Authorization"))
	})
	_, write := perform(t, client, bot.Job{Effect: eyes})
	_, read := client.Head(ctx, shop, "main")
	m.RegisterResponder("GET", mocked+"/app", func(r *http.Request) (*http.Response, error) {
		return nil, fmt.Errorf("dial failed for %s", r.Header.Get("Authorization"))
	})
	_, _, app := client.App(ctx)
	for _, err := range []error{write, read, app} {
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, err), "ghs_") || strings.Contains(err.Error(), "eyJ") {
			t.Errorf("the error tells the token: %v", err)
		}
	}
}

// Who waits is told that GitHub is away when it is, and only then.
func TestWhoDoesNotAnswerIsNamed(t *testing.T) {
	half := func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: broken{io.MultiReader(bytes.NewBufferString(`{"name":`), errReader{})}}, nil
	}
	for name, c := range map[string]struct {
		r    httpmock.Responder
		away bool
	}{
		"502":       {httpmock.NewStringResponder(502, "<html>Unicorn</html>"), true},
		"a cut":     {httpmock.NewErrorResponder(errors.New("connection reset by peer")), true},
		"half":      {half, true},
		"a limit":   {refuse(429, `{}`, "Retry-After: 7"), true},
		"not found": {httpmock.NewStringResponder(404, `{}`), false},
		"a refusal": {httpmock.NewStringResponder(422, `{}`), false},
		"no JSON":   {httpmock.NewStringResponder(200, `<html>`), false},
	} {
		m, client := trouble(t)
		m.RegisterResponder("GET", headURL, c.r)
		_, err := client.Head(ctx, shop, "main")
		var away bot.Away
		if is := errors.As(err, &away); err == nil || is != c.away || is && away.Who != "GitHub" {
			t.Errorf("%s: away is %v: %v", name, is, err)
		}
	}
	m, client := trouble(t)
	m.RegisterResponder("POST", mocked+"/app/installations/42/access_tokens", httpmock.NewErrorResponder(errors.New("no route to host")))
	if _, err := client.Head(ctx, shop, "main"); !errors.As(err, new(bot.Away)) {
		t.Errorf("without a token: %v", err)
	}
}
