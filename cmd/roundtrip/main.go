// Command roundtrip is a GitHub App and Slack bot that keeps changes small and
// main green, takes releases to production in stages, and brings production's
// answer back to the change that caused it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // schedules have zones, and an image has no database of them

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}

// run is main with everything it touches handed in. It returns the exit
// status: 0, 1 when what was asked for failed, 2 when it was asked for wrongly.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	env := environment{args: args, variables: map[string]string{}, stdout: stdout, stderr: stderr}
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		env.variables[name] = value
	}
	root := &cobra.Command{
		Use: "roundtrip", Short: "Small changes, a green main, releases in stages, and production's answer",
		SilenceErrors: true, SilenceUsage: true,
	}
	root.AddCommand(subcommands(env)...) //nolint:contextcheck // cobra hands each command its context
	root.AddCommand(superviseCommand())  // nobody calls it but serve
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	for _, c := range root.Commands() {
		allFlags(c)
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return flagError{err} })
	root.Args = unknownCommand
	root.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	return status(root.ExecuteContext(ctx), stderr)
}

// status tells people what went wrong and the shell how.
func status(err error, stderr io.Writer) int {
	var settings usage
	var flags flagError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &settings):
		settings.print(stderr)
		return 2
	case errors.As(err, &flags):
		fmt.Fprintf(stderr, "roundtrip: %v\n  next: roundtrip --help lists the commands, roundtrip COMMAND --help their flags\n", err)
		return 2
	}
	fmt.Fprintf(stderr, "roundtrip: %v\n", err)
	return 1
}

// calledOff is the error of a start, or none where somebody ended it before it
// was up: whoever presses Ctrl-C has what they asked for.
func calledOff(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return nil
}

// environment is what a subcommand may touch.
type environment struct {
	args           []string
	variables      map[string]string
	stdout, stderr io.Writer
}

func (env environment) getenv(name string) string { return env.variables[name] }

// subcommands, in the order in which people see them.
func subcommands(env environment) []*cobra.Command {
	return []*cobra.Command{
		playgroundCommand(env), serveCommand(env), reportCommand(env), checkCommand(env), replayCommand(env), migrateCommand(env), benchCommand(env), simCommand(env), docsCommand(env), versionCommand(env),
	}
}
