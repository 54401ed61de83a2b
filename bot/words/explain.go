package words

import (
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Explained is what the policies say of a change.
type Explained struct {
	Change   bot.ChangeRef
	Head     bot.SHA
	File     string // where the rules stand
	HasFile  bool
	Policies []PolicySays
	Not      []Share // what does not count
}

// PolicySays is what one of them says.
type PolicySays struct {
	Name, Mode  string
	Mark, Title string
	Rule        string // its key in the file
	Line        int    // of the key; 0: the file does not say
	Off         bool
}

// String is the answer.
func (e Explained) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### What the policies say of #%d at `%s`\n\n", e.Change.Number, e.Head.Short())
	for _, p := range e.Policies {
		fmt.Fprintf(&b, "- %s\n", p.line(e))
	}
	if len(e.Not) > 0 {
		fmt.Fprintf(&b, "\nNot counted: %s.\n", shares(e.Not))
	}
	if !e.HasFile {
		fmt.Fprintf(&b, "\nThere is no `%s` on the default branch: policies only observe.\n", e.File)
	}
	return b.String()
}

func (p PolicySays) line(e Explained) string {
	where := "by default"
	if p.Line > 0 {
		where = fmt.Sprintf("line %d of `%s`", p.Line, e.File)
	}
	if p.Off {
		return fmt.Sprintf("`%s` is off: `%s`, %s", p.Name, p.Rule, where)
	}
	return fmt.Sprintf("%s `%s`, mode `%s`: %s. Rule: `%s`, %s", p.Mark, p.Name, p.Mode, plain(p.Title, 120), p.Rule, where)
}
