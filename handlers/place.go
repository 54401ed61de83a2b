package handlers

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// Commands name a stage as [service:]stage. Every command that does is read
// here, so that what /deploy understands /rollback understands too.

// placeOf splits [service:]stage.
func placeOf(arg string) (service, stage string) {
	if service, stage, ok := strings.Cut(arg, ":"); ok {
		return service, stage
	}
	return "", arg
}

// wishedPlace is the wish of a command that names a place and nothing else.
func (a *asked) wishedPlace() (wish, error) {
	w, err := a.wish()
	if err == nil && (w.commit != "" || len(w.params) > 0) {
		err = bot.Refusal{Message: fmt.Sprintf("`/%s` takes no commit and no parameters", a.cmd.Verb), Advice: a.cmd.Usage}
	}
	return w, err
}

// service that is named, or the only one. Where several may be meant none is
// guessed: there is a line to paste for each.
func (a *asked) service(w wish) (deploy.Service, error) {
	p := a.settings.Pipeline
	if s, ok := p.Service(w.service); ok {
		return s, nil
	}
	if len(p.Services) == 0 {
		_, err := a.pipeline()
		return deploy.Service{}, err
	}
	names := p.ServiceNames(a.repo)
	if len(p.Services) == 1 && strings.EqualFold(w.service, names[0]) {
		return p.Services[0], nil // the file does not name it; we call it by the repository's name
	}
	if w.service == "" {
		var lines []string
		for _, name := range names {
			lines = append(lines, a.line(w, name, w.stage))
		}
		return deploy.Service{}, bot.Refusal{Message: "say which service you mean; the file names " + codes(names), Advice: strings.Join(lines, "\n"), Puzzled: true}
	}
	r := bot.Refusal{
		Message: fmt.Sprintf("there is no service %s; the file names %s", words.Code(clip(w.service, 40)), codes(names)),
		Advice:  "/status",
	}
	if near, ok := words.Nearest(w.service, names); ok {
		r.Message += ". Did you mean " + near + "?"
		r.Advice = a.line(w, near, w.stage)
	}
	return deploy.Service{}, r
}

// stage that is named; the refusal keeps whatever else the command said.
func (a *asked) stage(w wish) (deploy.Stage, error) {
	p := a.settings.Pipeline
	if s, ok := p.Stage(w.stage); ok {
		return s, nil
	}
	if len(p.Stages) == 0 {
		_, err := a.pipeline()
		return deploy.Stage{}, err
	}
	r := bot.Refusal{Message: fmt.Sprintf("there is no stage %s; the file names %s", words.Code(clip(w.stage, 40)), codes(p.Names()))}
	if near, ok := words.Nearest(w.stage, p.Names()); ok {
		r.Message += ". Did you mean " + near + "?"
		r.Advice = a.line(w, w.service, near)
	}
	return deploy.Stage{}, r
}

// servicePlace is a stage of one service.
type servicePlace struct {
	service string
	stage   deploy.Stage
}

// placeIn is what was named of a place; nothing named means any.
func (a *asked) placeIn(w wish) (at servicePlace, err error) {
	if w.service != "" {
		s, err := a.service(w)
		if err != nil {
			return at, err
		}
		at.service = s.NameIn(a.repo)
	}
	if w.stage != "" {
		at.stage, err = a.stage(w)
	}
	return at, err
}

// line is the command again with another place: what it said of the change,
// the commit and the parameters stays.
func (a *asked) line(w wish, service, stage string) string {
	l := Line{Verb: a.cmd.Verb}
	if a.named != "" {
		l.Args = append(l.Args, a.named)
	}
	switch {
	case service != "":
		l.Args = append(l.Args, service+":"+stage)
	case stage != "":
		l.Args = append(l.Args, stage)
	}
	if w.commit != "" {
		l.Args = append(l.Args, "@"+w.commit)
	}
	for _, name := range slices.Sorted(maps.Keys(w.params)) {
		l.Args = append(l.Args, name+"="+w.params[name])
	}
	return l.String()
}

func (a *asked) placed(service string, stage bot.StageName) string {
	return a.settings.Pipeline.Place(service, stage)
}

// codes are names of the file's, one after the other.
func codes(names []string) string {
	var list []string
	for _, n := range names {
		list = append(list, words.Code(n))
	}
	return strings.Join(list, ", ")
}
