package deploy

import (
	"slices"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// piped makes stages of lines as "canary@live after staging".
func piped(lines ...string) (stages []Stage) {
	for _, line := range lines {
		place, after, _ := strings.Cut(line, " after ")
		name, environment, ok := strings.Cut(place, "@")
		if !ok {
			environment = name
		}
		s := Stage{Name: bot.StageName(name), Environment: environment}
		if after != "" {
			s.After = []After{{Stage: bot.StageName(after)}}
		}
		stages = append(stages, s)
	}
	return MarkProduction(stages)
}

func TestWhatProductionIs(t *testing.T) {
	for _, c := range []struct {
		stages []string
		are    []string // production
		goal   string
	}{
		{nil, nil, "production"},
		{[]string{"staging", "canary@production after staging", "production after canary"}, []string{"canary", "production"}, "production"},
		{[]string{"staging", "live"}, []string{"live"}, "live"},
		{[]string{"live"}, []string{"live"}, "live"},
		{[]string{"staging", "canary@prod after staging", "full@prod after canary"}, []string{"canary", "full"}, "prod"},
		{[]string{"staging"}, nil, "staging"},
		{[]string{"test", "eu-staging after test"}, nil, "eu-staging"},
		{[]string{"dev", "pre-production"}, nil, "pre-production"},
		{[]string{"staging", "Production"}, []string{"Production"}, "Production"},
		{[]string{"staging", "production after staging", "mirror after production"}, []string{"production", "mirror"}, "mirror"},
		{[]string{"staging", "eu after staging", "us after staging"}, []string{"eu", "us"}, "us"},
		{[]string{"staging", "live after staging", "demo after staging"}, []string{"live"}, "live"},
		{[]string{"latest", "contest"}, []string{"contest"}, "contest"},
	} {
		p := Pipeline{Stages: piped(c.stages...)}
		var are []string
		for _, s := range p.Stages {
			if s.Production != p.Production(s.Environment) {
				t.Errorf("%v: of %s it is said twice", c.stages, s.Environment)
			}
			if s.Production {
				are = append(are, string(s.Name))
			}
		}
		if !slices.Equal(are, c.are) || p.Goal() != c.goal {
			t.Errorf("of %v, %v are production and it leads to %s; want %v and %s", c.stages, are, p.Goal(), c.are, c.goal)
		}
	}
}

// GitHub is told so, whatever the environment is called.
func TestProductionIsMirroredAsSuch(t *testing.T) {
	for _, is := range []bool{true, false} {
		s := canary()
		s.Environment, s.Production = "live", is
		if m := started(t, s, watched(), older).asked("deployment").(bot.MirrorRollout); m.Production != is {
			t.Errorf("%+v", m)
		}
	}
}
