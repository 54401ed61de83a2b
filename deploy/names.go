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

// Onward is the stage that goes on with what from leaves at less than all of
// the traffic: the one that comes after it in the same environment.
func (p Pipeline) Onward(from Stage) (Stage, bool) {
	for _, s := range p.Stages {
		if s.Environment == from.Environment && slices.ContainsFunc(s.After, func(a After) bool { return a.Stage == from.Name }) {
			return s, true
		}
	}
	return Stage{}, false
}

// NameIn is what we call the service in a repository: by its own name, or, the
// only one, by the repository's.
func (s Service) NameIn(repo bot.RepoRef) string {
	if s.Name == "" {
		return repo.Name.Name()
	}
	return s.Name
}

// ServiceNames of all services, in order.
func (p Pipeline) ServiceNames(repo bot.RepoRef) []string {
	var names []string
	for _, s := range p.Services {
		names = append(names, s.NameIn(repo))
	}
	return names
}

// Place names a stage as commands do: [service:]stage, the service only where
// there are several.
func (p Pipeline) Place(service string, stage bot.StageName) string {
	if len(p.Services) > 1 {
		return service + ":" + string(stage)
	}
	return string(stage)
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

// Variable is the environment variable by which programs are told a parameter:
// "size-of" is ROUNDTRIP_PARAM_SIZE_OF. Different names may make the same one.
func Variable(parameter string) string {
	return "ROUNDTRIP_PARAM_" + strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(parameter))
}
