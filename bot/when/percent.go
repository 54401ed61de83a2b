package when

import (
	"fmt"
	"regexp"
	"strconv"
)

// ParsePercent reads a percentage with its sign, 5% or 0.5%, from 0% to 100%,
// and returns it as a share of one: 0.05.
func ParsePercent(s string) (float64, error) {
	m := percent().FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("%s is not a percentage", quote(s))
	}
	// Shifting the decimal point in the text rounds once; dividing rounds twice.
	share, err := strconv.ParseFloat(m[1]+"e-2", 64)
	if err != nil || share > 1 {
		return 0, fmt.Errorf("%q is not between 0%% and 100%%", s)
	}
	return share, nil
}

// PercentPattern is what a percentage looks like, as a regular expression.
const PercentPattern = `^([0-9]{1,3}(?:\.[0-9]{1,9})?)%$`

func percent() *regexp.Regexp { return regexp.MustCompile(PercentPattern) }
