package web

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// deliveriesView is what came in and goes out and is not over.
type deliveriesView struct {
	Note    reply // what became of a press
	Off     bool  // there are no buttons, since the settings say so
	Choices []choice
	In, Out *box // nil: not asked for
}

// reply answers whoever pressed a button.
type reply struct{ Mood, Text string }

func (n reply) status() int {
	if n == pressStale {
		return http.StatusConflict
	}
	return http.StatusOK
}

// box is one side of it.
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

// The states that are listed, what needs somebody first.
var (
	inStates  = []string{bot.LetterFailed, bot.LetterHandling, bot.LetterReady, bot.LetterNew}
	outStates = []string{bot.TaskDoubtful, bot.TaskFailed, bot.TaskPerforming, bot.TaskWaiting}
)

func deliveries(l look, r *http.Request) (content, error) {
	q := r.URL.Query()
	in, out, before := q.Get("in"), q.Get("out"), int64(math.MaxInt64)
	if in != "" && !slices.Contains(inStates, in) || out != "" && !slices.Contains(outStates, out) {
		return content{}, wrongWish("There is no such state here. Deliveries are failed, handling, ready or new; effects are doubtful, failed, performing or waiting.")
	}
	if text := q.Get("before"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return content{}, wrongWish("before is the number of a row, as the links of this page have it.")
		}
		before = n
	}
	v := deliveriesView{Choices: choices(in, out), Off: !l.press, Note: l.said}
	var err error
	if out == "" {
		if v.In, err = l.inbox(wanted(inStates, in), before); err != nil {
			return content{}, err
		}
	}
	if in == "" {
		if v.Out, err = l.outbox(wanted(outStates, out), before); err != nil {
			return content{}, err
		}
	}
	return content{Title: "Deliveries", View: v}, nil
}

func wanted(states []string, one string) []string {
	if one == "" {
		return states
	}
	return []string{one}
}

// choice are pages to go to, and what they have in common.
type choice struct {
	Of   string
	Ways []way
}

// choices are the pages of one state each.
func choices(in, out string) []choice {
	all := []choice{{"Listed:", []way{{"all", "/deliveries", in+out == ""}}}, {Of: "came in:"}, {Of: "goes out:"}}
	for _, s := range inStates {
		all[1].Ways = append(all[1].Ways, way{s, listPath("in", s, 0), s == in})
	}
	for _, s := range outStates {
		all[2].Ways = append(all[2].Ways, way{s, listPath("out", s, 0), s == out})
	}
	return all
}

func listPath(side, state string, before int64) string {
	q := url.Values{side: {state}}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	return "/deliveries?" + q.Encode()
}

// wayOn is the way to what there was no room for, if there was none.
func wayOn(side, state string, rows int, last func() int64) []way {
	if rows < mostRows {
		return nil
	}
	return []way{{fmt.Sprintf("older ones that are %s", state), listPath(side, state, last()), false}}
}

func (l look) inbox(states []string, before int64) (*box, error) {
	b, line := &box{}, lineOf[bot.Letter]{cut: before != math.MaxInt64}
	all := map[string][]bot.Letter{}
	for _, state := range union(states, bot.LetterHandling, bot.LetterReady) {
		from := before
		if !slices.Contains(states, state) {
			from = math.MaxInt64 // those who stand before them
		}
		list, err := l.read.LettersBefore(l.ctx, state, from, mostRows)
		if err != nil {
			return nil, err
		}
		all[state] = list
		if state == bot.LetterHandling || state == bot.LetterReady {
			line.add(list)
		}
	}
	for _, state := range states {
		for _, letter := range all[state] {
			b.Rows = append(b.Rows, l.letterRow(letter, line))
		}
		list := all[state]
		b.Older = append(b.Older, wayOn("in", state, len(list), func() int64 { return list[len(list)-1].Seq })...)
	}
	return b, nil
}

func (l look) outbox(states []string, before int64) (*box, error) {
	b, line := &box{}, lineOf[bot.Task]{cut: before != math.MaxInt64}
	all := map[string][]bot.Task{}
	for _, state := range union(states, bot.TaskPerforming, bot.TaskWaiting) {
		from := before
		if !slices.Contains(states, state) {
			from = math.MaxInt64
		}
		list, err := l.read.TasksBefore(l.ctx, state, from, mostRows)
		if err != nil {
			return nil, err
		}
		all[state] = list
		if state == bot.TaskPerforming || state == bot.TaskWaiting {
			line.add(list)
		}
	}
	for _, state := range states {
		for _, t := range all[state] {
			b.Rows = append(b.Rows, l.taskRow(t, line))
		}
		list := all[state]
		b.Older = append(b.Older, wayOn("out", state, len(list), func() int64 { return list[len(list)-1].Seq })...)
	}
	return b, nil
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
