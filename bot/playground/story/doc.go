// Package story runs what testdata/stories tells: a line that begins with ">"
// is what the world does, one that begins with "<" is an effect of the bot,
// in order. An effect that is not listed fails, and so does one that does not
// come. One text is test, scenario and manual.
//
//	> @alice opens #1 "Add gift wrapping" +14 -3
//	< check #1 roundtrip / batch success: 17 lines - on target
//	> @alice comments on #1: /deploy staging
//	< reaction eyes
//	> after 5m
//
// Other lines are prose. The clock is the story's: time passes only by
// "after", and then from one thing that is due to the next.
//
//   - parse.go   text to acts
//   - verbs.go   what the world can do: one regular expression a verb
//   - tour.go    the tour of the playground, and its coach
//   - play.go    one act, and what follows from it
//   - effect.go  an effect as a line
//   - run.go     a whole story, its transcript and the first difference
package story
