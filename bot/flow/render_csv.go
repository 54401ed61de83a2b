package flow

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// CSV is every figure of the report, a line each, with a header.
func CSV(r Report) string {
	var b strings.Builder
	row(&b, "from", "to", "repository", "service", "environment", "measure", "figure", "value", "unit", "n", "at_least")
	p := r.Period
	for _, m := range r.Results {
		for _, f := range m.Figures {
			row(&b, p.From.Format(time.RFC3339), p.To.Format(time.RFC3339), string(p.Repo), p.Service, p.Environment,
				m.Name, f.Name, strconv.FormatFloat(f.Value, 'g', -1, 64), f.Unit, strconv.Itoa(f.N), strconv.FormatBool(f.AtLeast))
		}
	}
	return b.String()
}

// row quotes as RFC 4180 says. A cell that a spreadsheet would compute is
// quoted with an apostrophe, for names are strangers' text.
func row(b *strings.Builder, cells ...string) {
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			c = "'" + c
		}
		if strings.ContainsAny(c, ",\"\r\n") {
			c = fmt.Sprintf(`"%s"`, strings.ReplaceAll(c, `"`, `""`))
		}
		b.WriteString(c)
	}
	b.WriteString("\r\n")
}
