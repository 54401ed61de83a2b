package web

import (
	"context"
	"math"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// box is what is listed of one side.
type box struct {
	Rows  []waitsFor
	Older []way // where those are for which there was no room
	Off   bool  // they have no buttons
}

func rows(b *box, off bool) box {
	b.Off = off
	return *b
}

// mostRows is how many of each state are listed, newest first.
const mostRows = 50

// side is one of the two of which rows are listed.
type side[T any] struct {
	name string   // as the links say it
	line []string // states of those who stand before others
	read func(ctx context.Context, state string, before int64, most int) ([]T, error)
	seq  func(T) int64
	row  func(T, lineOf[T]) waitsFor
}

func (l look) inbox(states []string, before int64) (*box, error) {
	return side[bot.Letter]{
		name: "in", line: []string{bot.LetterHandling, bot.LetterReady}, read: l.read.LettersBefore,
		seq: func(d bot.Letter) int64 { return d.Seq }, row: l.letterRow,
	}.box(l.ctx, states, before)
}

func (l look) outbox(states []string, before int64) (*box, error) {
	return side[bot.Task]{
		name: "out", line: []string{bot.TaskPerforming, bot.TaskWaiting}, read: l.read.TasksBefore,
		seq: func(t bot.Task) int64 { return t.Seq }, row: l.taskRow,
	}.box(l.ctx, states, before)
}

// box is what is in these states, the newest before a row of that number.
func (s side[T]) box(ctx context.Context, states []string, before int64) (*box, error) {
	b, line := &box{}, lineOf[T]{cut: before != math.MaxInt64}
	all := map[string][]T{}
	for _, state := range union(states, s.line...) {
		from := before
		if !slices.Contains(states, state) {
			from = math.MaxInt64 // those who stand before them
		}
		list, err := s.read(ctx, state, from, mostRows)
		if err != nil {
			return nil, err
		}
		all[state] = list
		if slices.Contains(s.line, state) {
			line.add(list)
		}
	}
	for _, state := range states {
		for _, one := range all[state] {
			b.Rows = append(b.Rows, s.row(one, line))
		}
		b.Older = append(b.Older, s.older(state, all[state])...)
	}
	return b, nil
}

// older is the way to what there was no room for, if there was none.
func (s side[T]) older(state string, list []T) []way {
	if len(list) < mostRows {
		return nil
	}
	return []way{{"older ones that are " + state, listPath(s.name, state, s.seq(list[len(list)-1])), false}}
}

func union(states []string, more ...string) []string {
	all := slices.Clone(states)
	for _, s := range more {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}
