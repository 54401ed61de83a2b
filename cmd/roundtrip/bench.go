package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot/playground/story"
)

func benchCommand(env environment) *cobra.Command {
	c := &cobra.Command{Use: "bench", Short: "Measure what we claim", Args: unknownCommand, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	api := &cobra.Command{
		Use: "api", Short: "GitHub requests per scenario, and per change of a recorded size, counted by the pretend GitHub", Args: env.noArgs,
	}
	sizes := api.Flags().Int("sizes", 200, "so many changes of recorded sizes; 0: none")
	api.RunE = func(c *cobra.Command, _ []string) error { return benchAPI(c.Context(), env, *sizes) }
	c.AddCommand(api)
	c.AddCommand(benchCrashCommand(env), benchHooksCommand(env), benchGrowCommand(env), benchE2ECommand(env), benchSoakCommand(env), benchCountCommand(env))
	return c
}

// scenario is an act of the world whose requests to GitHub are counted, and
// what comes before it uncounted.
type scenario struct {
	name   string
	before []string
	act    string
}

func scenarios() []scenario {
	opened := `@alice opens #1 "Add gift wrapping" +14 -3`
	ready := []string{opened, "ci: build passes on #1", "ci: unit passes on #1", "after 1s"}
	return []scenario{
		{"the very first change", nil, opened},
		{"change opened", []string{opened}, `@bob opens #2 "Faster prices" +9 -2`},
		{"the first large change", []string{opened}, `@bob opens #2 "All prices" +150 -0 in 3 files`},
		{"a large change", []string{opened, `@bob opens #2 "All prices" +150 -0 in 3 files`}, `@bob opens #3 "More prices" +150 -0 in 3 files`},
		{"push to a change", []string{opened}, "@alice pushes to #1 +4 -0"},
		{"a change edits our file", []string{opened}, "@alice writes .github/roundtrip.yml on #1:\n> | version: 1"},
		{"check finished on a change", []string{opened}, "ci: unit passes on #1"},
		{"the first check of main", []string{opened}, "ci: unit passes on main"},
		{"check finished on main", []string{"ci: unit passes on main", opened, `@ann pushes to main "Tidy up"`}, "ci: unit passes on main"},
		{"change merged", ready, "@alice merges #1"},
		{"/status", ready, "@alice comments on #1: /status"},
		{"/deploy staging", ready, "@alice comments on #1: /deploy staging"},
		{"a comment that is no command", ready, "@alice comments on #1: Looks good to me."},
	}
}

func benchAPI(ctx context.Context, env environment, sizes int) error {
	fmt.Fprintf(env.stdout, "%-30s %6s %6s  which\n", "scenario", "reads", "writes")
	for _, s := range scenarios() {
		reads, writes, which, err := s.count(ctx)
		if err != nil {
			return fmt.Errorf("bench %s: %w", s.name, err)
		}
		fmt.Fprintf(env.stdout, "%-30s %6d %6d  %s\n", s.name, reads, writes, which)
	}
	if sizes <= 0 {
		return nil
	}
	return benchSizes(ctx, env.stdout, sizes)
}

// count plays a scenario in a world of its own.
func (s scenario) count(ctx context.Context) (reads, writes int, which string, err error) {
	dir, gone, err := scratch("bench")
	if err != nil {
		return 0, 0, "", err
	}
	defer gone(&err)
	counts, err := story.Stage{Open: opener(dir)}.Requests(ctx, s.before, s.act)
	if err != nil {
		return 0, 0, "", err
	}
	reads, writes, which = sum(counts)
	return reads, writes, which, nil
}

// sum counts reads and writes. A token is neither: it serves for an hour.
func sum(counts map[string]int) (reads, writes int, which string) {
	var list []string
	for _, route := range slices.Sorted(maps.Keys(counts)) {
		switch {
		case strings.HasSuffix(route, "/access_tokens"):
			continue
		case strings.HasPrefix(route, "GET "):
			reads += counts[route]
		default:
			writes += counts[route]
		}
		list = append(list, fmt.Sprintf("%d× %s", counts[route], strings.Replace(route, "/repos/{owner}/{repo}", "…", 1)))
	}
	return reads, writes, strings.Join(list, ", ")
}
