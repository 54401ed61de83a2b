package executor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Set is the executors that an operator defined. It is safe for concurrent
// use.
type Set struct {
	by map[bot.ExecutorRef]member
	// actions is everybody's own: a workflow belongs to the repository whose
	// file names it, and starts with that repository's rights alone.
	actions Executor
	enter   func(...string) (func(), error)
}

type member struct {
	Executor
	mayUse func(bot.RepoName) bool
}

// New makes the executors of the endpoints. All mistakes are told at once.
func New(endpoints []Endpoint, o Options) (*Set, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Set{by: map[bot.ExecutorRef]member{}, enter: o.Enter}
	if s.enter == nil {
		s.enter = func(...string) (func(), error) { return func() {}, nil }
	}
	var mistakes []error
	if o.Workflows != nil {
		x, err := newActions(Endpoint{}, o)
		s.actions = x
		if err != nil {
			mistakes = append(mistakes, err)
		}
	}
	for _, e := range endpoints {
		if err := s.add(e, o); err != nil {
			mistakes = append(mistakes, fmt.Errorf("executor %s: %w", e.Name, err))
		}
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	return s, nil
}

func (s *Set) add(e Endpoint, o Options) error {
	i := slices.IndexFunc(all(), func(k Kind) bool { return k.Name == e.Kind })
	if i < 0 {
		return fmt.Errorf("there is no kind of executor %q", e.Kind)
	}
	ref := bot.ExecutorRef{Kind: e.Kind, Name: e.Name}
	if _, twice := s.by[ref]; twice {
		return errors.New("is defined twice")
	}
	x, err := all()[i].New(e, o)
	if err != nil {
		return err
	}
	s.by[ref] = member{x, e.MayUse}
	return nil
}

// of finds who executes an order. An endpoint that names nobody who may use it
// is used by nobody.
func (s *Set) of(o bot.StageOrder) (Executor, error) {
	if o.Executor.Kind == "actions" && s.actions != nil && o.Executor.Name != "" {
		return s.actions, nil
	}
	m, ok := s.by[o.Executor]
	if !ok {
		return nil, permanent("there is no %s executor %q; the server's operator defines it under %s, or the repository's file names one of: %s",
			o.Executor.Kind, o.Executor.Name, section(o.Executor.Kind), s.usableBy(o.Repo.Name))
	}
	if m.mayUse == nil || !m.mayUse(o.Repo.Name) {
		return nil, permanent("%s may not use the executor %q; the server's operator allows it under %s.%s.repositories",
			o.Repo.Name, o.Executor.Name, section(o.Executor.Kind), o.Executor.Name)
	}
	return m, nil
}

// section is where the server's settings define a kind.
func section(kind string) string {
	if kind == "command" {
		return "commands"
	}
	return "endpoints"
}

// usableBy lists what a repository may name, and nothing of others.
func (s *Set) usableBy(repo bot.RepoName) string {
	var names []string
	for ref, m := range s.by {
		if m.mayUse != nil && m.mayUse(repo) {
			names = append(names, ref.Kind+": "+ref.Name)
		}
	}
	if len(names) == 0 {
		return "none yet"
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// Observe says how far an order is.
func (s *Set) Observe(ctx context.Context, o bot.StageOrder) (bot.Observation, error) {
	x, err := s.of(o)
	if err != nil {
		return bot.Observation{}, err
	}
	return x.Observe(ctx, o)
}

func permanent(format string, args ...any) error {
	return bot.Permanent{Err: fmt.Errorf(format, args...)}
}
