package deploy

import (
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Pipeline is what a repository's file says about deploying, compiled: names
// resolved, durations and percentages in units, defaults filled in.
type Pipeline struct {
	Hash     string    `json:"hash"` // sha-256 of the file; pinned in each release
	Services []Service `json:"services"`
	Stages   []Stage   `json:"stages"` // in the order of the file
	Sources  []string  `json:"sources,omitempty"`
	Arms     Arms      `json:"arms"`
	Metrics  []Metric  `json:"metrics,omitempty"`
	Judge    Judge     `json:"judge"`
	// Unavailable names what the file asks for and this version cannot yet
	// honour, each with its place. A deploy it could change is refused: a gate
	// that is not asked must not count as passed.
	Unavailable []Unavailable `json:"unavailable,omitempty"`
}

// Unavailable is a setting that this version understands and cannot honour.
type Unavailable struct {
	Path   string        `json:"path"`            // "stages.production.approve"
	Value  string        `json:"value,omitempty"` // "tree" where the key is honoured with other values
	Line   int           `json:"line"`            // of the key in the file
	Column int           `json:"column"`
	Stage  bot.StageName `json:"stage"` // empty: it concerns every stage
}

// String is the setting as people would look for it: "stages.production.evidence: tree".
func (u Unavailable) String() string {
	if u.Value == "" {
		return u.Path
	}
	return u.Path + ": " + u.Value
}

// Service is a deployable of the repository.
type Service struct {
	Name       string              `json:"name"`
	Paths      []string            `json:"paths,omitempty"`      // doublestar globs; none: all
	Parameters map[string][]string `json:"parameters,omitempty"` // name → allowed values
}

// Stage is a named step of the pipeline.
type Stage struct {
	Name        bot.StageName   `json:"name"`
	Aliases     []string        `json:"aliases,omitempty"`
	Environment string          `json:"environment"`          // names the slot; the stage's name unless given
	Production  bool            `json:"production,omitempty"` // people live there: see MarkProduction
	URL         string          `json:"url,omitempty"`
	Executor    bot.ExecutorRef `json:"executor"`
	After       []After         `json:"after,omitempty"`
	Start       string          `json:"start"`          // command | merge
	Steps       []WeightStep    `json:"steps"`          // at least one; all at once is a single step of 100
	Soak        time.Duration   `json:"soak,omitempty"` // live for so long it is known good
	Gates       Gates           `json:"gates"`
	Deploy      Permission      `json:"deploy"`
	Rollback    Permission      `json:"rollback"`
	Timeouts    Timeouts        `json:"timeouts"`
	OnFail      string          `json:"on_fail"` // rollback | pause
}

// Canary reports whether the stage leaves some traffic on what is stable: it
// rests at its last weight and waits for promotion.
func (s Stage) Canary() bool { return s.Steps[len(s.Steps)-1].Weight < 100 }

// After asks that the same release was in another stage for a while, healthy.
type After struct {
	Stage bot.StageName `json:"stage"`
	For   time.Duration `json:"for"`
}

// WeightStep is a share of the traffic, in percent, for a while.
type WeightStep struct {
	Weight int           `json:"weight"`
	For    time.Duration `json:"for"`
	Ask    bool          `json:"ask,omitempty"` // then wait for a person
}

// Gates that a stage's file names. What is not named is not asked.
type Gates struct {
	Checks   []string `json:"checks,omitempty"`   // names that must have passed on the commit
	Required bool     `json:"required,omitempty"` // all checks that protection and rulesets require
	MainOK   bool     `json:"main_green,omitempty"`
}

// Permission says who may: everybody with the role or a stronger one.
type Permission struct {
	Role bot.Role `json:"role"`
}

// Timeouts bound how long a rollout may be in a state.
type Timeouts struct {
	Step    time.Duration `json:"step"`    // putting one weight in place
	Rollout time.Duration `json:"rollout"` // from start to its end, waiting for people included
	Unknown time.Duration `json:"unknown"` // not knowing what the executor did
}

// Arms are the matchers that tell the two sides apart in a query; templates
// over {{ .SHA }} and {{ .StableSHA }}.
type Arms struct {
	Canary string `json:"canary"`
	Stable string `json:"stable"`
}

// Metric is a ratio of bad events to all events, judged on counts. Bad and
// Total are selectors; {{ .Arm }} stands for the arm's matchers.
type Metric struct {
	Name    string  `json:"name"`
	Class   string  `json:"class"` // primary | business | secondary
	Bad     string  `json:"bad"`
	Total   string  `json:"total"`
	Floor   float64 `json:"floor"`  // a smaller ratio of rates is never a failure
	Margin  float64 `json:"margin"` // promote when shown to be below this
	Observe bool    `json:"observe,omitempty"`
	Probe   *Probe  `json:"probe,omitempty"` // then it is no ratio of counters
}

// Judge holds the bounds of error of a whole rollout and its clock.
type Judge struct {
	Window       time.Duration `json:"window"`
	FalseBlame   float64       `json:"false_blame"`   // alpha
	FalsePromote float64       `json:"false_promote"` // beta
	MaxWait      time.Duration `json:"max_wait"`      // unknown for so long: hold and ask
	MinWindows   int           `json:"min_windows"`
}

// Stage finds a stage by its name or an alias, in any case.
func (p Pipeline) Stage(name string) (Stage, bool) {
	for _, s := range p.Stages {
		if s.answersTo(name) {
			return s, true
		}
	}
	return Stage{}, false
}

// SoakIn is how long what somebody else brought into the environment has to be
// live there until it is known good: as long as the longest soak of its
// stages. A canary that goes on to all of the traffic soaks in its last step,
// which nobody else's deployment went through.
func (p Pipeline) SoakIn(environment string) (longest time.Duration) {
	for _, s := range p.Stages {
		if s.Environment != environment {
			continue
		}
		longest = max(longest, s.Soak)
		if !s.Canary() {
			longest = max(longest, s.Steps[len(s.Steps)-1].For)
		}
	}
	return longest
}
