package bot

import (
	"encoding/json"
	"time"
)

// RatioQuery asks for two counters of both arms: the bad events and all of
// them. The expressions are selectors with the arm's matchers filled in, as
// `http_requests_total{version="4f2a91c",code=~"5.."}`.
type RatioQuery struct {
	CanaryBad   string `json:"canary_bad"`
	CanaryTotal string `json:"canary_total"`
	StableBad   string `json:"stable_bad"`
	StableTotal string `json:"stable_total"`
}

// ProbeQuery asks addresses once, as people would. An answer with another
// status or after the time is a bad event, as is none.
type ProbeQuery struct {
	Canary string        `json:"canary"`           // the address; what everybody sees when Stable is empty
	Stable string        `json:"stable,omitempty"` // the same of the stable version
	Status int           `json:"status"`
	Under  time.Duration `json:"under"`
}

// Query asks a metrics source for counts per window and arm. It carries its
// times: a source has no clock of its own.
type Query struct {
	Source string          `json:"source"` // the name in the server's settings
	Repo   RepoName        `json:"repo"`
	Ratio  RatioQuery      `json:"ratio"`
	Probe  *ProbeQuery     `json:"probe,omitempty"` // instead of Ratio; it needs no Source
	From   time.Time       `json:"from"`
	To     time.Time       `json:"to"`
	Cursor json.RawMessage `json:"cursor,omitempty"` // of the last window of the query before
}

// Window is what both arms did between two moments: exact counts. A window
// with Missing set is no evidence; Missing says why.
type Window struct {
	From        time.Time       `json:"from"`
	To          time.Time       `json:"to"`
	CanaryBad   float64         `json:"canary_bad"`
	CanaryTotal float64         `json:"canary_total"`
	StableBad   float64         `json:"stable_bad"`
	StableTotal float64         `json:"stable_total"`
	Missing     string          `json:"missing,omitempty"`
	Cursor      json.RawMessage `json:"cursor,omitempty"` // to be handed back with the next query
}
