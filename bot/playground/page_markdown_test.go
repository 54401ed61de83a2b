package playground

import (
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// TestLabelledCells: each cell knows its column, whatever a stranger calls it.
func TestLabelledCells(t *testing.T) {
	drawn := string(markdown(fakegithub.Render("| `a` | say \"so\" |\n|:--|--:|\n| 1 | 2 |\n| <td> | |\n\nbetween\n\n| c |\n|---|\n| 3 |\n")))
	for _, want := range []string{
		`<td data-label="a">1</td>`, `<td data-label="say &quot;so&quot;" class="number">2</td>`, `<td data-label="a">&lt;td&gt;</td>`,
		`<td data-label="c">3</td>`, "<p>between</p>",
	} {
		if !strings.Contains(drawn, want) {
			t.Errorf("it has no %s:\n%s", want, drawn)
		}
	}
}
