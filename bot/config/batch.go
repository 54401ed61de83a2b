package config

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
)

// batch is the section of the small-batch policy.
type batch struct {
	Mode     string      `yaml:"mode" jsonschema:"enum=off,enum=observe,enum=warn,enum=block" jsonschema_description:"What the policy may do; warn unless given."`
	Lines    limits      `yaml:"lines" jsonschema_description:"Limits of the changed lines: 20, 100 and 400 unless given."`
	Files    fileLimits  `yaml:"files" jsonschema_description:"Limits of the changed files: 20 and 50 unless given."`
	Count    []countAs   `yaml:"count" jsonschema_description:"What kind of lines a file holds; the first match wins."`
	Weights  weights     `yaml:"weights" jsonschema_description:"How much a line of a kind counts."`
	Header   string      `yaml:"generated_header" jsonschema:"enum=trust,enum=report,enum=ignore" jsonschema_description:"What is made of a new file that says of itself that it is generated: report unless given, since anybody can write that."`
	Scopes   []scope     `yaml:"scopes" jsonschema_description:"Other limits for some of the files."`
	Exempt   []login     `yaml:"exempt" jsonschema_description:"Accounts whose changes are not judged."`
	Override *exceptions `yaml:"override" jsonschema_description:"Who may let a larger change pass."`
}

// mostRules of batch.count are asked for each file of a change.
const mostRules = 500

type limits struct {
	Target int `yaml:"target" jsonschema:"minimum=1,maximum=1000000" jsonschema_description:"Praised up to here."`
	Warn   int `yaml:"warn" jsonschema:"minimum=1,maximum=1000000" jsonschema_description:"Warned above."`
	Block  int `yaml:"block" jsonschema:"minimum=1,maximum=1000000" jsonschema_description:"Refused above, in mode block."`
}

type fileLimits struct {
	Warn  int `yaml:"warn" jsonschema:"minimum=1,maximum=1000000" jsonschema_description:"Warned above."`
	Block int `yaml:"block" jsonschema:"minimum=1,maximum=1000000" jsonschema_description:"Refused above, in mode block."`
}

type countAs struct {
	Paths []glob `yaml:"paths" jsonschema:"required" jsonschema_description:"Globs from the repository's root."`
	As    string `yaml:"as" jsonschema:"required,enum=code,enum=tests,enum=docs,enum=generated,enum=vendored,enum=lockfile" jsonschema_description:"The kind of their lines."`
}

type weights struct {
	Code      float64 `yaml:"code" jsonschema:"minimum=0,maximum=100"`
	Tests     float64 `yaml:"tests" jsonschema:"minimum=0,maximum=100"`
	Docs      float64 `yaml:"docs" jsonschema:"minimum=0,maximum=100"`
	Generated float64 `yaml:"generated" jsonschema:"minimum=0,maximum=100"`
	Vendored  float64 `yaml:"vendored" jsonschema:"minimum=0,maximum=100"`
	Lockfile  float64 `yaml:"lockfile" jsonschema:"minimum=0,maximum=100"`
}

type scope struct {
	Name  name       `yaml:"name" jsonschema:"required" jsonschema_description:"What the scope is called."`
	Paths []glob     `yaml:"paths" jsonschema:"required" jsonschema_description:"Globs from the repository's root."`
	Lines fileLimits `yaml:"lines" jsonschema_description:"Limits of the lines in these files."`
	Files fileLimits `yaml:"files" jsonschema_description:"Limits of these files."`
}

type exceptions struct {
	By       []string `yaml:"by" jsonschema:"required,enum=write,enum=maintain,enum=admin" jsonschema_description:"Roles that may."`
	Reason   string   `yaml:"reason" jsonschema:"enum=required,enum=optional" jsonschema_description:"Whether a reason must be given."`
	Headroom percent  `yaml:"headroom" jsonschema_description:"How much larger it may grow and stay excepted."`
	Expires  duration `yaml:"expires" jsonschema_description:"How long the exception holds."`
}

