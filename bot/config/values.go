package config

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/roundtrip-bot/roundtrip/bot/when"
)

// maxPattern bounds a glob or a regular expression, in bytes.
const maxPattern = 1 << 10

// name is a word that people type in commands.
type name string

const namePattern = `^[A-Za-z][A-Za-z0-9_-]{0,62}$`

func (n *name) setText(s string) error {
	if !regexp.MustCompile(namePattern).MatchString(s) {
		return fault{quote(s) + " is not a name", "begin with a letter; then letters, digits, - and _, at most 63"}
	}
	*n = name(s)
	return nil
}

// duration is more than zero, delay may be none.
type duration time.Duration

const durationHint = "write a whole number and a unit: 90s, 10m, 4h, 7d"

func (d *duration) setText(s string) error {
	v, err := when.ParseDuration(s)
	if err != nil {
		return fault{err.Error(), durationHint}
	}
	*d = duration(v)
	return nil
}

type delay time.Duration

func (d *delay) setText(s string) error {
	v, err := when.ParseDelay(s)
	if err != nil {
		return fault{err.Error(), durationHint}
	}
	*d = delay(v)
	return nil
}

// percent is kept as a share of one.
type percent float64

func (p *percent) setText(s string) error {
	v, err := when.ParsePercent(s)
	if err != nil {
		return fault{err.Error(), "write it with its sign: 5%, 0.5%"}
	}
	*p = percent(v)
	return nil
}

// risk is how often we may be wrong: never zero, for then nothing can be decided.
type risk float64

func (r *risk) setText(s string) error {
	var p percent
	if err := p.setText(s); err != nil {
		return err
	}
	if p < 0.0001 || p > 0.5 {
		return fault{s + " is not between 0.01% and 50%", "1% and 5% are usual"}
	}
	*r = risk(p)
	return nil
}

// weight is a share of the traffic in whole percent, 1 to 100.
type weight int

func (w *weight) setText(s string) error {
	var p percent
	if err := p.setText(s); err != nil {
		return err
	}
	whole := math.Round(float64(p) * 100)
	if math.Abs(float64(p)*100-whole) > 1e-9 || whole < 1 {
		return fault{s + " is not a whole percentage from 1% to 100%", "write 5% or 25%"}
	}
	*w = weight(whole)
	return nil
}

// glob is a doublestar pattern, pattern a regular expression in RE2's syntax.
type glob string

func (g *glob) setText(s string) error {
	switch {
	case s == "" || len(s) > maxPattern:
		return fault{fmt.Sprintf("is not a glob of 1 to %d bytes", maxPattern), "write one such as src/**"}
	case !doublestar.ValidatePattern(s):
		return fault{quote(s) + " is not a glob", "close its brackets; write \\[ for a bracket itself"}
	}
	*g = glob(s)
	return nil
}

type pattern string

func (p *pattern) setText(s string) error {
	if s == "" || len(s) > maxPattern {
		return fault{fmt.Sprintf("is not a regular expression of 1 to %d bytes", maxPattern), "write one such as SHOP-[0-9]+"}
	}
	if _, err := regexp.Compile(s); err != nil {
		return fault{quote(s) + " is not a regular expression", err.Error()}
	}
	*p = pattern(s)
	return nil
}

// times is how often to run again: auto or a number.
type times int

func (t *times) setText(s string) error {
	n, err := strconv.Atoi(s)
	if s != "auto" && (err != nil || n < 1 || n > 5) {
		return fault{quote(s) + " is not auto or a number from 1 to 5", "write auto"}
	}
	*t = times(n)
	return nil
}

// checks are a word, or names and globs of checks.
type checks struct {
	word  string
	names []glob
}

func (c *checks) list() any { return &c.names }

func (c *checks) setText(s string) error {
	if s != "required" && s != "learned" {
		return fault{quote(s) + " is not required, learned or a list of names", "write required or [build, unit]"}
	}
	c.word = s
	return nil
}

// instant is a point in time with its zone.
type instant struct{ time.Time }

func (i *instant) setText(s string) error {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return fault{quote(s) + " is not a time with a zone", "write it as 2026-12-20T00:00:00+01:00"}
	}
	i.Time = t
	return nil
}

func texts[T ~string](list []T) []string {
	var out []string
	for _, s := range list {
		out = append(out, string(s))
	}
	return out
}

// quote shows a stranger's text: escaped, and not too much of it.
func quote(s string) string {
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "…"
	}
	return strconv.Quote(s)
}
