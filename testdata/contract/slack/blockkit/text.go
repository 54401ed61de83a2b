package blockkit

import (
	"regexp"
	"strings"
)

var (
	mention = regexp.MustCompile(`<!(channel|here|everyone)(\|[^>]*)?>`)
	// what Slack itself gives a meaning: links, users, channels, groups, dates, subteams
	angle = regexp.MustCompile(`<(https?://|mailto:|tel:|@[UW]|#[CG]|!subteam\^|!date\^|!channel|!here|!everyone|slack://)[^<>]*>`)
	amp   = regexp.MustCompile(`&(amp|lt|gt);`)
)

func (c *checker) mrkdwn(s, ptr string) {
	if m := mention.FindString(s); m != "" {
		c.add("warning", ptr, "mass_mention", "D formatting: special mentions", "%s notifies everyone; wanted, or from somebody else's text?", m)
	}
	rest := angle.ReplaceAllString(s, "")
	if strings.ContainsAny(strings.TrimPrefix(strings.ReplaceAll(rest, "\n>", "\n"), ">"), "<>") {
		c.add("warning", ptr, "unescaped_angle", "D formatting: escape &, <, >", "a bare < or >")
	}
	if strings.Contains(amp.ReplaceAllString(rest, ""), "&") {
		c.add("warning", ptr, "unescaped_ampersand", "D formatting: escape &, <, >", "a bare &")
	}
}

func has(l []string, s string) bool {
	for _, x := range l {
		if x == s {
			return true
		}
	}
	return false
}
