// Package fakeslack is a pretend Slack: it speaks Slack's Web API over HTTP,
// keeps what is posted, and sends signed slash commands and button presses to
// the bot. Slack's real clients run against it unchanged.
//
// The bot calls POST /api/{method} with the bot's token and POST
// /response/{id} for what answers a command. Everything that Slack decides is
// decided here in the same words: {"ok":false,"error":"channel_not_found"},
// 429 with Retry-After, 5xx with a page of HTML. Beyond that a Server can be
// told to fail ([Server.Fail]), also after it has done what was asked, which
// is the failure that makes bots post twice.
//
// A Server has no clock of its own: Options.Now gives it the time, and each
// message gets a timestamp that is unique and later than all before.
package fakeslack
