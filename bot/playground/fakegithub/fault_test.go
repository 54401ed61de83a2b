package fakegithub_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

const comments = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments"

// say comments as the bot.
func (w *world) say(n int) error {
	_, _, err := w.client.Issues.CreateComment(w.ctx, "acme", "shop", n, &github.IssueComment{Body: github.String("x")})
	return err
}

func TestFaults(t *testing.T) {
	w := newWorld(t)
	v := w.open("ann")
	w.Fail(fakegithub.Fault{Route: comments, Status: 502, Times: 1})
	w.Fail(fakegithub.Fault{Route: comments, Secondary: true, RetryAfter: 90 * time.Second, Times: 1})
	w.Fail(fakegithub.Fault{Route: "*", Cut: true, Times: 1})
	w.Fail(fakegithub.Fault{Route: "POST /repos/{owner}/{repo}/issues", Lost: true, Times: 1})
	var bad *github.ErrorResponse
	if err := w.say(v.Number); !errors.As(err, &bad) || bad.Response.StatusCode != http.StatusBadGateway {
		t.Errorf("bad gateway: %v", err)
	}
	var abuse *github.AbuseRateLimitError
	if err := w.say(v.Number); !errors.As(err, &abuse) || abuse.GetRetryAfter() != 90*time.Second {
		t.Errorf("secondary limit: %v", err)
	}
	w.client = w.as(w.cached) // one that does not remember the limit
	if err := w.say(v.Number); err == nil || errors.As(err, &bad) {
		t.Errorf("cut: %v", err)
	}
	if n := len(w.look(v.Number).Comments); n != 0 {
		t.Errorf("%d comments before the lost one", n)
	}
	if err := w.say(v.Number); err == nil || errors.As(err, &bad) {
		t.Errorf("lost: %v", err)
	}
	if n := len(w.look(v.Number).Comments); n != 1 {
		t.Errorf("%d comments after the lost one", n)
	}
	w.Fail(fakegithub.Fault{Route: comments, Status: 500})
	w.ClearFaults()
	w.must(w.say(v.Number))
	if n := w.Requests()[comments]; n != 5 {
		t.Errorf("counted %d", n)
	}
}

func TestRateLimit(t *testing.T) {
	w := newWorld(t)
	v := w.open("ann")
	w.Fail(fakegithub.Fault{Route: comments, RateLimit: true, RetryAfter: time.Hour, Times: 1})
	var limited *github.RateLimitError
	if err := w.say(v.Number); !errors.As(err, &limited) || !limited.Rate.Reset.Time.Equal(start.Add(time.Hour)) || limited.Rate.Remaining != 0 {
		t.Errorf("rate limit: %v", err)
	}
}
