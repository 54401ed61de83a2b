package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/playground/clone"
	"github.com/roundtrip-bot/roundtrip/policies"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
)

// diffCheck is what check --diff is asked for.
type diffCheck struct{ base, dir string }

// run judges HEAD as the bot would judge it: from what GitHub would list of it,
// with the bot's own client, counter and policy.
func (d diffCheck) run(ctx context.Context, out io.Writer) (err error) {
	repo, err := clone.Open(ctx, d.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, repo.Close()) }()
	step, err := repo.Since(ctx, d.base, "HEAD")
	if err != nil {
		return err
	}
	change, err := repo.Change(ctx, step)
	if err != nil {
		return err
	}
	file, err := d.file(ctx, repo, out)
	if err != nil {
		return err
	}
	count, err := d.count(ctx, repo, change, file.Policies.Batch)
	if err != nil {
		return err
	}
	return d.tell(out, change, file, count)
}

// file is that of the base. Where it is wrong it says so and nothing is in
// force: what mends it must not be kept from being pushed.
func (d diffCheck) file(ctx context.Context, repo *clone.Clone, out io.Writer) (config.Repo, error) {
	text, ok, err := repo.File(ctx, d.base, config.RepoFile)
	if err != nil || !ok {
		return config.Defaults(), err
	}
	file, mistakes := config.ParseRepo(config.RepoFile, []byte(text))
	for _, m := range mistakes {
		fmt.Fprintf(out, "%s has a mistake: %s\n", d.base, m)
	}
	return file, nil
}

// count is the bot's, from GitHub's list of the change and the .gitattributes of
// the base.
func (d diffCheck) count(ctx context.Context, repo *clone.Clone, change clone.Change, s policies.BatchSettings) (lines.Count, error) {
	texts, err := repo.Attributes(ctx, d.base)
	if err != nil {
		return lines.Count{}, err
	}
	r := s.Rules()
	if r.Attributes, err = lines.ReadAttributes(texts); err != nil {
		r = r.Blind()
	}
	hub := &clone.GitHub{Limits: clone.GitHubs()}
	client, err := clientOf(hub)
	if err != nil {
		return lines.Count{}, err
	}
	hub.Show(change)
	ref := bot.ChangeRef{Repo: bot.RepoRef{Installation: 1, ID: 1, Name: "local/clone"}, Number: 1}
	files, ok, err := client.ChangedFiles(ctx, ref, bot.SHA(change.After), change.Lines())
	if err != nil || !ok {
		return lines.Count{}, errors.Join(err, errors.New("list the files"))
	}
	return lines.Of(files, change.Lines(), r), nil
}

// tell prints the verdict; it is an error where the change would wait.
func (d diffCheck) tell(out io.Writer, change clone.Change, file config.Repo, count lines.Count) error {
	s := file.Policies.Batch
	facts := policies.Facts{Change: bot.Change{Added: change.Added, Deleted: change.Deleted, Files: len(change.Rows), HasTotals: true}}
	if told := s.Told(count, len(change.Rows)); !s.Decided(facts.Change) {
		facts.Counted = &told
	}
	says := push{base: d.base, mode: string(s.Mode), file: config.RepoFile, hasFile: file.HasFile, without: policies.WithoutTest(count), counted: facts.Counted}
	if s.Mode != policies.Off {
		size := policies.All()[slices.IndexFunc(policies.All(), func(p policies.Policy) bool { return p.Name == "batch" })]
		v := size.Judge(facts, file.Policies)
		says.title, says.rule, says.line, says.waits = v.Title, v.Rule, file.Lines[v.Rule], v.Conclusion == bot.Failure
		says.large = v.Conclusion != bot.Success
	}
	fmt.Fprint(out, says.String())
	if says.waits {
		return fmt.Errorf("%s would not take this: %s", d.base, says.title)
	}
	return nil
}
