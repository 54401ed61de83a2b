// Package playground is a pretend world that speaks real HTTP: a GitHub, a
// Slack, a CI and a tiny shop, all at one address, with the bot that is served
// beside them. It knows nothing of the bot but its settings, as a stranger
// would: the bot of the playground is the bot of serve.
//
//   - world.go     the world: who speaks where; world_bot.go the bot beside it
//   - clock.go     a clock that stands still, for stories
//   - settings.go  the settings by which a bot uses this world
//   - seed.go      the repository, its people and two changes that wait
//   - ci.go        checks on every push
//   - page.go      the one page that shows it all
//   - page_lab.go  the metrics lab: PromQL over the shop's last hour
//
// The folders below: fakegithub, fakeslack and fakeprod are the three peers,
// story runs what testdata/stories tells, bench measures.
package playground
