package judge

import (
	"math"
	"slices"
)

// Evidence is what windows said, in so few numbers that the windows need not
// be kept. Going on from it gives to the last bit what judging all windows at
// once gives: each window is weighed by its own split, so windows of two
// weights are never put together. Its zero value has seen nothing. It belongs
// to one setting.
type Evidence struct {
	Harm []float64 `json:"harm,omitempty"` // ln of the evidence, one for each alternative
	Safe []float64 `json:"safe,omitempty"`
	Peak float64   `json:"peak"` // the highest that of harm was; of a mixture, once Seen

	Looked   int    `json:"looked"` // windows, also those left out
	Seen     int    `json:"seen"`   // windows that count
	FailedAt int    `json:"failed_at,omitempty"`
	Trouble  string `json:"trouble,omitempty"`

	CanaryTotal float64 `json:"canary_total"`
	CanaryBad   float64 `json:"canary_bad"`
	StableTotal float64 `json:"stable_total"`
	StableBad   float64 `json:"stable_bad"`
}

// resume hands what was weighed before to those who go on weighing.
func (e Evidence) resume(harm, safe *evidence) {
	if len(e.Harm) == len(harm.logs) && len(e.Safe) == len(safe.logs) {
		harm.logs, safe.logs = slices.Clone(e.Harm), slices.Clone(e.Safe)
	}
}

func (e *Evidence) count(w Counts) {
	e.Seen++
	e.CanaryBad, e.CanaryTotal = e.CanaryBad+w.CanaryBad, e.CanaryTotal+w.CanaryTotal
	e.StableBad, e.StableTotal = e.StableBad+w.StableBad, e.StableTotal+w.StableTotal
}

// reached takes how high the evidence for harm is now.
func (e *Evidence) reached(log, alpha float64) {
	if e.Seen == 1 || log > e.Peak {
		e.Peak = log
	}
	if e.FailedAt == 0 && e.Peak >= -math.Log(alpha) {
		e.FailedAt = e.Looked
	}
}

func (e Evidence) verdict() Verdict {
	return Verdict{
		Outcome: Unknown, Windows: e.Seen, FailedAt: e.FailedAt, Trouble: e.Trouble,
		StableBad: e.StableBad, StableTotal: e.StableTotal, CanaryBad: e.CanaryBad, CanaryTotal: e.CanaryTotal,
		LogE: mean(e.Harm), LogSafe: mean(e.Safe), Peak: e.Peak,
	}
}
