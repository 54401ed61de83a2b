// Package fakegithub is a pretend GitHub: it speaks GitHub's REST API over
// HTTP, keeps repositories, changes, checks and deployments, and sends signed
// webhooks to the bot. GitHub's real clients run against it unchanged, and
// what it says holds to GitHub's published description.
//
// The world is moved by methods ([Server.Open], [Server.Push],
// [Server.Check], [Server.Merge], …) as people and other apps would, and by
// the bot through the API. Both queue webhooks; nothing is sent before
// [Server.Deliver] says so (or [Server.Run] runs), so that a story is the same
// each time it is told. A Server can be told to fail ([Server.Fail]), also
// after it has done what was asked, which is the failure that makes bots
// write twice.
//
// There is no clock and no chance here: Options.Now gives the time, ids are
// counted, and a commit's SHA is a hash of what it is and of its turn.
package fakegithub
