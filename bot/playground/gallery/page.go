package gallery

import (
	"html"
	"regexp"
	"strings"
)

var (
	scripts = regexp.MustCompile(`(?s)<script\b.*?</script>`)
	icons   = regexp.MustCompile(`<link rel="icon"[^>]*>`)
	links   = regexp.MustCompile(`href="/[^"]*"`)
	heads   = regexp.MustCompile(`(?s)<head\b.*?</head>|<style\b.*?</style>`)
	tags    = regexp.MustCompile(`(?s)<[^>]*>`)
	breaks  = regexp.MustCompile(`</(p|h1|h2|h3|li|tr|dd|div|section|title|desc|text|summary|header|nav|caption|pre)>|<br>`)
	gaps    = regexp.MustCompile(`[ \t]*\n\s*`)
	titles  = regexp.MustCompile(`(?s)<title>(.*?)</title>`)
	whats   = regexp.MustCompile(`(?s)<h1\b.*?</h1>|<p class="(?:what|lead)">.*?</p>`)
)

// AssetsPath is where the stylesheet of the bot's own pages lies here.
const AssetsPath = "/gallery/assets/"

// alone makes a page open by itself: it has no script, its icon is
// the playground's, its stylesheet lies where the gallery has it, and its links lead back, for what they lead to is
// not there.
func alone(page string) string {
	page = icons.ReplaceAllString(scripts.ReplaceAllString(page, ""), `<link rel="icon" href="/icon.svg">`)
	return links.ReplaceAllStringFunc(page, func(link string) string {
		if name, ok := strings.CutPrefix(link, `href="/assets/`); ok {
			return `href="` + AssetsPath + name
		}
		if link == `href="/icon.svg"` {
			return link
		}
		return `href="/gallery#pages"`
	})
}

// visible are the words of a page, a line for each piece.
func visible(page string) string {
	page = heads.ReplaceAllString(page, "")
	page = strings.ReplaceAll(strings.ReplaceAll(page, "\n", " "), "</td>", " </td>")
	page = tags.ReplaceAllString(breaks.ReplaceAllString(page, "\n"), " ")
	lines := strings.Split(strings.TrimSpace(gaps.ReplaceAllString(html.UnescapeString(page), "\n")), "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.Join(lines, "\n")
}

func titleOf(page string) string {
	if m := titles.FindStringSubmatch(page); m != nil {
		return html.UnescapeString(m[1])
	}
	return "A page"
}

// stateOf a page is its heading and what it says at once: of a report, the week.
func stateOf(page string) string {
	return titleOf(page) + "\n" + visible(strings.Join(whats.FindAllString(page, -1), "\n"))
}
