package playground

import (
	"html/template"
	"regexp"
	"strings"
)

// markdown is HTML that was made harmless where it was rendered.
func markdown(s string) template.HTML {
	return template.HTML(reached.Replace(labelled(aligned.Replace(s))))
}

// aligned are the only styles in rendered Markdown; the policy allows none.
var aligned = strings.NewReplacer(` style="text-align:left"`, "", ` style="text-align:right"`, ` class="number"`, ` style="text-align:center"`, "")

// reached: what is wider than the screen is moved by the keyboard, too. A
// stranger's text holds no table tag of its own.
var reached = strings.NewReplacer("<table>", `<div class="scroll-x" tabindex="0" role="group" aria-label="Table"><table>`, "</table>", "</table></div>")

var (
	tables = regexp.MustCompile(`(?s)<table>.*?</table>`)
	heads  = regexp.MustCompile(`(?s)<th(?: [^>]*)?>(.*?)</th>`)
	rows   = regexp.MustCompile(`(?s)<tr>.*?</tr>`)
	tags   = regexp.MustCompile(`<[^>]*>`)
)

// labelled gives each cell of a table the head of its column: on a telephone a
// row is a block, and each value in it stands after its label.
func labelled(html string) string {
	return tables.ReplaceAllStringFunc(html, func(table string) string {
		columns := heads.FindAllStringSubmatch(table, -1)
		return rows.ReplaceAllStringFunc(table, func(row string) string {
			cells := strings.Split(row, "<td")
			for i := 1; i < len(cells) && i <= len(columns); i++ {
				cells[i] = ` data-label="` + tags.ReplaceAllString(columns[i-1][1], "") + `"` + cells[i]
			}
			return strings.Join(cells, "<td")
		})
	})
}
