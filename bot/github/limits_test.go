package github_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
)

// TestNothingIsAskedBeforeALimitEnds: while GitHub wants to be left alone it
// is, by the bot's own clock, and asked again once that time has come.
func TestNothingIsAskedBeforeALimitEnds(t *testing.T) {
	began := time.Unix(1_800_000_000, 0) // far from the machine's clock
	reset := strconv.FormatInt(began.Add(30*time.Second).Unix(), 10)
	for name, limit := range map[string]httpmock.Responder{
		"asked to wait":     refuse(403, `{}`, "Retry-After: 30"),
		"nothing remains":   refuse(403, `{}`, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: "+reset),
		"that was the last": refuse(200, `{"name":"main","commit":{"sha":"`+shaA+`"}}`, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: "+reset),
		"asked with a 429":  refuse(429, `{}`, "Retry-After: 30"),
	} {
		t.Run(name, func(t *testing.T) {
			now, requests := began, 0
			m := httpmock.NewMockTransport()
			mint(m, token)
			m.RegisterResponder("GET", headURL, func(r *http.Request) (*http.Response, error) { requests++; return limit(r) })
			client, err := github.New(github.Options{
				APIURL: mocked, AppID: ourApp, PrivateKey: key(), Transport: m, MarkKey: []byte("mark key"), Login: self,
				Now: func() time.Time { return now },
			})
			noErr(t, err)
			_, _ = client.Head(ctx, shop, "main") // this tells it
			now = began.Add(10 * time.Second)
			_, err = client.Head(ctx, shop, "main")
			var asked bot.RetryAfter
			if !errors.As(err, &asked) || asked.After != 20*time.Second || requests != 1 {
				t.Errorf("after 10 s: %v, %d requests", err, requests)
			}
			now = began.Add(-time.Hour)
			if _, _ = client.Head(ctx, shop, "main"); requests != 2 {
				t.Errorf("by a clock that was set back it was asked %d times", requests)
			}
			now = began.Add(30 * time.Second)
			if _, _ = client.Head(ctx, shop, "main"); requests != 3 {
				t.Errorf("after 30 s it was asked %d times", requests)
			}
		})
	}
}

// A limit is an installation's: its other repositories wait too, and so does
// asking for a token; other installations do not.
func TestALimitIsTheInstallations(t *testing.T) {
	now, minted := time.Unix(1_800_000_000, 0), map[string]int{}
	m := httpmock.NewMockTransport()
	m.RegisterResponder("POST", "=~access_tokens$", func(r *http.Request) (*http.Response, error) {
		minted[r.URL.Path]++
		return refuse(403, `{"message":"API rate limit exceeded"}`, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: "+strconv.FormatInt(now.Add(20*time.Minute).Unix(), 10))(r)
	})
	client, err := github.New(github.Options{
		APIURL: mocked, AppID: ourApp, PrivateKey: key(), Transport: m, MarkKey: []byte("mark key"), Login: self,
		Now: func() time.Time { return now },
	})
	noErr(t, err)
	for i := range 3 {
		repo := shop
		repo.ID += int64(i)
		_, err := client.Head(ctx, repo, "main")
		var asked bot.RetryAfter
		if !errors.As(err, &asked) || asked.After != 20*time.Minute {
			t.Errorf("repository %d: %v", i, err)
		}
	}
	other := shop
	other.Installation = 43
	_, _ = client.Head(ctx, other, "main")
	if one, another := minted["/api/v3/app/installations/42/access_tokens"], minted["/api/v3/app/installations/43/access_tokens"]; one != 1 || another != 1 {
		t.Errorf("tokens were asked for %d and %d times: %v", one, another, minted)
	}
}

// budgeted is a client of GitHub's own server, at a time, and how often it was
// asked for a branch; each answer says how much is left.
func budgeted(t *testing.T, now *time.Time, left *int) (*github.Client, *int) {
	t.Helper()
	m, asked := httpmock.NewMockTransport(), 0
	m.RegisterResponder("POST", "=~access_tokens$", refuse(201, `{"token":"`+token+`","expires_at":"2099-01-01T00:00:00Z"}`, "X-RateLimit-Limit: 5000", "X-RateLimit-Remaining: 3", "X-RateLimit-Reset: 1900000000"))
	said := func(body string, status int) httpmock.Responder {
		return func(r *http.Request) (*http.Response, error) {
			asked++
			reset := strconv.FormatInt(now.Truncate(time.Hour).Add(time.Hour).Unix(), 10)
			return refuse(status, body, "X-RateLimit-Limit: 5000", "X-RateLimit-Remaining: "+strconv.Itoa(*left), "X-RateLimit-Reset: "+reset, "X-RateLimit-Resource: core")(r)
		}
	}
	m.RegisterResponder("GET", "=~/branches/main$", said(`{"name":"main","commit":{"sha":"`+shaA+`"}}`, 200))
	m.RegisterResponder("GET", "=~/comments", said(`[]`, 200))
	m.RegisterResponder("POST", "=~/comments$", said(`{"id":9}`, 201))
	client, err := github.New(github.Options{
		AppID: ourApp, PrivateKey: key(), Transport: m, MarkKey: []byte("mark key"), Login: self, Now: func() time.Time { return *now },
	})
	noErr(t, err)
	return client, &asked
}

// TestTheRestOfABudgetIsKept for what is pressing, of all repositories of an
// installation together and of no other; who waits is told for what. What the
// app spends on tokens is another budget.
func TestTheRestOfABudgetIsKept(t *testing.T) {
	now, left := time.Date(2026, 3, 2, 9, 10, 0, 0, time.UTC), 40
	client, asked := budgeted(t, &now, &left)
	_, err := client.Head(ctx, shop, "main") // this tells it
	noErr(t, err)
	neighbour, stranger := shop, shop
	neighbour.ID, stranger.Installation = shop.ID+1, 43
	_, err = client.Head(ctx, neighbour, "main")
	var asks bot.RetryAfter
	if !errors.As(err, &asks) || asks.After != 50*time.Minute || !strings.Contains(err.Error(), "GitHub's budget: 40 of 5000 requests left until 10:00 UTC, kept for rollbacks") {
		t.Errorf("usual work: %v", err)
	}
	for what, do := range map[string]func() error{
		"a rollback":           func() error { _, err := client.Head(bot.WithPriority(ctx, bot.Urgent), shop, "main"); return err },
		"another installation": func() error { _, err := client.Head(ctx, stranger, "main"); return err },
		"the next hour": func() error {
			now = now.Add(50 * time.Minute)
			_, err := client.Head(ctx, neighbour, "main")
			return err
		},
	} {
		if err := do(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if *asked != 4 {
		t.Errorf("GitHub was asked %d times", *asked)
	}
	want := github.Budget{Installation: shop.Installation, Resource: "core", Limit: 5000, Left: 40, Reset: time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)}
	all := client.Budgets()
	if len(all) != 2 || !all[0].Reset.Equal(want.Reset) || all[0].Left != want.Left || all[0].Limit != want.Limit || all[0].Installation != want.Installation || all[1].Installation != 43 {
		t.Errorf("said of budgets: %+v", all)
	}
}

// TestCommentsArePaced by what GitHub's own servers take of one installation in
// a minute, the last few for what is urgent.
func TestCommentsArePaced(t *testing.T) {
	now, left := time.Date(2026, 3, 2, 9, 10, 0, 0, time.UTC), 4000
	client, _ := budgeted(t, &now, &left)
	var err error
	comments := client.All()[1]
	write := func(ctx context.Context, n int) error {
		_, err := comments.Perform(ctx, bot.Job{Effect: bot.KeepComment{Ref: change, Place: strconv.Itoa(n), Body: "x"}, Attempt: 1})
		return err
	}
	written := 0
	for err == nil && written < 100 {
		if err = write(ctx, written); err == nil {
			written++
		}
	}
	var asks bot.RetryAfter
	if written != 76 || !errors.As(err, &asks) || asks.After > time.Minute || !strings.Contains(err.Error(), "4 of 80 comments a minute left until 09:11 UTC, kept for rollbacks") {
		t.Errorf("%d were written, then %v", written, err)
	}
	noErr(t, write(bot.WithPriority(ctx, bot.Urgent), 100))
	now = now.Add(time.Minute)
	noErr(t, write(ctx, 101))
}
