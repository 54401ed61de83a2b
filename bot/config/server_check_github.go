package config

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/when"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

func (l *loader) github() GitHub {
	s := l.shape
	g := GitHub{APIURL: l.base("github_api_url", s.GithubAPIURL), WebhookSecret: s.GithubWebhookSecret, WebhookSecretOld: s.GithubWebhookSecretOld, Events: string(s.GithubEvents)}
	g.AppID = l.appID()
	g.PrivateKey = l.privateKey()
	if l.needed("github_webhook_secret", g.WebhookSecret, "choose one, for instance with: openssl rand -hex 32") {
		l.long("github_webhook_secret", g.WebhookSecret)
	}
	if !g.WebhookSecretOld.IsZero() {
		l.long("github_webhook_secret_old", g.WebhookSecretOld)
	}
	switch g.Events {
	case "webhook", poll:
	default:
		l.mistaken("github_events", quote(g.Events)+" is not a way to hear", words.DidYouMean(g.Events, []string{"webhook", poll}))
	}
	g.PollEvery = l.pollEvery()
	return g
}

func (l *loader) pollEvery() time.Duration {
	d, err := when.ParseDuration(string(l.shape.GithubPollEvery))
	switch {
	case err != nil:
		l.mistaken("github_poll_every", err.Error(), durationHint)
	case d < time.Second || d > 10*time.Minute:
		l.mistaken("github_poll_every", "is not between 1s and 10m", "write 8s")
	}
	return d
}

func (l *loader) appID() int64 {
	given := string(l.shape.GithubAppID)
	n, err := strconv.ParseInt(given, 10, 64)
	switch {
	case given == "":
		l.mistaken("github_app_id", "is not set", "copy App ID from the app's settings page on GitHub")
	case err != nil || n <= 0:
		l.mistaken("github_app_id", quote(given)+" is not a positive number", "copy App ID from the app's settings page on GitHub, not its Client ID")
	}
	return n
}

func (l *loader) privateKey() Secret {
	key := l.shape.GithubPrivateKey
	const hint = "generate a private key on the app's settings page and set the whole file, with its BEGIN and END lines"
	if !l.needed("github_private_key", key, hint) {
		return key
	}
	// A file of environment variables holds one line a variable.
	text := strings.ReplaceAll(key.Reveal(), `\n`, "\n")
	if err := checkRSA(text); err != nil {
		l.mistaken("github_private_key", err.Error(), hint)
	}
	return NewSecret(text)
}

func checkRSA(text string) error {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return fault{message: "is not PEM"}
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		any, other := x509.ParsePKCS8PrivateKey(block.Bytes)
		var ok bool
		if key, ok = any.(*rsa.PrivateKey); other != nil || !ok {
			return fault{message: "is not an RSA private key"}
		}
	}
	if key.N.BitLen() < 2048 {
		return fault{message: fmt.Sprintf("is an RSA key of %d bits; at least 2048 are needed", key.N.BitLen())}
	}
	return nil
}
