// Package executor puts stages in place: it carries a rollout's orders to the
// machinery that an operator's endpoint names.
//
//   - executor.go  what an executor is; the table of kinds
//   - set.go       the operator's endpoints, and who may use which
//   - perform.go   the effects that are carried out through them
//   - http.go      a deploy target that speaks docs/executor-http.md
//   - wire.go      its bodies; answer.go what its answers mean
//   - command.go   a program of the operator's; command_state.go what is
//     remembered of its runs, command_run.go how it is run and watched,
//     command_group.go how all of it is stopped
//   - actions.go   a workflow of GitHub Actions; actions_run.go how a run is
//     started and stopped, actions_title.go how it is known again,
//     actions_look.go which of them are believed
//   - runs.go      what the runs of a command or a workflow amount to
//
// A new kind is a file and a line in all; executortest.Exercise says what it
// must do.
package executor

import (
	"context"
	"net/http"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Executor puts releases in place. Everything is idempotent on the order's
// key, and an order whose fence is older than one seen in its environment is
// refused, so that whoever was replaced can no longer move anything.
//
// Errors: bot.Permanent when trying again cannot help, bot.RetryAfter when the
// other side asked to wait; every other error is tried again.
type Executor interface {
	// Start begins a deployment at the order's weight; it does not wait until
	// that is in place. Starting a known key again changes nothing.
	Start(ctx context.Context, o bot.StageOrder) error
	// Find reports whether the key was ever started. False is said only by
	// who knows: an executor that cannot be reached is an error.
	Find(ctx context.Context, o bot.StageOrder) (found bool, err error)
	// Observe says how far it is, and changes nothing.
	Observe(ctx context.Context, o bot.StageOrder) (bot.Observation, error)
	// SetWeight moves traffic to the order's weight.
	SetWeight(ctx context.Context, o bot.StageOrder) error
	// Finish gives it all the traffic and retires the old one.
	Finish(ctx context.Context, o bot.StageOrder) error
	// Abort brings the traffic back. What was never started is aborted already;
	// of a take-over that was not, the canary it was to go on with is aborted.
	Abort(ctx context.Context, o bot.StageOrder) error
}

// Endpoint is an operator's definition of a place that executes.
type Endpoint struct {
	Name    string
	Kind    string // of the table
	URL     string
	Secret  string   // signs what we send
	Run     []string // of a command: the program, by its whole path, and its arguments
	MayUse  func(bot.RepoName) bool
	Timeout time.Duration // of one request, or of one run of a command
}

// Options are common to all executors.
type Options struct {
	// Now stamps signatures; time.Now when nil. It decides nothing else.
	Now func() time.Time
	// State is the folder in which commands' runs are remembered, by its whole
	// path. It must outlive the process, as the database does.
	State string
	// Supervisor begins the command line of a program that calls Supervise
	// with the folder, the timeout and the command that follow.
	Supervisor []string
	// Over carries requests instead of the network, as dial.Options say.
	Over http.RoundTripper
	// Watch sees each request, as dial.Options say.
	Watch func(http.RoundTripper) http.RoundTripper
	// Enter takes a place among those that wait for an executor to carry out an
	// order, until leave is called; bot.RetryAfter when there is none. nil: there
	// are enough.
	Enter func(executors ...string) (leave func(), err error)
	// Workflows starts those of GitHub Actions; nil: there is no actions.
	Workflows Workflows
}

// A Kind of executor.
type Kind struct {
	Name string // as repositories' files and the settings write it
	Doc  string
	New  func(Endpoint, Options) (Executor, error)
}

// all kinds, in the order in which people see them.
func all() []Kind {
	return []Kind{
		{Name: "http", Doc: "Signed requests to a deploy target that speaks docs/executor-http.md.", New: newHTTP},
		{Name: "command", Doc: "A program of the server's own, as docs/executor-command.md says.", New: newCommand},
		{Name: "actions", Doc: "A workflow of the repository's own, as docs/executor-actions.md says.", New: newActions},
	}
}

// Kinds lists the kinds of executors, for help and reference pages.
func Kinds() []Kind { return all() }
