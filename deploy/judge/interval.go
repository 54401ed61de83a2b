package judge

import "math"

// Interval holds the ratio of two rates, canary to stable, with 95 %
// confidence or more. Given how many bad events there were, those of the
// canary are binomial; the limits are those of Clopper and Pearson ("The use
// of confidence or fiducial limits illustrated in the case of the binomial",
// Biometrika 26, 1934), turned into ratios of rates by the traffic (Przyborowski
// and Wilenski, Biometrika 31, 1940). It is what R's poisson.test prints.
//
// It looks once, at the end: it is for people and decides nothing. Without a
// bad event of stable high is +Inf; without any traffic all ratios are possible.
func Interval(canaryBad, canaryTotal, stableBad, stableTotal float64) (low, high float64) {
	const tail = 0.025
	if !(canaryTotal > 0 && stableTotal > 0 && canaryBad >= 0 && stableBad >= 0) {
		return 0, math.Inf(1)
	}
	perOdds := stableTotal / canaryTotal
	high = math.Inf(1)
	if canaryBad > 0 {
		low = perOdds * betaOdds(tail, canaryBad, stableBad+1)
	}
	if stableBad > 0 {
		high = perOdds * betaOdds(1-tail, canaryBad+1, stableBad)
	}
	return low, high
}

// betaOdds is x/(1-x) for the x below which a beta variable with parameters a
// and b lies with probability p. The odds are halved in their logarithm, until
// the last digit is reached, in some sixty steps.
func betaOdds(p, a, b float64) float64 {
	lo, hi := -80.0, 80.0
	for last := false; !last; {
		mid := (lo + hi) / 2
		last = mid == lo || mid == hi
		if betaBelow(a, b, mid) < p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return math.Exp((lo + hi) / 2)
}

// betaBelow is the regularised incomplete beta function at x = 1/(1+exp(-t)),
// by the continued fraction 26.5.8 of Abramowitz and Stegun; where that
// converges slowly, by its mirror image.
func betaBelow(a, b, t float64) float64 {
	x, y := 1/(1+math.Exp(-t)), 1/(1+math.Exp(t))
	if x > (a+1)/(a+b+2) {
		return 1 - betaFraction(b, a, y, x)
	}
	return betaFraction(a, b, x, y)
}

// betaFraction needs x and y = 1-x apart, so that neither loses digits.
func betaFraction(a, b, x, y float64) float64 {
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log(y)) / a
	if front == 0 {
		return 0
	}
	const tiny = 1e-300
	c, d := 1.0, 1/away(1-(a+b)*x/(a+1), tiny)
	f := d
	for m := 1.0; m <= 10000; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		var last float64
		for _, term := range []float64{even, odd} {
			d = 1 / away(1+term*d, tiny)
			c = away(1+term/c, tiny)
			last = c * d
			f *= last
		}
		if math.Abs(last-1) < 1e-15 {
			break
		}
	}
	return min(front*f, 1)
}

// away keeps a denominator from zero.
func away(x, tiny float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}
