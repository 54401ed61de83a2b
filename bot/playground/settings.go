package playground

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strconv"
	"strings"
)

// AppID is the app's number in the pretend GitHub.
const AppID = 1001

// Secrets of the pretend world; they guard nothing.
const (
	webhookSecret = "playground-webhook-secret-0123456789"
	signingSecret = "playground-signing-secret-0123456789"
	targetSecret  = "playground-cd-secret-0123456789abcdef"
	botToken      = "xoxb-playground-token"
	appToken      = "xapp-playground-token"
)

// Settings are those by which a bot uses this world, as they would stand in
// the environment of serve.
func (w *World) Settings(database string) map[string]string {
	s := map[string]string{
		"ROUNDTRIP_LISTEN":                "127.0.0.1:0",
		"ROUNDTRIP_ADMIN_LISTEN":          "127.0.0.1:0",
		"ROUNDTRIP_URL":                   w.URL,
		"ROUNDTRIP_DATABASE_URL":          database,
		"ROUNDTRIP_GITHUB_API_URL":        w.URL + githubPath + "/",
		"ROUNDTRIP_GITHUB_APP_ID":         strconv.Itoa(AppID),
		"ROUNDTRIP_GITHUB_PRIVATE_KEY":    w.privateKey(),
		"ROUNDTRIP_GITHUB_WEBHOOK_SECRET": webhookSecret,
		"ROUNDTRIP_SLACK_API_URL":         w.URL + slackPath + "/api/",
		"ROUNDTRIP_SLACK_BOT_TOKEN":       botToken,
		"ROUNDTRIP_SLACK_SIGNING_SECRET":  signingSecret,
	}
	if own := w.ownPages(); own != "" {
		s["ROUNDTRIP_PAGES_URL"] = own
	}
	if w.SocketMode {
		delete(s, "ROUNDTRIP_SLACK_SIGNING_SECRET")
		s["ROUNDTRIP_SLACK_APP_TOKEN"] = appToken
	}
	if w.Polled {
		s["ROUNDTRIP_GITHUB_EVENTS"], s["ROUNDTRIP_GITHUB_POLL_EVERY"] = "poll", "1s"
	}
	return s
}

// File is the settings file that goes with them: what may be deployed by and
// asked, and who is who.
func (w *World) File() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `endpoints:
  shop-cd: {type: http, url: %q, secret: %s, repositories: [%s]}
  shop-metrics:
    type: scrape
    stable: %q
    canary: %q
    repositories: [%s]
`, w.URL+targetPath, targetSecret, Repo, w.URL+shopPath+Production+"/-/stable/metrics", w.URL+shopPath+Production+"/-/canary/metrics", Repo)
	fmt.Fprintf(&b, "hosts: [%q]\n", strings.TrimPrefix(w.URL, "http://"))
	b.WriteString("people:\n")
	for _, p := range w.Slack.People() {
		if p.Name != stranger {
			fmt.Fprintf(&b, "  - {slack: %s, github: %s}\n", p.ID, p.Name)
		}
	}
	return []byte(b.String())
}

func (w *World) privateKey() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(w.key)}))
}
