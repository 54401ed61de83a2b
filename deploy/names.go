package deploy

import (
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// answersTo reports whether name means the stage.
func (s Stage) answersTo(name string) bool {
	same := func(n string) bool { return strings.EqualFold(n, name) }
	return same(string(s.Name)) || slices.ContainsFunc(s.Aliases, same)
}

// Names of all stages, in order.
func (p Pipeline) Names() []string {
	var names []string
	for _, s := range p.Stages {
		names = append(names, string(s.Name))
	}
	return names
}

// Next is the first stage that asks for name to have come before it.
func (p Pipeline) Next(name bot.StageName) (Stage, bool) {
	for _, s := range p.Stages {
		for _, a := range s.After {
			if a.Stage == name {
				return s, true
			}
		}
	}
	return Stage{}, false
}

// Service finds a service; an empty name means the only one.
func (p Pipeline) Service(name string) (Service, bool) {
	if name == "" && len(p.Services) == 1 {
		return p.Services[0], true
	}
	for _, s := range p.Services {
		if strings.EqualFold(s.Name, name) {
			return s, true
		}
	}
	return Service{}, false
}
