package github_test

import (
	"errors"
	"net/http"
	"strconv"
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
			now = began.Add(30 * time.Second)
			if _, _ = client.Head(ctx, shop, "main"); requests != 2 {
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
