package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/words"
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

// allFlags lets c and those below it go on past a flag that they do not know:
// asked names all of them at once.
func allFlags(c *cobra.Command) {
	c.FParseErrWhitelist.UnknownFlags = true
	for _, below := range c.Commands() {
		allFlags(below)
	}
}

// settings are the server's, from the environment and file; what is wrong with
// them and with the command line of c is told at once.
func (env environment) settings(c *cobra.Command, args []string, takes int, example, file string) (config.Server, error) {
	s, mistakes := config.LoadServer(env.variables, file, os.ReadFile)
	if mistakes = append(env.asked(c, args, takes, example), mistakes...); len(mistakes) > 0 {
		return s, usage{mistakes}
	}
	return s, nil
}

// asked finds what is wrong with the command line of c, which takes so many
// arguments: flags that it has not, and arguments too many or too few.
func (env environment) asked(c *cobra.Command, args []string, takes int, example string) (mistakes []bot.Mistake) {
	for _, flag := range unknownFlags(c.Flags(), env.args) {
		mistakes = append(mistakes, wrong(flag, c.CommandPath()+" has no such flag", words.DidYouMean(flag, flagNames(c.Flags()))))
	}
	switch {
	case takes == 0 && len(args) > 0:
		mistakes = append(mistakes, bot.Mistake{File: c.CommandPath(), Message: fmt.Sprintf("takes no arguments, only flags; it got %q", strings.Join(args, " ")), Hint: "leave them out; " + c.CommandPath() + " --help lists the flags"})
	case len(args) != takes:
		mistakes = append(mistakes, bot.Mistake{File: c.CommandPath(), Message: fmt.Sprintf("takes %s; it got %d", words.Plural(takes, "argument"), len(args)), Hint: "write " + example})
	}
	return mistakes
}

// unknownFlags of a command line, each once. What follows a known flag that
// takes a value is its value.
func unknownFlags(flags *pflag.FlagSet, args []string) (unknown []string) {
	for i := 0; i < len(args) && args[i] != "--"; i++ {
		name, _, valued := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		if !strings.HasPrefix(args[i], "-") || name == "" {
			continue
		}
		switch f := flags.Lookup(name); {
		case f == nil && !slices.Contains(unknown, name) && name != "h":
			unknown = append(unknown, name)
		case f != nil && !valued && f.NoOptDefVal == "":
			i++
		}
	}
	return unknown
}

func flagNames(flags *pflag.FlagSet) (names []string) {
	flags.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// noArgs is for commands whose flags are all that can be wrong.
func (env environment) noArgs(c *cobra.Command, args []string) error {
	if mistakes := env.asked(c, args, 0, ""); len(mistakes) > 0 {
		return usage{mistakes}
	}
	return nil
}

// unknownCommand names the command that was probably meant.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, below := range c.Commands() {
		if below.IsAvailableCommand() {
			names = append(names, below.Name())
		}
	}
	err := fmt.Errorf("there is no command %q", args[0])
	if near, ok := words.Nearest(args[0], names); ok {
		err = fmt.Errorf("%w; did you mean %s?", err, near)
	}
	return flagError{err}
}