func (r *reader) batch() policies.BatchSettings {
	s := policies.Defaults().Batch
	b := r.shape.Batch
	if b == nil {
		return s
	}
	s.Mode = modeOr(b.Mode, policies.Warn)
	s.Lines = r.limits("batch.lines", b.Lines, s.Lines)
	s.Files = r.limits("batch.files", limits{Warn: b.Files.Warn, Block: b.Files.Block}, s.Files)
	s.Exempt = texts(b.Exempt)
	if len(b.Count) > mostRules {
		r.wrong("batch.count", fmt.Sprintf("has %d rules; %d are the most", len(b.Count), mostRules), "join globs of one kind in one rule's paths")
	}
	for _, c := range b.Count {
		s.Count = append(s.Count, lines.As{Paths: texts(c.Paths), As: lines.Kind(c.As)})
	}
	s.Weights = r.weights(b.Weights)
	if b.Header != "report" { // which is what nothing said means
		s.Header = lines.Header(b.Header)
	}
	s.Scopes = r.scopes(b.Scopes)
	s.Override = r.override(b.Override, s.Override)
	return s
}

// longestOverride: beyond it, it would be no exception.
const longestOverride = 90 * 24 * time.Hour

func (r *reader) override(o *exceptions, s policies.OverrideSettings) policies.OverrideSettings {
	if o == nil {
		return s
	}
	if len(o.By) > 0 {
		s.Role = bot.RoleAdmin
	}
	for _, role := range o.By {
		s.Role = min(s.Role, bot.ParseRole(role))
	}
	s.Reason = o.Reason != "optional"
	if _, said := r.said["batch.override.headroom"]; said {
		s.Headroom = float64(o.Headroom)
	}
	if o.Expires != 0 {
		s.Expires = time.Duration(o.Expires)
	}
	if s.Expires > longestOverride {
		r.wrong("batch.override.expires", "is longer than 90d", "write 7d")
	}
	return s
}

// weights that the file gives; 0 is one too.
func (r *reader) weights(w weights) map[lines.Kind]float64 {
	given := map[lines.Kind]float64{}
	for kind, n := range map[lines.Kind]float64{
		lines.Code: w.Code, lines.Tests: w.Tests, lines.Docs: w.Docs, lines.Generated: w.Generated, lines.Vendored: w.Vendored, lines.Lockfile: w.Lockfile,
	} {
		if _, ok := r.said["batch.weights."+string(kind)]; ok {
			given[kind] = n
		}
	}
	return given
}

func modeOr(mode string, otherwise policies.Mode) policies.Mode {
	if mode == "" {
		return otherwise
	}
	return policies.Mode(mode)
}

func (r *reader) scopes(all []scope) (list []policies.Scope) {
	seen := map[name]bool{}
	for i, s := range all {
		path := item("batch.scopes", i)
		if seen[s.Name] && s.Name != "" {
			r.wrong(path+".name", quote(string(s.Name))+" is there twice", "give each scope its own name")
		}
		seen[s.Name] = true
		lines, files := limits{Warn: s.Lines.Warn, Block: s.Lines.Block}, limits{Warn: s.Files.Warn, Block: s.Files.Block}
		r.ordered(path+".lines", lines)
		r.ordered(path+".files", files)
		if lines == files && lines == (limits{}) {
			r.wrong(path, "has no limit", "write lines: {warn: 50, block: 150}")
		}
		list = append(list, policies.Scope{Name: string(s.Name), Paths: texts(s.Paths), Lines: policies.Limits(lines), Files: policies.Limits(files)})
	}
	return list
}

// limits fills what is not given from the defaults, moved where they would be
// out of order with what is.
func (r *reader) limits(path string, given limits, def policies.Limits) policies.Limits {
	r.ordered(path, given)
	out := policies.Limits{Target: given.Target, Warn: given.Warn, Block: given.Block}
	if out.Warn == 0 {
		out.Warn = max(def.Warn, out.Target)
		if out.Block > 0 {
			out.Warn = min(out.Warn, out.Block)
		}
	}
	if out.Target == 0 {
		out.Target = min(def.Target, out.Warn)
	}
	if out.Block == 0 {
		out.Block = max(def.Block, out.Warn)
	}
	return out
}

// ordered asks for target <= warn <= block among those that are given.
func (r *reader) ordered(path string, l limits) {
	const hint = "keep target <= warn <= block"
	if l.Target > 0 && l.Warn > 0 && l.Target > l.Warn {
		r.wrong(path+".warn", "is below target", hint)
	}
	if low := max(l.Target, l.Warn); l.Block > 0 && low > l.Block {
		r.wrong(path+".block", "is below warn or target", hint)
	}
}
