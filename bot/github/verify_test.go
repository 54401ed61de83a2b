package github_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
)

// GitHub's own example.
const (
	vectorSecret = "It's a Secret to Everybody"
	vectorBody   = "Hello, World!"
	vectorSum    = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
)

func signed(sum string) http.Header { return http.Header{"X-Hub-Signature-256": {sum}} }

func TestGitHubsExampleVerifies(t *testing.T) {
	body, err := github.Verifier(vectorSecret)(signed(vectorSum), strings.NewReader(vectorBody))
	if err != nil || string(body) != vectorBody {
		t.Fatalf("body %q, error %v", body, err)
	}
}

func TestEitherOfTwoSecretsFits(t *testing.T) {
	for _, secrets := range [][]string{{"other", vectorSecret}, {vectorSecret, "other"}} {
		if _, err := github.Verifier(secrets...)(signed(vectorSum), strings.NewReader(vectorBody)); err != nil {
			t.Errorf("%q: %v", secrets, err)
		}
	}
}

func TestForgedDeliveriesAreRefused(t *testing.T) {
	old := hmac.New(sha1.New, []byte(vectorSecret))
	old.Write([]byte(vectorBody))
	empty := hmac.New(sha256.New, nil)
	empty.Write([]byte(vectorBody))
	emptySum := "sha256=" + hex.EncodeToString(empty.Sum(nil))
	cases := map[string]struct {
		secrets []string
		header  http.Header
		body    string
	}{
		"no header":            {[]string{vectorSecret}, http.Header{}, vectorBody},
		"SHA-1 alone":          {[]string{vectorSecret}, http.Header{"X-Hub-Signature": {"sha1=" + hex.EncodeToString(old.Sum(nil))}}, vectorBody},
		"two headers":          {[]string{vectorSecret}, http.Header{"X-Hub-Signature-256": {vectorSum, vectorSum}}, vectorBody},
		"no prefix":            {[]string{vectorSecret}, signed(strings.TrimPrefix(vectorSum, "sha256=")), vectorBody},
		"too short":            {[]string{vectorSecret}, signed("sha256=7571"), vectorBody},
		"other body":           {[]string{vectorSecret}, signed(vectorSum), "Hello, World?"},
		"other secret":         {[]string{"another secret"}, signed(vectorSum), vectorBody},
		"no secret":            {nil, signed(vectorSum), vectorBody},
		"an empty secret":      {[]string{""}, signed(emptySum), vectorBody},
		"signed with no bytes": {nil, signed(emptySum), vectorBody},
	}
	for name, c := range cases {
		if body, err := github.Verifier(c.secrets...)(c.header, strings.NewReader(c.body)); !errors.Is(err, bot.ErrSignature) || body != nil {
			t.Errorf("%s: body %q, error %v", name, body, err)
		}
	}
}

// endless gives zeros and counts them. At 100 MiB it gives up, so that a
// verifier without a limit fails the test instead of filling the memory.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	if e.read >= 100<<20 {
		return 0, io.EOF
	}
	clear(p)
	e.read += len(p)
	return len(p), nil
}

func TestABodyIsCutOffWhileItIsRead(t *testing.T) {
	var body endless
	_, err := github.Verifier(vectorSecret)(signed(vectorSum), &body)
	if !errors.Is(err, bot.ErrTooLarge) {
		t.Fatalf("error %v, want %v", err, bot.ErrTooLarge)
	}
	if limit := 25<<20 + 1<<20; body.read > limit {
		t.Errorf("%d bytes were read, more than %d", body.read, limit)
	}
}

func TestAnUnsignedBodyIsNotRead(t *testing.T) {
	var body endless
	if _, err := github.Verifier(vectorSecret)(http.Header{}, &body); !errors.Is(err, bot.ErrSignature) || body.read > 0 {
		t.Errorf("error %v after %d bytes", err, body.read)
	}
}

func TestABodyThatBreaksOffIsNotASignatureError(t *testing.T) {
	r := io.MultiReader(strings.NewReader("Hello"), errReader{})
	if _, err := github.Verifier(vectorSecret)(signed(vectorSum), r); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v", err)
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestGuessableSecretsAreRefused(t *testing.T) {
	long := strings.Repeat("x", 32)
	for _, secrets := range [][]string{nil, {}, {""}, {long[:31]}, {long, "short"}} {
		if v, err := github.NewVerifier(secrets); err == nil || v != nil {
			t.Errorf("%d secrets were accepted", len(secrets))
		} else if len(secrets) > 0 && secrets[0] != "" && strings.Contains(err.Error(), secrets[0]) {
			t.Errorf("the error tells the secret: %v", err)
		}
	}
	if _, err := github.NewVerifier([]string{long}); err != nil {
		t.Error(err)
	}
}
