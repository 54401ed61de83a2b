package main

import "github.com/roundtrip-bot/roundtrip/bot/config"

// markKeys sign the hidden marks by which we know our own comments: the first
// from now on, the others did before the encryption key was set or the webhook
// secret changed.
func markKeys(s config.Server) (keys [][]byte) {
	if !s.EncryptionKey.IsZero() {
		keys = append(keys, []byte(s.EncryptionKey.Reveal()))
	}
	for _, secret := range hookSecrets(s) {
		keys = append(keys, []byte("mark/"+secret))
	}
	return keys
}

// hookSecrets are those that sign deliveries: the present one, and the one of
// before while it is being changed.
func hookSecrets(s config.Server) []string {
	live := []string{s.GitHub.WebhookSecret.Reveal()}
	if old := s.GitHub.WebhookSecretOld; !old.IsZero() {
		live = append(live, old.Reveal())
	}
	return live
}
