package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Bounds of a request that Slack signs. Slack itself signs for five minutes.
const (
	leastSecret = 16      // bytes
	maxBody     = 1 << 20 // bytes
	maxAge      = 5 * time.Minute
)

// NewVerifier checks Slack's v0 signature: HMAC-SHA256 over "v0:timestamp:body"
// with the app's signing secret, compared in constant time, not older than five
// minutes by now (time.Now when nil). An empty or short secret is refused,
// since everybody could sign with it. slack-go's verifier knows no other clock
// than the process's.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
func NewVerifier(signingSecret string, now func() time.Time) (func(http.Header, io.Reader) ([]byte, error), error) {
	if len(signingSecret) < leastSecret {
		return nil, fmt.Errorf("verify Slack's requests: the signing secret has %d bytes, at least %d are needed", len(signingSecret), leastSecret)
	}
	if now == nil {
		now = time.Now
	}
	return func(h http.Header, r io.Reader) ([]byte, error) {
		stamp := h.Get("X-Slack-Request-Timestamp")
		want, ok := signature(h.Get("X-Slack-Signature"))
		if !ok || !recent(stamp, now()) {
			return nil, bot.ErrSignature
		}
		mac := hmac.New(sha256.New, []byte(signingSecret))
		mac.Write([]byte("v0:" + stamp + ":"))
		body, err := io.ReadAll(io.TeeReader(io.LimitReader(r, maxBody+1), mac))
		switch tooLarge := new(http.MaxBytesError); {
		case errors.As(err, &tooLarge) || len(body) > maxBody:
			return nil, bot.ErrTooLarge
		case err != nil:
			return nil, fmt.Errorf("read Slack's request: %w", err)
		case !hmac.Equal(mac.Sum(nil), want):
			return nil, bot.ErrSignature
		}
		return body, nil
	}, nil
}

func signature(header string) ([]byte, bool) {
	text, ok := strings.CutPrefix(header, "v0=")
	if !ok {
		return nil, false
	}
	sum, err := hex.DecodeString(text)
	return sum, err == nil && len(sum) == sha256.Size
}

func recent(stamp string, now time.Time) bool {
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	return err == nil && now.Sub(time.Unix(seconds, 0)).Abs() <= maxAge
}
