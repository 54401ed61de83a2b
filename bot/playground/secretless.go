package playground

import (
	"regexp"
	"strings"
)

// What opens a door, wherever it is written: tokens of GitHub and of Slack,
// signed claims, and addresses that let in whoever knows them.
var (
	secretText = regexp.MustCompile(`\bgh[a-z]_\w+|\bgithub_pat_\w+|\bx(?:ox[a-z]|app)-[\w-]+|\beyJ[\w-]+(?:\.[\w-]*){0,2}|-----BEGIN [A-Z ]+-----[^-]*(?:-----END [A-Z ]+-----)?`)
	secretPath = regexp.MustCompile(`(/(?:response|socket)(?:/|%2F))[^"'\s&<>?\\]+`)
	secretName = regexp.MustCompile(`("(?:token|access_token|refresh_token|client_secret|webhook_secret|secret|pem|ticket)"\s*:\s*)"[^"]*"?`)
	secretForm = regexp.MustCompile(`((?:^|[&?])(?:token|access_token|client_secret|secret|ticket)=)[^&\s]*`)
	ourSecrets = strings.NewReplacer(webhookSecret, redacted, signingSecret, redacted, targetSecret, redacted, botToken, redacted, appToken, redacted)
)

const redacted = "[redacted]"

// secretless is a text without what opens a door, though it be cut off.
func secretless(s string) string {
	s = ourSecrets.Replace(s)
	s = secretText.ReplaceAllString(s, redacted)
	s = secretPath.ReplaceAllString(s, "${1}"+redacted)
	s = secretName.ReplaceAllString(s, `${1}"`+redacted+`"`)
	return secretForm.ReplaceAllString(s, "${1}"+redacted)
}

// givesSecrets: of these requests neither what is asked nor what is answered
// is kept at all.
func givesSecrets(path string) bool {
	for _, end := range []string{"/access_tokens", "/conversions", "/apps.connections.open", "/oauth.v2.access"} {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	return false
}
