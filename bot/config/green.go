package config

import (
	"time"

	"github.com/invopop/jsonschema"

	"github.com/roundtrip-bot/roundtrip/policies"
	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// green is the section of the green-build policy.
type green struct {
	Mode     string       `yaml:"mode" jsonschema:"enum=off,enum=observe,enum=warn,enum=block" jsonschema_description:"What the policy may do; block unless given."`
	Branches []glob       `yaml:"branches" jsonschema_description:"Globs of the branches that must be green; main unless given."`
	Checks   checks       `yaml:"checks" jsonschema_description:"required (by protection and rulesets), learned, or names and globs of checks."`
	Rerun    *rerun       `yaml:"rerun" jsonschema_description:"Running a failed check again before main counts as red; so it is, by the defaults of its keys, unless this says off."`
	Freeze   *greenFreeze `yaml:"freeze" jsonschema_description:"Stopping merges while main is red."`
	Clock    *clock       `yaml:"clock" jsonschema_description:"When people are reminded that main is red."`
	Revert   *revert      `yaml:"revert" jsonschema_description:"Proposing to take back what broke main."`
	Flaky    *flaky       `yaml:"flaky" jsonschema_description:"Reporting checks that fail now and then."`
	Budget   *budget      `yaml:"budget" jsonschema_description:"How long the required checks may take."`
}

type rerun struct {
	off      bool
	Times    times    `yaml:"times" jsonschema_description:"auto, or a number from 1 to 5."`
	WrongRed float64  `yaml:"wrong_red" jsonschema:"minimum=0.00001,maximum=0.5" jsonschema_description:"How often main may be called red by mistake, as a share of one."`
	MaxWait  duration `yaml:"max_wait" jsonschema_description:"How long reruns may take."`
}

// word of a file that says one in place of the keys.
func (r *rerun) word() texted { return (*rerunOff)(r) }

type rerunOff rerun

func (r *rerunOff) setText(s string) error {
	if s != "off" {
		return fault{quote(s) + " is neither off nor keys", "write off, or {times: auto, max_wait: 10m}"}
	}
	r.off = true
	return nil
}

// JSONSchemaExtend allows the word as well.
func (rerun) JSONSchemaExtend(s *jsonschema.Schema) {
	keys := *s
	*s = *anyOf(&jsonschema.Schema{Const: "off"}, &keys)
}

type greenFreeze struct {
	Max duration `yaml:"max" jsonschema:"required" jsonschema_description:"The freeze ends after this long."`
}

type clock struct {
	Target   duration `yaml:"target" jsonschema_description:"How fast main should heal."`
	Nudge    []delay  `yaml:"nudge" jsonschema_description:"When the author is reminded, counted from red."`
	Escalate duration `yaml:"escalate" jsonschema_description:"When others hear of it."`
}

type revert struct {
	Open   string `yaml:"open" jsonschema:"enum=never,enum=certain,enum=likely" jsonschema_description:"How sure we must be to open a revert."`
	Draft  string `yaml:"draft" jsonschema:"enum=never,enum=certain,enum=likely" jsonschema_description:"How sure we must be to draft one."`
	PerDay int    `yaml:"per_day" jsonschema:"minimum=0,maximum=100" jsonschema_description:"At most so many a day."`
}

type flaky struct {
	ReportAfter int      `yaml:"report_after" jsonschema:"minimum=1,maximum=100" jsonschema_description:"Reported after so many failures that a rerun did not confirm."`
	Window      duration `yaml:"window" jsonschema_description:"Within this time."`
}

type budget struct {
	P95 duration `yaml:"p95" jsonschema:"required" jsonschema_description:"95 of 100 runs are faster."`
}

func (r *reader) green() policies.GreenSettings {
	s := policies.Defaults().Green
	g := r.shape.Green
	if g == nil {
		return s
	}
	s.Mode = modeOr(g.Mode, policies.Block)
	if len(g.Branches) > 0 {
		s.Branches = texts(g.Branches)
	}
	if len(g.Checks.names) > 0 {
		s.Required, s.Checks = false, texts(g.Checks.names)
	}
	if g.Clock != nil {
		s.Clock = r.clock(*g.Clock, s.Clock)
	}
	if g.Rerun != nil {
		s.Evidence = r.evidence(*g.Rerun)
	}
	return s
}

// evidence is what reruns must show before main counts as red; nil: nothing.
func (r *reader) evidence(g rerun) *trunk.Settings {
	if g.off {
		return nil
	}
	s := trunk.Defaults()
	s.Repeats = int(g.Times)
	if g.WrongRed > 0 {
		s.WrongRed = g.WrongRed
	}
	s.MaxWait = span(g.MaxWait, s.MaxWait)
	return &s
}

func (r *reader) clock(c clock, s policies.Clock) policies.Clock {
	s.Target, s.Escalate = span(c.Target, s.Target), span(c.Escalate, s.Escalate)
	if s.Escalate < s.Target {
		r.wrong("green.clock.escalate", "is before target", "keep target <= escalate")
	}
	if c.Nudge != nil {
		s.Nudge = nil
		for _, d := range c.Nudge {
			s.Nudge = append(s.Nudge, time.Duration(d))
		}
	}
	return s
}
