// Package deploy decides how releases move through stages: what may start,
// when, with how much traffic, and when it goes back. It is pure: time comes
// in with each input, and what it decides are values. The packages below it
// put stages in place (executor) and ask production (metrics).
//
//   - pipeline.go  what a repository's file says about stages
//   - release.go   what is deployed: one commit, for ever
//   - rollout.go   one attempt to bring a release into a stage, as a document
//   - input.go     what a rollout can be told
//   - step.go      the state machine: observed.go what the executor said, advance.go when
//     it goes on, returning.go the way back
//   - looked.go    what production showed, and what follows; verdict.go what the judge says
//   - gates.go     the table of what must hold before a start
package deploy
