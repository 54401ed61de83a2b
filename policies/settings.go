package policies

import (
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// Mode says how much a policy may do.
type Mode string

// Modes, weakest first. Observe means: judged, recorded and shown, and no
// unsolicited write to GitHub or Slack.
const (
	Off     Mode = "off"
	Observe Mode = "observe"
	Warn    Mode = "warn"
	Block   Mode = "block"
)

// Asks reports whether a policy shows its verdicts on GitHub.
func (m Mode) Asks() bool { return m != Off && m != Observe }

// BatchSettings bound the size of a change, in lines and files.
type BatchSettings struct {
	Mode   Mode     `json:"mode"`
	Lines  Limits   `json:"lines"`
	Files  Limits   `json:"files"`  // Target is not used
	Exempt []string `json:"exempt"` // logins that are not judged
	// Count and Weights say which lines count, before .gitattributes.
	Count   []lines.As             `json:"count,omitempty"`
	Weights map[lines.Kind]float64 `json:"weights,omitempty"`
	// Header is what is made of a new file that says that it is generated.
	Header lines.Header `json:"generated_header,omitempty"`
	Scopes []Scope      `json:"scopes,omitempty"`
	// Override is who may let a larger change pass.
	Override OverrideSettings `json:"override"`
}

// Scope has limits of its own for some of a change's files; 0 is no limit.
type Scope struct {
	Name  string   `json:"name"`
	Paths []string `json:"paths"` // doublestar globs
	Lines Limits   `json:"lines"`
	Files Limits   `json:"files"`
}

// Limits of a size: praised up to Target, warned above Warn, refused above Block.
type Limits struct {
	Target int `json:"target"`
	Warn   int `json:"warn"`
	Block  int `json:"block"`
}

// GreenSettings say which branches must be green and by which checks.
type GreenSettings struct {
	Mode     Mode     `json:"mode"`
	Branches []string `json:"branches"` // doublestar globs
	Required bool     `json:"required"` // by protection and rulesets
	Checks   []string `json:"checks"`   // else: names or globs
	Clock    Clock    `json:"clock"`
	// Evidence is what is asked for before a failure counts as red; nil: nothing,
	// and the first failure counts.
	Evidence *trunk.Settings `json:"evidence,omitempty"`
}

// evidence that is asked for: who only observes has nothing run.
func (s GreenSettings) evidence() *trunk.Settings {
	if !s.Mode.Asks() {
		return nil
	}
	return s.Evidence
}

// Clock says when people are reminded that a branch is red, counted from the
// first failure.
type Clock struct {
	Target   time.Duration   `json:"target"` // how fast it should heal
	Nudge    []time.Duration `json:"nudge"`
	Escalate time.Duration   `json:"escalate"` // when others hear of it
}

// Settings of every policy, as a repository's file gives them.
type Settings struct {
	Batch BatchSettings `json:"batch"`
	Green GreenSettings `json:"green"`
}

// Defaults are in force without a file: everything is judged and recorded,
// nothing is written.
func Defaults() Settings {
	evidence := trunk.Defaults()
	return Settings{
		Batch: BatchSettings{Mode: Observe, Lines: Limits{20, 100, 400}, Files: Limits{0, 20, 50},
			Override: OverrideSettings{Role: bot.RoleMaintain, Reason: true, Headroom: 0.1, Expires: 7 * 24 * time.Hour}},
		Green: GreenSettings{Mode: Observe, Branches: []string{"main"}, Required: true, Clock: Clock{
			Target: 10 * time.Minute, Nudge: []time.Duration{0, 5 * time.Minute, 10 * time.Minute}, Escalate: 20 * time.Minute,
		}, Evidence: &evidence},
	}
}
