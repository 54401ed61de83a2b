package fakegithub

import (
	"crypto/hmac"
	"crypto/sha1" // GitHub's older signature
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strconv"
)

func (s *Server) hookHeaders(o Options, d *delivery) map[string]string {
	return map[string]string{
		"Content-Type": "application/json", "User-Agent": "GitHub-Hookshot/fake", "Accept": "*/*",
		"X-GitHub-Event": d.event, "X-GitHub-Delivery": d.guid, "X-GitHub-Hook-ID": strconv.FormatInt(5000+o.AppID, 10),
		"X-GitHub-Hook-Installation-Target-ID":   strconv.FormatInt(o.AppID, 10),
		"X-GitHub-Hook-Installation-Target-Type": "integration",
		"X-Hub-Signature-256":                    "sha256=" + sign(sha256.New, o.WebhookSecret, d.body),
		"X-Hub-Signature":                        "sha1=" + sign(sha1.New, o.WebhookSecret, d.body),
	}
}

// Sign is GitHub's signature of a webhook's body, as X-Hub-Signature-256 has it.
// https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
func Sign(secret string, body []byte) string { return "sha256=" + sign(sha256.New, secret, body) }

func sign(kind func() hash.Hash, secret string, body []byte) string {
	m := hmac.New(kind, []byte(secret))
	_, _ = m.Write(body)
	return hex.EncodeToString(m.Sum(nil))
}
