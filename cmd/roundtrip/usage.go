package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// usage is everything that is wrong with what was asked for, at once.
type usage struct{ mistakes []bot.Mistake }

func (u usage) Error() string { return fmt.Sprintf("%d things to put right", len(u.mistakes)) }

func (u usage) print(w io.Writer) {
	fmt.Fprintln(w, "roundtrip: this must be put right first:")
	for _, m := range u.mistakes {
		fmt.Fprintf(w, "  %s\n", m)
	}
}

// wrong is one mistake in the flags.
func wrong(flag, message, hint string) bot.Mistake {
	return bot.Mistake{File: "--" + flag, Message: message, Hint: hint}
}

// flagError marks what cobra says of flags, arguments and commands.
type flagError struct{ error }

func noArgs(c *cobra.Command, args []string) error {
	if err := cobra.NoArgs(c, args); err != nil {
		return flagError{fmt.Errorf("%s takes no arguments, only flags; it got %q", c.CommandPath(), strings.Join(args, " "))}
	}
	return nil
}

// unknownCommand names the command that was probably meant.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("there is no command %q", args[0])
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		err = fmt.Errorf("%w; did you mean %s?", err, strings.Join(near, " or "))
	}
	return flagError{err}
}
