package judge

import "math"

// The mixture e-process on the split of the bad events. At a ratio r of the
// rates, a bad event of a window with n_c and n_s events is the canary's with
// probability
//
//	theta(r) = r n_c / (r n_c + n_s).
//
// Each window multiplies the evidence for an alternative r1 against the null
// r0 by theta(r1)/theta(r0) for each bad event of the canary, and by
// (1-theta(r1))/(1-theta(r0)) for each of stable. Under every ratio on the
// null's side of r0 the expectation of that factor is at most 1, so by
// Ville's inequality the mean over the alternatives ever reaches 1/alpha with
// probability at most alpha. The idea is of Lindon and Malek, "Anytime-Valid
// Inference for Multinomial Count Data" (NeurIPS 2022); one-sided, and with
// the floor inside the null, it is ours.
//
// Dividing the logarithms by phi >= 1 keeps the expectation at most 1 (Jensen)
// for counts as even as chance; for bursty ones it is an approximation.

// evidence against the null ratio, for each alternative of the grid.
type evidence struct {
	null, phi float64
	grid      []float64 // ratios
	logs      []float64
}

func newEvidence(null, phi float64, grid []float64) *evidence {
	return &evidence{null: null, phi: phi, grid: grid, logs: make([]float64, len(grid))}
}

// harmRatios are the alternatives of harm, as multiples of the floor.
const harmRatios = 7

func harmGrid(floor float64) []float64 {
	grid := []float64{1.3, 1.6, 2, 3, 5, 10, 30}
	for i := range grid {
		grid[i] *= floor
	}
	return grid
}

// safeGrid are the ratios of canaries that may pass.
func safeGrid() []float64 { return []float64{0.5, 0.8, 1} }

func (e *evidence) add(w Counts) {
	for i, alt := range e.grid {
		e.logs[i] += logFactor(w, e.null, alt) / e.phi
	}
}

// logFactor is b_c ln(theta(alt)/theta(null)) + b_s ln((1-theta(alt))/(1-theta(null))),
// written so that a canary with hardly any traffic loses no digits.
func logFactor(w Counts, null, alt float64) float64 {
	rest := -math.Log1p((alt - null) * w.CanaryTotal / (null*w.CanaryTotal + w.StableTotal))
	return w.CanaryBad*math.Log(alt/null) + (w.CanaryBad+w.StableBad)*rest
}

// log is the logarithm of the mean of the evidences.
func (e *evidence) log() float64 { return mean(e.logs) }

// mean is the logarithm of the mean of what these are the logarithms of; of
// nothing it is 0, the evidence before anything was seen.
func mean(logs []float64) float64 {
	if len(logs) == 0 {
		return 0
	}
	top := math.Inf(-1)
	for _, l := range logs {
		top = max(top, l)
	}
	sum := 0.0
	for _, l := range logs {
		sum += math.Exp(l - top)
	}
	return top + math.Log(sum/float64(len(logs)))
}
