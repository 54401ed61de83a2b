package story

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

const repo = playground.Repo

// Began is when every story begins: a Monday morning in October.
var Began = time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)

// Open makes the bot for a world, by the world's settings alone, and hands
// its effects to watch. What it needs is given back by closing.
type Open func(ctx context.Context, w *playground.World, watch func(bot.Task, bot.Effect)) (b Bot, closing func() error, err error)

// Result of a story.
type Result struct {
	Transcript string // the story as it went
	Difference string // the first one, with its line; empty when there is none
}

// Stage is where a story plays. Around is called once the world stands, and
// what it returns when the story has ended: recordings are made there. Saw is
// told of each effect that was done, with the act that it followed from, and
// Rests of each act whose effects have all been seen; both may be nil.
type Stage struct {
	Open   Open
	Around func(*playground.World) (after func() error, err error)
	Saw    func(act string, e bot.Effect)
	Rests  func(act string) error
	Curves bool // production is looked at whenever time passes, for a page that shows its curves
	// Commands are offered where people write, on pages that are looked at.
	Commands []string
}

// Run plays a story. Its error is one of the stage; a difference is none.
func (s Stage) Run(ctx context.Context, text string) (Result, error) {
	script, err := parse(text)
	if err != nil {
		return Result{}, err
	}
	return s.on(ctx, script, func(p *play) (Result, error) { return p.run(ctx, script) })
}

// on builds the world and the bot, lets f play, and clears up.
func (s Stage) on(ctx context.Context, script script, f func(*play) (Result, error)) (res Result, err error) {
	clock := playground.NewClock(Began)
	w, err := playground.New(ctx, playground.Options{Clock: clock, Commands: s.Commands})
	if err != nil {
		return res, err
	}
	defer w.Close()
	if s.Around != nil {
		after, err := s.Around(w)
		if err != nil {
			return res, err
		}
		defer func() { err = errors.Join(err, after()) }()
	}
	if err := w.Found(fileOf(script)); err != nil {
		return res, err
	}
	p := &play{world: w, clock: clock, saw: s.Saw, rests: s.Rests, curves: s.Curves}
	b, closing, err := s.Open(ctx, w, p.watch)
	if err != nil {
		return res, err
	}
	p.bot = b
	if err = p.settle(ctx); err == nil { // what ran before the bot came
		res, err = f(p)
	}
	if cerr := closing(); err == nil {
		err = cerr
	}
	return res, err
}

// fileOf is the repository's file with which the world begins: the canonical
// one of stories, unless the story says that there is none, or that it is the
// one of the tour.
func fileOf(s script) string {
	for _, row := range s.rows {
		switch row {
		case "The repository has no file.":
			return ""
		case "The repository's file is the tour's.":
			return playground.LiveFile
		}
	}
	return playground.StoryFile
}

func (p *play) run(ctx context.Context, s script) (Result, error) {
	var out strings.Builder
	difference := ""
	acts := s.acts
	for i, row := range s.rows {
		out.WriteString(row + "\n")
		if len(acts) == 0 || acts[0].row != i {
			continue
		}
		seen, err := p.act(ctx, acts[0])
		for _, line := range seen {
			out.WriteString("< " + line + "\n")
		}
		if err != nil {
			return Result{Transcript: out.String()}, fmt.Errorf("%q: %w", acts[0].does, err)
		}
		if difference == "" {
			difference = compare(acts[0], seen)
		}
		acts = acts[1:]
	}
	return Result{Transcript: out.String(), Difference: difference}, nil
}

// compare is the first difference between what was told and what was seen.
func compare(a act, seen []string) string {
	for i := range max(len(a.expects), len(seen)) {
		want, got := at(a.expects, i), at(seen, i)
		if want != got {
			return fmt.Sprintf("after %q, effect %d:\n  told: %s\n  seen: %s", a.does, i+1, want, got)
		}
	}
	return ""
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "(nothing)"
}

// Requests counts the requests to GitHub that follow from one act, by route,
// after others that are not counted.
func (s Stage) Requests(ctx context.Context, before []string, does string) (map[string]int, error) {
	each, err := s.Each(ctx, append(slices.Clone(before), does))
	if err != nil {
		return nil, err
	}
	return each[len(each)-1], nil
}

// Each counts those that follow from each of several acts.
func (s Stage) Each(ctx context.Context, acts []string) (each []map[string]int, err error) {
	script, err := parse("> " + strings.Join(acts, "\n> ") + "\n")
	if err != nil {
		return nil, err
	}
	_, err = s.on(ctx, script, func(p *play) (Result, error) {
		for _, a := range script.acts {
			p.world.GitHub.ResetRequests()
			if _, err := p.act(ctx, a); err != nil {
				return Result{}, fmt.Errorf("%q: %w", a.does, err)
			}
			each = append(each, p.world.GitHub.Requests())
		}
		return Result{}, nil
	})
	return each, err
}
