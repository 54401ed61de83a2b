package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
	"github.com/roundtrip-bot/roundtrip/bot/playground/clone"
	"github.com/roundtrip-bot/roundtrip/policies"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
	"github.com/roundtrip-bot/roundtrip/policies/split"
)

// countBench is what bench count is asked for.
type countBench struct {
	dir, rev string
	last     int
	shows    clone.Limits
}

func benchCountCommand(env environment) *cobra.Command {
	o := countBench{shows: clone.GitHubs()}
	c := &cobra.Command{
		Use: "count", Short: "Effective lines of a clone's history, against a count on whole files", Args: cobra.ArbitraryArgs,
		Long: "Count the effective lines of each change on a clone's first-parent line twice: from what GitHub would list of its files, with all that\nit leaves out, and on the whole files. Exit 1 where the first is less, where it differs though GitHub shows everything, or where it is\nbelow what git diff -M -w --ignore-blank-lines has, but for what is blank, moved or of a file that is gone. The clone is only read.",
		RunE: func(c *cobra.Command, args []string) error {
			if mistakes := append(env.asked(c, args, 0, ""), o.mistakes()...); len(mistakes) > 0 {
				return usage{mistakes}
			}
			return o.run(c.Context(), env.stdout)
		},
	}
	c.Flags().StringVar(&o.dir, "git", "", "directory of the clone")
	c.Flags().StringVar(&o.rev, "rev", "HEAD", "where the line ends")
	c.Flags().IntVar(&o.last, "last", 0, "only so many of the newest changes; 0: all")
	c.Flags().IntVar(&o.shows.AnswerLines, "answer", o.shows.AnswerLines, "lines of patches after which an answer shows none; less is harder")
	c.Flags().IntVar(&o.shows.FileLines, "patch", o.shows.FileLines, "lines after which a patch is left out; less is harder")
	return c
}

func (o countBench) mistakes() (mistakes []bot.Mistake) {
	if o.dir == "" {
		mistakes = append(mistakes, wrong("git", "no clone is named", "write --git ."))
	}
	if o.last < 0 {
		mistakes = append(mistakes, wrong("last", fmt.Sprintf("%d is no number of changes", o.last), "write --last 1000"))
	}
	for flag, n := range map[string]int{"answer": o.shows.AnswerLines, "patch": o.shows.FileLines} {
		if n < 1 {
			mistakes = append(mistakes, wrong(flag, fmt.Sprintf("%d is too few", n), "write --"+flag+" 20000"))
		}
	}
	return mistakes
}

func (o countBench) run(ctx context.Context, out io.Writer) (err error) {
	repo, err := clone.Open(ctx, o.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, repo.Close()) }()
	steps, err := repo.Steps(ctx, o.rev, o.last)
	if err != nil {
		return err
	}
	hub := &clone.GitHub{Limits: o.shows}
	client, err := clientOf(hub)
	if err != nil {
		return err
	}
	began, t := time.Now(), countTotals{limits: policies.Defaults().Batch, out: out}
	b := counting{repo: repo, hub: hub, client: client, limits: t.limits}
	for _, s := range steps {
		e, err := b.evaluate(ctx, s)
		if err != nil {
			return fmt.Errorf("count %s: %w", s.After, err)
		}
		t.add(e)
	}
	return t.tell(time.Since(began))
}

// clientOf is a client that asks a GitHub in this process.
func clientOf(hub http.Handler) (*github.Client, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	return github.New(github.Options{
		APIURL: "http://127.0.0.1", AppID: 1, MarkKey: []byte("bench count"), Login: "roundtrip[bot]", CountFor: time.Minute, Transport: inside{hub},
		PrivateKey: pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}),
	})
}

// inside carries requests to a handler without a socket.
type inside struct{ http.Handler }

func (w inside) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, r)
	return rec.Result(), nil
}

// counting counts change after change; each begins where the one before ended.
type counting struct {
	repo   *clone.Clone
	hub    *clone.GitHub
	client *github.Client
	limits policies.BatchSettings
	rules  lines.Rules
	known  bool // rules are those of the next change's base
	asked  bool // GitHub was asked for them, and pushes since then said that they are the same
	files  int  // .gitattributes of the base
}

