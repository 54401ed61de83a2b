// Package words is what we say to people: one place, one voice. Short, kind,
// exact: what happened, the number, the rule, and the next thing to do with a
// line to paste. Nobody is blamed.
//
// It is pure: values in, Markdown and chat blocks out. What comes from
// strangers goes through Code or Slack and can never become a mention, a link
// or markup.
package words

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Code shows a stranger's text as a code span: nothing in it is markup, a
// mention or a link. Line breaks and control characters become spaces.
func Code(s string) string { return code(s, 120) }

// code cuts to n characters.
func code(s string, n int) string {
	s = plain(s, n)
	if s == "" {
		return "` `"
	}
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 || strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		return fence + " " + s + " " + fence
	}
	return fence + s + fence
}

// Slack escapes a stranger's text for Slack's markup: exactly the three
// characters that begin mentions, links and entities.
func Slack(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(plain(s, 200))
}

// asEmoji asks for the coloured form of the sign before it, as in ⚠️.
const asEmoji = '\ufe0f'

// plain drops what could hide or turn text around and cuts it to n characters.
func plain(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case r != asEmoji && unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
			return -1 // bidi overrides, joiners, tags, fillers: nobody sees them
		}
		return r
	}, s)
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return string(runes)
}

// Link is a stranger's address as a link in Slack's markup, shown as text.
// What is no web address is only shown.
func Link(address, text string) string {
	web := strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
	foreign := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("|<>", r) }
	if !web || strings.ContainsFunc(address, foreign) {
		return Slack(address)
	}
	return "<" + strings.ReplaceAll(address, "&", "&amp;") + "|" + Slack(text) + ">"
}

// Paste is a line to copy.
func Paste(line string) string { return "```\n" + line + "\n```" }

// For is a duration as people say it: "40 s", "12 min", "3 h 5 min".
func For(d time.Duration) string {
	d = max(0, d.Round(time.Second))
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		h := int(d.Hours())
		if m := int(d.Minutes()) - 60*h; m > 0 {
			return fmt.Sprintf("%d h %d min", h, m)
		}
		return fmt.Sprintf("%d h", h)
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// Clock is a moment of today as people say it, in UTC.
func Clock(t time.Time) string { return t.UTC().Format("15:04 UTC") }

// Moment is the same of any day: "5 Oct 08:00 UTC".
func Moment(t time.Time) string { return t.UTC().Format("2 Jan 15:04 UTC") }

// Plural counts things whose many end in s: "1 mistake", "2 mistakes".
func Plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// Percent of a part in a whole, with as many digits as it takes to see it.
func Percent(part, whole float64) string {
	if whole == 0 {
		return "-"
	}
	switch p := 100 * part / whole; {
	case p == 0:
		return "0 %"
	case p < 0.001:
		return "under 0.001 %"
	case p < 0.1:
		return fmt.Sprintf("%.3f %%", p)
	case p < 10:
		return fmt.Sprintf("%.2f %%", p)
	default:
		return fmt.Sprintf("%.0f %%", p)
	}
}

// Spark draws the last n values as blocks, from nothing up. The scale ends at
// the greatest value, or at half more than the mean if that is higher: values
// that are all alike stand at mid height and look like no peak.
func Spark(values []float64, n int) string {
	if len(values) > n {
		values = values[len(values)-n:]
	}
	top, sum := 0.0, 0.0
	for _, v := range values {
		top, sum = max(top, v), sum+v
	}
	top = max(top, 1.5*sum/float64(max(1, len(values))))
	bars := []rune("▁▂▃▄▅▆▇█")
	var b strings.Builder
	for _, v := range values {
		i := 0
		if top > 0 {
			i = int(v / top * float64(len(bars)-1))
		}
		b.WriteRune(bars[min(max(i, 0), len(bars)-1)])
	}
	return b.String()
}
