package config

import (
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// executor says who puts a stage in place: exactly one of these.
type executor struct {
	Actions    *actions  `yaml:"actions" jsonschema_description:"A workflow of GitHub Actions."`
	Deployment *struct{} `yaml:"deployment" jsonschema_description:"Whoever listens to GitHub's deployment events."`
	HTTP       name      `yaml:"http" jsonschema_description:"An endpoint that the server's settings define by this name."`
	Command    name      `yaml:"command" jsonschema_description:"A command that the server's settings define by this name."`
	Argo       name      `yaml:"argo" jsonschema_description:"A rollout that the server's settings define by this name."`
}

func (executor) oneOf() []string {
	return []string{"http", "actions", "deployment", "command", "argo"}
}

type actions struct {
	Workflow string `yaml:"workflow" jsonschema:"required" jsonschema_description:"The workflow's file name."`
}

func (e executor) ref() bot.ExecutorRef {
	switch {
	case e.HTTP != "":
		return bot.ExecutorRef{Kind: "http", Name: string(e.HTTP)}
	case e.Actions != nil:
		return bot.ExecutorRef{Kind: "actions", Name: e.Actions.Workflow}
	case e.Deployment != nil:
		return bot.ExecutorRef{Kind: "deployment"}
	case e.Command != "":
		return bot.ExecutorRef{Kind: "command", Name: string(e.Command)}
	case e.Argo != "":
		return bot.ExecutorRef{Kind: "argo", Name: string(e.Argo)}
	}
	return bot.ExecutorRef{}
}

// strategy says how a stage is put in place: exactly one of these.
type strategy struct {
	Canary    []weightStep `yaml:"canary" jsonschema_description:"Little by little, with production's answer at each step. What is left below 100 % is for the stage that comes after it in its environment."`
	BlueGreen *blueGreen   `yaml:"blue_green" jsonschema_description:"Beside the old one, then all at once."`
	AllAtOnce *allAtOnce   `yaml:"all_at_once" jsonschema_description:"All at once: {}, or with for."`
}

func (strategy) oneOf() []string { return []string{"canary", "blue_green", "all_at_once"} }

type weightStep struct {
	Weight weight   `yaml:"weight" jsonschema:"required" jsonschema_description:"Share of the traffic, in whole percent."`
	For    duration `yaml:"for" jsonschema:"required" jsonschema_description:"How long."`
	Then   string   `yaml:"then" jsonschema:"enum=ask" jsonschema_description:"ask: a person presses Promote."`
}

type allAtOnce struct {
	For delay `yaml:"for" jsonschema_description:"How long it soaks: live for so long it is known good, a release to go back to; until then nothing else may start there, but /rollback may. In production 10m unless given, elsewhere 0s."`
}

type blueGreen struct {
	Preview []name   `yaml:"preview" jsonschema_description:"Suites that must pass before the switch."`
	KeepOld duration `yaml:"keep_old" jsonschema_description:"How long the old one is kept."`
}

func (r *reader) steps(path string, s *strategy) []deploy.WeightStep {
	if s == nil || len(s.Canary) == 0 {
		return []deploy.WeightStep{{Weight: 100}}
	}
	var all []deploy.WeightStep
	last := weight(0)
	for i, step := range s.Canary {
		if step.Weight > 0 && step.Weight <= last {
			r.wrong(item(path+".strategy.canary", i)+".weight", "is not more than the step before", "let the weights rise")
		}
		last = max(last, step.Weight)
		all = append(all, deploy.WeightStep{Weight: int(step.Weight), For: time.Duration(step.For), Ask: step.Then == "ask"})
	}
	return all
}
