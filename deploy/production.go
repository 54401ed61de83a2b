package deploy

import (
	"slices"
	"strings"
)

// production is what the last environment is called unless a file calls it
// otherwise.
const production = "production"

// before are words in the name of an environment that people use before
// production, as staging, eu-test or pre-production.
var before = []string{"staging", "stage", "stg", "test", "testing", "qa", "uat", "dev", "development", "int", "integration", "preview", "pre", "preprod", "demo", "sandbox"}

// MarkProduction says of each stage whether people live in its environment:
// that is where a way through the stages ends, whatever it is called. It is
// not where the name says that something is still to come, as of a file that
// has only staging yet; it always is what is called production.
func MarkProduction(stages []Stage) []Stage {
	marked := slices.Clone(stages)
	for i, s := range marked {
		name := s.Environment
		marked[i].Production = strings.EqualFold(name, production) || ends(stages, name) && !comesBefore(name)
	}
	return marked
}

// ends reports whether a way through the stages ends in the environment: it is
// the last of the file, or comes after another one and nothing comes after it.
func ends(stages []Stage, environment string) bool {
	if stages[len(stages)-1].Environment == environment {
		return true
	}
	of := map[string]bool{} // stages, by name, that are in it
	for _, s := range stages {
		of[string(s.Name)] = s.Environment == environment
	}
	from, on := false, false
	for _, s := range stages {
		for _, a := range s.After {
			here, there := of[string(s.Name)], of[string(a.Stage)]
			from, on = from || here && !there, on || there && !here
		}
	}
	return from && !on
}

func comesBefore(environment string) bool {
	words := strings.FieldsFunc(strings.ToLower(environment), func(r rune) bool { return strings.ContainsRune("-_./ ", r) })
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(before, w) })
}

// Goal is the environment that the pipeline leads to, which reports are about:
// the last one that is production, else the last one.
func (p Pipeline) Goal() string {
	for _, s := range slices.Backward(p.Stages) {
		if s.Production {
			return s.Environment
		}
	}
	if n := len(p.Stages); n > 0 {
		return p.Stages[n-1].Environment
	}
	return production
}

// Production reports whether people live in the environment.
func (p Pipeline) Production(environment string) bool {
	return slices.ContainsFunc(p.Stages, func(s Stage) bool { return s.Environment == environment && s.Production })
}
