package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

func checkCommand(env environment) *cobra.Command {
	var d diffCheck
	c := &cobra.Command{
		Use: "check FILE", Short: "Check a repository's file before it is merged, or a change before it is pushed",
		Long: "Check a file as .github/roundtrip.yml is read: every mistake at once, each with its line and column, and what\nthis version does not do yet. Exit status 1 when there is a mistake.\n\nWith --diff BASE and no file: what the check roundtrip / batch would say of HEAD as a pull request to BASE, by the file\nand the .gitattributes that BASE has, and whether code comes without a test. It asks nobody but git. Exit status 1 when\nthe change would wait.",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			takes := 1
			if d.base != "" {
				takes = 0
			}
			if mistakes := env.asked(c, args, takes, "roundtrip check .github/roundtrip.yml"); len(mistakes) > 0 {
				return usage{mistakes}
			}
			if d.base != "" {
				return d.run(c.Context(), env.stdout)
			}
			return check(env, args[0])
		},
	}
	c.Flags().StringVar(&d.base, "diff", "", "where the change is to go, as origin/main")
	c.Flags().StringVar(&d.dir, "git", ".", "directory of the clone, with --diff")
	return c
}

// check reads a file as the bot would. Mistakes go to standard output, one a
// line, for editors to follow.
func check(env environment, file string) error {
	text, err := os.ReadFile(file) //nolint:gosec // the person at the keyboard named it
	if err != nil {
		return usage{[]bot.Mistake{{File: file, Message: "cannot be read: " + cause(err).Error(), Hint: "name the file, as .github/roundtrip.yml"}}}
	}
	repo, mistakes := config.ParseRepo(file, text)
	for _, m := range mistakes {
		fmt.Fprintln(env.stdout, m)
	}
	if n := len(mistakes); n > 0 {
		return fmt.Errorf("%s has %s; the bot goes on with the last good version", file, words.Plural(n, "mistake"))
	}
	fmt.Fprintf(env.stdout, "%s is good.\n%s", file, says(repo))
	return nil
}

// says is what a file means, in a few lines.
func says(r config.Repo) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  batch: %s, lines %d / %d / %d\n", r.Policies.Batch.Mode, r.Policies.Batch.Lines.Target, r.Policies.Batch.Lines.Warn, r.Policies.Batch.Lines.Block)
	fmt.Fprintf(&b, "  green: %s, branches %s\n", r.Policies.Green.Mode, strings.Join(r.Policies.Green.Branches, ", "))
	for _, s := range r.Pipeline.Stages {
		fmt.Fprintf(&b, "  stage %s: to %s by %s %s, weights %s\n", s.Name, s.Environment, s.Executor.Kind, s.Executor.Name, weights(s))
	}
	for _, u := range append(r.Pipeline.Unavailable, r.NotYet...) {
		fmt.Fprintf(&b, "  not in this version: %s (line %d, column %d)\n", u, u.Line, u.Column)
	}
	if len(r.Pipeline.Unavailable) > 0 {
		b.WriteString("  A stage that asks for one of these is refused until it is taken out.\n")
	}
	return b.String()
}

func weights(s deploy.Stage) string {
	var list []string
	for _, step := range s.Steps {
		list = append(list, fmt.Sprintf("%d %%", step.Weight))
	}
	return strings.Join(list, ", ")
}
