package executor

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// The bodies of docs/executor-http.md. They are the wire's and not ours: a
// field renamed in package bot must not change what targets read.
type (
	wireOrder struct {
		Key         string            `json:"key"`
		Fence       int               `json:"fence"`
		Repo        wireRepo          `json:"repo"`
		Service     string            `json:"service"`
		Environment string            `json:"environment"`
		Stage       string            `json:"stage"`
		SHA         bot.SHA           `json:"sha"`
		StableSHA   bot.SHA           `json:"stable_sha"`
		Weight      int               `json:"weight"`
		Params      map[string]string `json:"params"`
	}
	wireRepo struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	}
	wireAsk struct {
		Weight *int `json:"weight,omitempty"`
		Fence  int  `json:"fence"`
	}
	wireDeployment struct {
		Key     string  `json:"key"`
		State   string  `json:"state"`
		SHA     bot.SHA `json:"sha"`
		Weight  int     `json:"weight"`
		Message string  `json:"message"`
		URL     string  `json:"url"`
	}
)

func wireOrderOf(o bot.StageOrder) wireOrder {
	params := o.Params
	if params == nil {
		params = map[string]string{}
	}
	return wireOrder{
		Key: o.Key, Fence: o.Fence, Repo: wireRepo{o.Repo.ID, string(o.Repo.Name)}, Service: o.Service,
		Environment: o.Environment, Stage: string(o.Stage), SHA: o.SHA, StableSHA: o.StableSHA, Weight: o.Weight, Params: params,
	}
}

var states = []string{bot.StageRunning, bot.StagePlaced, bot.StageFinished, bot.StageAborted, bot.StageFailed}

// observation believes only what it understands.
func (d wireDeployment) observation() (bot.Observation, error) {
	switch {
	case !slices.Contains(states, d.State):
		return bot.Observation{}, fmt.Errorf("observe %s: the deploy target's state %q is not one of %s", d.Key, line(d.State, 40), strings.Join(states, ", "))
	case d.Weight < 0 || d.Weight > 100:
		return bot.Observation{}, fmt.Errorf("observe %s: the deploy target's weight %d is not between 0 and 100", d.Key, d.Weight)
	}
	o := bot.Observation{State: d.State, SHA: d.SHA, Weight: d.Weight, Message: line(d.Message, 200)}
	// Only what a browser may safely open is shown as a link.
	if u, err := url.Parse(d.URL); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && u.User == nil {
		o.URL = u.String()
	}
	return o, nil
}

// line makes a stranger's text one line of at most n characters, without what
// is invisible or turns the reading direction.
func line(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar, unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}
