package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
	"github.com/roundtrip-bot/roundtrip/bot/store"
	"github.com/roundtrip-bot/roundtrip/bot/when"
)

// reportWish is what the flags of report say.
type reportWish struct {
	week, zone, repo, service, environment, format, database string
}

// format is how a report is written.
type format struct {
	name  string
	write func(flow.Report) string
}

var formats = []format{
	{"text", flow.Text},
	{"markdown", flow.Markdown},
	{"csv", flow.CSV},
	{"json", asJSON},
}

func asJSON(r flow.Report) string {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err.Error() // a report holds only what marshals
	}
	return string(b) + "\n"
}

func reportCommand(env environment) *cobra.Command {
	var o reportWish
	c := &cobra.Command{
		Use: "report", Short: "Print the weekly flow report", Args: cobra.ArbitraryArgs,
		Long: "Print what went live in a week, how long it took, what failed and how main fared, from the ledger of the\nbot's database. It may run beside serve.",
		RunE: func(c *cobra.Command, args []string) error {
			return report(c.Context(), env, o, env.asked(c, args, 0, ""))
		},
	}
	c.Flags().StringVar(&o.week, "week", "", "ISO week, as 2026-W40; the last full one unless given")
	c.Flags().StringVar(&o.zone, "zone", "UTC", "where the week's clock hangs, as Europe/Berlin")
	c.Flags().StringVar(&o.repo, "repo", "", "owner/name; needed where the ledger knows several")
	c.Flags().StringVar(&o.service, "service", "", "one service; all unless given")
	c.Flags().StringVar(&o.environment, "environment", "", "what counts as live; the last one of the repository's stages unless given")
	c.Flags().StringVar(&o.format, "format", "text", "text, markdown, csv or json")
	c.Flags().StringVar(&o.database, "database", "", "sqlite:FILE or postgres://…; ROUNDTRIP_DATABASE_URL unless given")
	return c
}

func report(ctx context.Context, env environment, o reportWish, mistakes []bot.Mistake) error {
	zone, err := when.ParseZone(o.zone)
	if err != nil {
		mistakes = append(mistakes, wrong("zone", err.Error(), "write a name as Europe/Berlin or UTC"))
		zone = time.UTC
	}
	i := slices.IndexFunc(formats, func(f format) bool { return f.name == o.format })
	if i < 0 {
		mistakes = append(mistakes, wrong("format", fmt.Sprintf("there is no format %q", o.format), "choose text, markdown, csv or json"))
	}
	p := flow.Period{Service: o.service, Environment: o.environment}
	if o.week != "" {
		if p.From, p.To, err = flow.ParseWeek(o.week, zone); err != nil {
			mistakes = append(mistakes, wrong("week", err.Error(), "write --week 2026-W40"))
		}
	}
	if len(mistakes) > 0 {
		return usage{mistakes}
	}
	return printReport(ctx, env, o, p, zone, formats[i].write)
}

func printReport(ctx context.Context, env environment, o reportWish, p flow.Period, zone *time.Location, write func(flow.Report) string) (err error) {
	db, err := store.OpenReader(ctx, orElse(o.database, orElse(env.getenv("ROUNDTRIP_DATABASE_URL"), "sqlite:roundtrip.db")))
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // it was only read
	if p.Now, err = db.Now(ctx); err != nil {
		return err
	}
	if o.week == "" {
		p.From, p.To = flow.WeekBefore(p.Now, zone)
	}
	facts, err := db.Facts(ctx, bot.FactQuery{Kinds: flow.Kinds()})
	if err != nil {
		return err
	}
	of, err := ofRepo(facts, o.repo)
	if err != nil {
		return err
	}
	if len(of) > 0 {
		p.Repo = of[0].Repo.Name
	}
	h := flow.FromFacts(of)
	p.Environment = orElse(p.Environment, h.Goal())
	_, err = fmt.Fprint(env.stdout, write(flow.New(h, p)))
	return err
}

// ofRepo are the facts of one repository: the one that is named, else the only
// one. Numbers of several are never mixed unasked.
func ofRepo(facts []bot.Fact, name string) ([]bot.Fact, error) {
	by := map[int64][]bot.Fact{}
	var names []string
	for _, f := range facts {
		if len(by[f.Repo.ID]) == 0 {
			names = append(names, string(f.Repo.Name))
		}
		by[f.Repo.ID] = append(by[f.Repo.ID], f)
	}
	for _, of := range by {
		if name == "" && len(by) == 1 || strings.EqualFold(string(of[len(of)-1].Repo.Name), name) {
			return of, nil
		}
	}
	slices.Sort(names)
	switch {
	case name == "" && len(by) == 0:
		return nil, nil // an empty week says so itself
	case name == "":
		return nil, usage{[]bot.Mistake{wrong("repo", "the ledger knows several: "+strings.Join(names, ", "), "name one, as --repo "+names[0])}}
	}
	return nil, usage{[]bot.Mistake{wrong("repo", fmt.Sprintf("the ledger knows no repository %q", name), "it knows: "+orElse(strings.Join(names, ", "), "none yet"))}}
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}
