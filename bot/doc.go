// Package bot is the vocabulary of Roundtrip.
//
// An [Event] arrives, a [Handler] looks and decides, its [Plan] is saved in
// one transaction, and performers carry out the plan's [Effect]s, each as
// often as it takes and to the effect of once.
//
// Everything here is a value: no I/O, no clock, nothing outside the standard
// library. The folders around it hold the rest:
//
//	engine      hear → handle → save → perform
//	store       what we know, in SQL
//	config      the operator's settings and .github/roundtrip.yml
//	github      GitHub in our words
//	slack       Slack in our words
//	flow        what managers read
//	words       what we say to people
//	when        cron lines, windows, zones and durations, guarded
//	dial        the one guarded HTTP client for configured hosts
//	web         routes and pages
//	playground  a pretend world that speaks real HTTP
package bot
