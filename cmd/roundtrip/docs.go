package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/handlers"
	"github.com/roundtrip-bot/roundtrip/policies"
)

func docsCommand(env environment) *cobra.Command {
	var into string
	c := &cobra.Command{
		Use: "docs", Short: "Write the reference pages that are generated from the code", Args: env.noArgs,
		RunE: func(*cobra.Command, []string) error {
			for _, d := range generated() {
				file := filepath.Join(into, filepath.FromSlash(d.path))
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // pages for everybody
					return err
				}
				if err := os.WriteFile(file, d.text(), 0o644); err != nil {
					return err
				}
				fmt.Fprintln(env.stdout, file)
			}
			return nil
		},
	}
	c.Flags().StringVar(&into, "into", "docs", "folder to write into")
	return c
}

// document is a page made from the tables of the code, so that it cannot
// drift from them.
type document struct {
	path string
	text func() []byte
}

func generated() []document {
	return []document{
		{"roundtrip.schema.json", config.Schema},
		{"reference/roundtrip.yml.md", config.Reference},
		{"reference/settings.md", config.ServerReference},
		{"reference/commands.md", commandsPage},
		{"reference/policies.md", policiesPage},
		{"reference/gates.md", gatesPage},
		{"reference/report.md", reportPage},
	}
}

const generatedBy = "Generated from the code by `roundtrip docs`.\n\n"

func commandsPage() []byte {
	var b strings.Builder
	b.WriteString("# Every command\n\n" + generatedBy + "In a comment on a pull request, at the beginning of a line; one comment, one command. In Slack the same words follow `/roundtrip`.\n\n| command | does | who |\n|---|---|---|\n")
	for _, c := range handlers.Commands() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Usage, c.Doc, c.Who)
	}
	b.WriteString("\nThe comment gets a reaction; the last one stays, and an answer that is no begins with its sign.\n\n| reaction | means |\n|---|---|\n")
	for _, r := range bot.Reactions() {
		fmt.Fprintf(&b, "| %s `%s` | %s |\n", r.Sign, r.Name, r.Means)
	}
	return []byte(b.String())
}

func policiesPage() []byte {
	var b strings.Builder
	b.WriteString("# Every policy\n\n" + generatedBy + "Each is a key of `.github/roundtrip.yml` with a `mode:` of off, observe, warn or block. Without a file all of them observe: judged and recorded, nothing is written.\n\n| policy | check | what it asks |\n|---|---|---|\n")
	for _, p := range policies.All() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", p.Name, p.Check, p.Doc)
	}
	return []byte(b.String())
}

func gatesPage() []byte {
	var b strings.Builder
	b.WriteString("# Every gate\n\n" + generatedBy + "All are asked before a release starts in a stage, and all that stand in the way are shown at once. What cannot be read blocks. `/rollback` asks none of them.\n\n| gate | asks |\n|---|---|\n")
	for _, g := range deploy.AllGates() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", g.Name, g.Doc)
	}
	return []byte(b.String())
}

func reportPage() []byte {
	var b strings.Builder
	b.WriteString("# The weekly flow report\n\n" + generatedBy + "`roundtrip report --week 2026-W40` prints it; `report.weekly` in the file sends it. Every number comes with how many it is of; nothing is counted by person.\n\n| measure | means |\n|---|---|\n")
	for _, m := range flow.Measures() {
		fmt.Fprintf(&b, "| %s | %s |\n", m.Name, m.Doc)
	}
	for _, s := range handlers.Schedules() {
		fmt.Fprintf(&b, "\nOn a schedule: %s (`%s`).\n", s.Doc, s.Name)
	}
	return []byte(b.String())
}
