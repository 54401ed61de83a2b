package judge

import "math"

// Needed is how many bad events the canary would have to have at stable's rate
// before harm of the given ratio shows:
//
//	N(r) = (ln(1/alpha) + ln 7) phi / (r ln(r/r0) - r + r0)
//
// The denominator is what the best alternative gains for each expected event
// (the divergence of two Poisson rates), ln 7 what the mixture pays for not
// knowing which of its seven that is. Divided by the canary's bad events a
// minute it is the minutes to wait, on the safe side. Harm not above the floor
// never shows: +Inf, as for a wrong setting.
func Needed(s Setting, ratio float64) float64 {
	s.Phi = orOne(s.Phi)
	if s.trouble() != "" || !(ratio > s.Floor) || math.IsInf(ratio, 1) {
		return math.Inf(1)
	}
	gain := ratio*math.Log(ratio/s.Floor) - ratio + s.Floor
	return (-math.Log(s.Alpha) + math.Log(harmRatios)) * s.Phi / gain
}
