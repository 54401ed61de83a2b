package playground

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

var (
	pieces  = regexp.MustCompile(`<[^>]*>|[^<]+`) // of rendered Markdown, which has no bare sign of a tag in it
	numbers = regexp.MustCompile(`(^|[\s(,])#(\d+)\b`)
	apart   = regexp.MustCompile(`^<(/?)(?:a|code)\b`)
)

// Led is rendered Markdown in which a number that people wrote leads to its
// issue or change, as GitHub draws it, seen by the same person. In code and
// links it is left alone.
func (l look) Led(html string) string {
	deep := 0
	return pieces.ReplaceAllStringFunc(html, func(piece string) string {
		switch m := apart.FindStringSubmatch(piece); {
		case m != nil && m[1] == "":
			deep++
		case m != nil:
			deep--
		case deep == 0 && !strings.HasPrefix(piece, "<"):
			return numbers.ReplaceAllStringFunc(piece, l.led)
		}
		return piece
	})
}

// led is a number that stands for itself or for a link.
func (l look) led(written string) string {
	m := numbers.FindStringSubmatch(written)
	n, err := strconv.Atoi(m[2])
	known := slices.ContainsFunc(l.Closes, func(it fakegithub.IssueView) bool { return it.Number == n }) ||
		slices.ContainsFunc(l.Changes, func(c fakegithub.ChangeView) bool { return c.Number == n })
	if err != nil || !known {
		return written
	}
	return fmt.Sprintf(`%s<a href="%s">#%d</a>`, m[1], strings.ReplaceAll(l.Issue(n), "&", "&amp;"), n)
}
