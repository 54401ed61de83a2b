// Package slack is Slack in our words: commands become events, effects become
// messages.
//
//   - verify.go    who signed a request, before anything looks into it
//   - command.go   a slash command as an event
//   - client.go    the Web API, through slack-go, which stays behind this package
//   - message.go   one message a place, edited as things go on, with its thread
//   - find.go      which message of a place is there, and that it is there once
//   - whisper.go   the answer that only who asked can see
//   - blocks.go    our blocks as Slack's, within Slack's limits
//   - errors.go    Slack's refusals in the engine's words
package slack