// evaluated is what came of one change.
type evaluated struct {
	change    clone.Change
	count     lines.Count
	whole     int           // lines by the count on whole files
	huge      bool          // too many lines to look at
	unlooked  bool          // decided by the totals alone
	large     bool          // refused where the file says block
	parts     int           // that it can come in, each of which fits; 0: there is no such plan
	reads     int           // requests for files and rules
	below     []clone.Tally // files with fewer lines than git's diff, and than any
	longer    int           // files where git's diff is longer than it need be
	different []clone.Tally
}

func (b *counting) evaluate(ctx context.Context, s clone.Step) (e evaluated, err error) {
	if e.change, err = b.repo.Change(ctx, s); err != nil {
		return e, err
	}
	if err := b.base(ctx, e.change); err != nil {
		return e, err
	}
	if e.huge = e.change.Lines() > clone.Most; e.huge {
		return e, nil
	}
	b.hub.Show(e.change)
	ref := bot.ChangeRef{Repo: bot.RepoRef{Installation: 1, ID: 1, Name: "local/clone"}, Number: 1}
	files, ok, err := b.client.ChangedFiles(ctx, ref, bot.SHA(s.After), e.change.Lines())
	if err != nil || !ok {
		return e, errors.Join(err, errors.New("list the files"))
	}
	e.count = lines.Of(files, e.change.Lines(), b.rules)
	if e.large = e.count.Effective > b.limits.Lines.Block; e.large {
		e.parts = partsOf(files, b.rules, b.limits.Lines.Block)
	}
	e.unlooked = b.rules.Bounded() && e.change.Lines() <= b.limits.Lines.Warn && len(e.change.Rows) <= b.limits.Files.Warn
	if !e.unlooked {
		e.reads, b.asked = b.hub.Asked()+b.attributesReads(), true
	}
	tallies, err := b.repo.Reference(ctx, e.change, len(b.rules.Attributes.Dirs) > 0)
	e.compare(tallies)
	return e, err
}

// partsOf is in how many parts that fit a change can come; 0 where it cannot.
func partsOf(files []bot.ChangedFile, r lines.Rules, most int) int {
	parts, why := split.Plan(split.Change{Files: files, Rules: r, Most: most})
	if why != "" || slices.ContainsFunc(parts, func(p split.Part) bool { return p.Lines > most }) {
		return 0
	}
	return len(parts)
}

// base reads the rules of a change's base, where they may be others than
// those of the change before, and notes whether this one changes them.
func (b *counting) base(ctx context.Context, ch clone.Change) error {
	if !b.known {
		files, err := b.repo.Attributes(ctx, ch.Before)
		if err != nil {
			return err
		}
		b.rules.Attributes, _ = lines.ReadAttributes(files) // what is too large says nothing
		b.asked, b.files = false, len(files)
	}
	b.known = !ch.TouchesAttributes()
	return nil
}

// attributesReads are the requests for the base's rules: its tree is listed
// and each .gitattributes read, once until a push names another.
func (b *counting) attributesReads() int {
	if b.asked {
		return 0
	}
	return 1 + b.files
}

// compare adds what the count on whole files has of code, and finds files that
// differ.
func (e *evaluated) compare(tallies []clone.Tally) {
	at := map[string]clone.Tally{}
	for _, t := range tallies {
		at[clone.Told(t.Row.Path)] = t
		if t.Kind == string(lines.Code) {
			e.whole += t.Lines
		}
	}
	for _, f := range e.count.Files {
		t, ok := at[f.Path]
		if !ok || f.Raw != t.Row.Added+t.Row.Deleted {
			continue // its lines are among the missing, which count
		}
		switch got := f.Lines + f.Moved; {
		case got < t.Least && t.Short(got):
			e.below = append(e.below, t)
		case got < t.Least:
			e.longer++
		}
		if string(f.Kind) != t.Kind || f.Lines != t.Lines && !f.Unseen {
			e.different = append(e.different, t)
		}
	}
}

// shown reports whether GitHub showed every line.
func (e *evaluated) shown() bool {
	return e.count.Missing == 0 && !slices.ContainsFunc(e.count.Files, func(f lines.File) bool { return f.Unseen })
}
