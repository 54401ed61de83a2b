// Package handlers is what we do about events. A handler looks (through
// read-only interfaces), decides (with the pure packages) and returns a plan;
// it cannot write anywhere, not even by accident.
//
//   - a reaction to an event is one file and a line in All
//   - a slash command is command_<name>.go and a line in commands
//   - something on a schedule is a line in schedules
package handlers

import (
	"context"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// Store is what we know. Read only: what is to be saved goes into the plan.
type Store interface {
	Doc(ctx context.Context, key string, doc interface{ SetVersion(int) }) (bool, error)
	Keys(ctx context.Context, prefix string) ([]string, error)
	// Held reads the documents that hold a claim which begins with prefix, each
	// into what next gives.
	Held(ctx context.Context, prefix string, next func() interface{ SetVersion(int) }) error
	Facts(ctx context.Context, q bot.FactQuery) ([]bot.Fact, error)
	// Known are those of some ids, at most a few hundred, under which a delivery
	// was heard.
	Known(ctx context.Context, ids []string) (map[string]bool, error)
}

// GitHub is what we may ask of it.
type GitHub interface {
	File(ctx context.Context, repo bot.RepoRef, path string) (text []byte, err error)
	FileAt(ctx context.Context, repo bot.RepoRef, path string, at bot.SHA) (text []byte, err error)
	Change(ctx context.Context, ref bot.ChangeRef) (bot.Change, error)
	// Lines are a change's, counted file by file; false when GitHub does not
	// say, or when another commit than head is the head by now. It takes well
	// under an attempt's time, and fails then.
	Lines(ctx context.Context, ref bot.ChangeRef, head bot.SHA) (size bot.Size, ok bool, err error)
	// ChangedFiles are those of a change with their patches, as far as GitHub
	// lists them; total are the lines that they should have. Otherwise as Lines.
	ChangedFiles(ctx context.Context, ref bot.ChangeRef, head bot.SHA, total int) (files []bot.ChangedFile, ok bool, err error)
	// CommitFiles are those of a commit beside its parent; whole: with all lines
	// that GitHub counts of it.
	CommitFiles(ctx context.Context, repo bot.RepoRef, at bot.SHA) (files []bot.ChangedFile, whole bool, err error)
	// Attributes are the .gitattributes of a commit's tree; what is known is not
	// read again.
	Attributes(ctx context.Context, repo bot.RepoRef, at bot.SHA, known []bot.AttributesFile) ([]bot.AttributesFile, error)
	// OpenChanges are listed without the first skip of them, a multiple of 100.
	// With an error come those that were read before it; it takes well under an
	// attempt's time, and fails then.
	OpenChanges(ctx context.Context, repo bot.RepoRef, base string, skip int) ([]bot.Change, error)
	// Closed are the closed changes that were touched last, the newest first.
	Closed(ctx context.Context, repo bot.RepoRef) ([]bot.Change, error)
	Role(ctx context.Context, repo bot.RepoRef, login bot.Login) (bot.Role, error)
	RequiredChecks(ctx context.Context, repo bot.RepoRef, branch string) ([]string, error)
	Checks(ctx context.Context, repo bot.RepoRef, sha bot.SHA) ([]bot.CheckRun, error)
	Head(ctx context.Context, repo bot.RepoRef, branch string) (bot.SHA, error)
	DefaultBranch(ctx context.Context, repo bot.RepoRef) (string, error)
	Compare(ctx context.Context, repo bot.RepoRef, base, head bot.SHA) ([]bot.Commit, error)
	// PushedAt is when a commit became a branch's head, by GitHub's clock, and
	// who made it so; false unless that is the newest that GitHub remembers of
	// the branch.
	PushedAt(ctx context.Context, repo bot.RepoRef, branch string, sha bot.SHA) (at time.Time, by bot.Login, known bool, err error)
	// Pushes are those to a branch after the one that made known its head, oldest
	// first. Where it is not said which files a push touched, every path in any is
	// named.
	Pushes(ctx context.Context, repo bot.RepoRef, branch string, known bot.SHA, any ...string) ([]bot.Pushed, error)
	// Sent is a page of what GitHub sent to our hook, the newest first, and where
	// the next one begins: empty for the first, and after the last.
	Sent(ctx context.Context, cursor string) (page []bot.Sent, next string, err error)
	// Fetch is what was sent, in the order of the ids: as many as there is time
	// for in one attempt, and at least one. An error is of the one after those.
	Fetch(ctx context.Context, ids []int64) ([]bot.Letter, error)
}

// Stages can be asked how far an order is.
type Stages interface {
	Observe(ctx context.Context, o bot.StageOrder) (bot.Observation, error)
}

// Production can be asked what it did.
type Production interface {
	Windows(ctx context.Context, q bot.Query) ([]bot.Window, error)
}

// Places bound how many handlers wait for outsiders at once. Enter takes one at
// each of those named, until leave is called; bot.RetryAfter when there is none.
type Places interface {
	Enter(outsiders ...string) (leave func(), err error)
}

// Settings is what a repository's file says, compiled.
type Settings struct {
	HasFile  bool
	Policies policies.Settings
	Lines    map[string]int // of the file, on which a policy's key stands, by its path
	Pipeline deploy.Pipeline
	Notify   bot.Notify
	Weekly   *bot.Schedule
	Next     func(after time.Time) time.Time // of Weekly; nil without one
	Zone     *time.Location                  // of Weekly
}

// Handlers look through these and decide.
type Handlers struct {
	Store      Store
	GitHub     GitHub
	Stages     Stages
	Production Production
	Places     Places // of those that wait for the two; nil: there are enough
	// Read compiles a repository's file. All mistakes at once.
	Read func(text []byte) (Settings, []bot.Mistake)
	// Polls says that nobody need reach us: what GitHub sent is fetched,
	// whatever it was answered.
	Polls bool
	// People are GitHub logins by Slack member id.
	People map[string]bot.Login
}

// All handlers.
func (h *Handlers) All() []bot.Handler {
	return []bot.Handler{
		bot.On("change updated", h.changeUpdated),
		bot.On("change closed", h.changeClosed),
		bot.On("judge due", h.judgeDue),
		bot.On("judge all due", h.judgeAllDue),
		bot.On("recheck asked", h.recheckAsked),
		bot.On("check pressed", h.checkPressed),
		bot.On("pushed", h.pushed),
		bot.On("file pushed", h.filePushed),
		bot.On("attributes pushed", h.attributesPushed),
		bot.On("check reported", h.checkReported),
		bot.On("red due", h.redDue),
		bot.On("build due", h.buildDue),
		bot.On("rerun settled", h.rerunSettled),
		bot.On("incident due", h.incidentDue),
		bot.On("revert settled", h.revertSettled),
		bot.On("group formed", h.groupFormed),
		bot.On("command given", h.commandGiven),
		bot.On("button pressed", h.buttonPressed),
		bot.On("deployment reported", h.deploymentReported),
		bot.On("installation changed", h.installationChanged),
		bot.On("start due", h.startDue),
		bot.On("stage settled", h.stageSettled),
		bot.On("rollout due", h.rolloutDue),
		bot.On("schedule due", h.scheduleDue),
		bot.On("delivery stuck", h.deliveryStuck),
		bot.On("catch-up due", h.catchUpDue),
		bot.On("compare due", h.compareDue),
	}
}
