package web

import (
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
