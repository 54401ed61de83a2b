package github

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

const (
	// signatureHeader is the only signature looked at; the older SHA-1 header
	// is not, so that nobody can choose the weaker one.
	signatureHeader = "X-Hub-Signature-256"
	// maxBody is GitHub's own limit for a payload; it sends nothing larger.
	maxBody = 25 << 20
	// minSecret is the length in bytes below which a secret can be guessed.
	minSecret = 32
)

// NewVerifier is Verifier for secrets that an operator chose: at least one,
// each of at least 32 bytes. Several are for the time of a change of secrets.
func NewVerifier(secrets []string) (func(http.Header, io.Reader) ([]byte, error), error) {
	if len(secrets) == 0 {
		return nil, errors.New("make a verifier: there is no webhook secret")
	}
	for i, s := range secrets {
		if len(s) < minSecret {
			return nil, fmt.Errorf("make a verifier: webhook secret %d has %d bytes and needs at least %d", i+1, len(s), minSecret)
		}
	}
	return Verifier(secrets...), nil
}

// Verifier reads a body and checks that it was signed with one of the secrets
// (HMAC-SHA256 over the raw body, compared in constant time). It returns
// bot.ErrSignature when it was not and bot.ErrTooLarge as soon as more than
// 25 MiB came; without a secret nothing is ever accepted.
func Verifier(secrets ...string) func(http.Header, io.Reader) ([]byte, error) {
	return func(h http.Header, r io.Reader) ([]byte, error) {
		want, err := claimed(h)
		if err != nil {
			return nil, err // nobody claims to have signed it: it is not even read
		}
		var macs []hash.Hash
		var body bytes.Buffer
		to := []io.Writer{&body}
		for _, s := range secrets {
			if s == "" {
				continue
			}
			mac := hmac.New(sha256.New, []byte(s))
			macs, to = append(macs, mac), append(to, mac)
		}
		n, err := io.Copy(io.MultiWriter(to...), io.LimitReader(r, maxBody+1))
		switch {
		case err != nil:
			return nil, fmt.Errorf("read the body of a delivery: %w", err)
		case n > maxBody:
			return nil, fmt.Errorf("read the body of a delivery: %w", bot.ErrTooLarge)
		}
		if !anyEqual(macs, want) {
			return nil, fmt.Errorf("verify a delivery: %w", bot.ErrSignature)
		}
		return body.Bytes(), nil
	}
}

// claimed is the signature that the sender gave: "sha256=" and 64 digits.
func claimed(h http.Header) ([]byte, error) {
	values := h.Values(signatureHeader)
	if len(values) != 1 {
		return nil, fmt.Errorf("verify a delivery: %d headers %s: %w", len(values), signatureHeader, bot.ErrSignature)
	}
	digits, ok := strings.CutPrefix(values[0], "sha256=")
	sum, err := hex.DecodeString(digits)
	if !ok || err != nil || len(sum) != sha256.Size {
		return nil, fmt.Errorf("verify a delivery: %s is malformed: %w", signatureHeader, bot.ErrSignature)
	}
	return sum, nil
}

// anyEqual compares with every secret's sum, so that the time taken does not
// tell which of them fitted.
func anyEqual(macs []hash.Hash, want []byte) bool {
	fits := false
	for _, mac := range macs {
		if hmac.Equal(mac.Sum(nil), want) {
			fits = true
		}
	}
	return fits
}
