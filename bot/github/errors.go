package github

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/bradleyfalzon/ghinstallation/v2"
	gh "github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot"
)

const (
	// unsaid is how long we wait when GitHub asks for it and names no time:
	// the least that its documentation allows for a secondary limit.
	unsaid = time.Minute
	// longestWait bounds what we believe of a limit; the primary one is
	// counted by the hour.
	longestWait = time.Hour
)

// readError says why a read failed: bot.RetryAfter for a limit and
// bot.ErrNotFound for what is not there. All else is tried again. Where GitHub
// did not answer, or not with an answer of its own making, it is bot.Away too.
func readError(doing string, err error) error {
	if err == nil {
		return nil
	}
	f := failureOf(err)
	wrapped := fmt.Errorf("%s: %w", doing, f)
	if f.limited || f.away || f.status >= 500 {
		wrapped = bot.Away{Who: "GitHub", Err: wrapped}
	}
	switch {
	case f.limited:
		return bot.RetryAfter{After: f.wait, Err: wrapped}
	case f.status == http.StatusNotFound && !f.minting:
		return fmt.Errorf("%w (%w)", wrapped, bot.ErrNotFound)
	}
	return wrapped
}

// writeError is readError for writes. What GitHub refuses it refuses again:
// every other 4xx is bot.Permanent, save a token that was refused, which is a
// matter of the app's key and may heal, and what GitHub says of time.
func writeError(doing string, err error) error {
	err = readError(doing, err)
	var limited bot.RetryAfter
	if err == nil || errors.As(err, &limited) {
		return err
	}
	var f failure
	errors.As(err, &f)
	switch {
	case f.status == http.StatusUnauthorized, f.status == http.StatusRequestTimeout, f.status == http.StatusTooEarly:
		return err
	case f.status >= 400 && f.status < 500:
		return bot.Permanent{Err: err}
	}
	return err
}

// failure is an answer that is no success, without anything secret in it.
type failure struct {
	status  int // 0: there was no answer
	limited bool
	wait    time.Duration
	minting bool // it was the token that we did not get
	away    bool // the connection failed: there was no answer, or half of one
	text    string
	err     error
}

func (f failure) Error() string { return f.text }
func (f failure) Unwrap() error { return f.err }

// failureOf looks at what go-github, ghinstallation or the network returned.
func failureOf(err error) failure {
	var mint *ghinstallation.HTTPError
	var primary *gh.RateLimitError
	var secondary *gh.AbuseRateLimitError
	var answer *gh.ErrorResponse
	var held limited
	var kept spared
	switch {
	case errors.As(err, &kept):
		return failure{limited: true, wait: bounded(kept.wait), text: kept.Error()}
	case errors.As(err, &held) || errors.As(err, &mint) && errors.As(mint.RootCause, &held):
		return failure{limited: true, wait: bounded(held.wait), text: held.Error()}
	case errors.As(err, &mint):
		f := failure{minting: true, text: "get a token for the installation"}
		if mint.Response == nil {
			f.text, f.away = f.text+": "+transportText(mint.RootCause), true
			return f
		}
		_ = mint.Response.Body.Close()
		return answered(f, mint.Response, "")
	case errors.As(err, &primary):
		wait, _ := asked(primary.Response, "")
		return failure{status: http.StatusForbidden, limited: true, wait: wait, text: "rate limit reached"}
	case errors.As(err, &secondary):
		f := failure{status: http.StatusForbidden, limited: true, wait: unsaid, text: "secondary rate limit reached"}
		if secondary.RetryAfter != nil {
			f.wait = bounded(*secondary.RetryAfter)
		}
		return f
	case errors.As(err, &answer):
		return answered(failure{text: "GitHub answered"}, answer.Response, answer.Message)
	}
	return failure{text: transportText(err), err: cause(err), away: brokeOff(err)}
}

// answered looks at the status and the headers of an answer.
func answered(f failure, r *http.Response, message string) failure {
	f.status = r.StatusCode
	f.text += fmt.Sprintf(": %d %s", r.StatusCode, http.StatusText(r.StatusCode))
	if message != "" {
		f.text += ": " + harmless(message)
	}
	if r.StatusCode != http.StatusForbidden && r.StatusCode != http.StatusTooManyRequests {
		return f
	}
	f.wait, f.limited = asked(r, message)
	return f
}

// asked is how long a 403 or a 429 asks us to wait; false when it is not
// about limits at all: limits has made a moment into a time already. go-github
// v60 knows 403 alone.
func asked(r *http.Response, message string) (time.Duration, bool) {
	if s, err := strconv.Atoi(r.Header.Get("Retry-After")); err == nil && s >= 0 {
		return bounded(time.Duration(s) * time.Second), true
	}
	limit := r.Header.Get("X-Ratelimit-Remaining") == "0" || r.StatusCode == http.StatusTooManyRequests || strings.Contains(strings.ToLower(message), "rate limit")
	return unsaid, limit
}

func bounded(d time.Duration) time.Duration { return min(max(d, time.Second), longestWait) }

// transportText is what went wrong below HTTP; the address is left out.
func transportText(err error) string {
	if err == nil {
		return "no answer"
	}
	return harmless(cause(err).Error())
}

// brokeOff: there was no answer, or it ended before its end.
func brokeOff(err error) bool {
	var u *url.Error
	return errors.As(err, &u) || errors.Is(err, io.ErrUnexpectedEOF)
}

func cause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// secretLike are tokens in the forms that GitHub and we know them.
var secretLike = regexp.MustCompile(`(?i)(gh[a-z]_|github_pat_|v1\.|eyJ)[A-Za-z0-9_.\-]{10,}|(bearer|token)\s+[A-Za-z0-9_.\-]{10,}`)

func harmless(s string) string { return cut(secretLike.ReplaceAllString(s, "[secret]"), 300) }
