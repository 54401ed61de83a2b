// Package github is GitHub in our words: deliveries become events, what
// handlers ask is read, and effects are carried out.
//
//   - verify.go     who signed a delivery, before anything looks into it
//   - events_*.go   a delivery becomes a bot.Event; strangers' bytes never panic
//   - client.go     one token a repository, never wider than what we need
//   - errors.go     GitHub's refusals in the engine's four errors
//   - read_*.go     what handlers may ask
//   - perform_*.go  one effect a file; performing it again is harmless
//   - mark.go       the hidden, signed mark by which our comments are known
//
// go-github stays behind this package. Its webhook types are not used: they
// refuse payloads that GitHub sends (a repository with custom properties, a
// time written as a number), and a delivery must never be refused for a field
// that we do not read.
package github
