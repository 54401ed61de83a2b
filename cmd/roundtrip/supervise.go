package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/deploy/executor"
)

// superviseName is a command that the bot gives itself: it watches a program
// of the operator's, so that its end is seen when the bot was restarted.
const superviseName = "supervise"

func superviseCommand() *cobra.Command {
	return &cobra.Command{
		Use: superviseName + " DIR TIMEOUT PROGRAM [ARGUMENT...]", Short: "Watch a command of a deploy; serve calls it",
		Hidden: true, DisableFlagParsing: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 3 {
				return flagError{errors.New("supervise is called by serve, with a folder, a timeout and a program")}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			timeout, err := time.ParseDuration(args[1])
			if err != nil {
				return fmt.Errorf("supervise: %w", err)
			}
			return executor.Supervise(args[0], timeout, args[2:])
		},
	}
}
