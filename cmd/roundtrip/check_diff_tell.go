package main

import (
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// push is what would be said of a change that is about to be pushed, for a
// terminal.
type push struct {
	base, file string // where it is to go, and where the rules stand there
	hasFile    bool
	mode       string // of the policy of size
	title      string // of its verdict; empty where it is off
	rule       string
	line       int // of the rule; 0: the file does not say
	large      bool
	waits      bool // it would not be merged
	counted    *words.Counted
	without    int // lines of code without a test
}

// String is all of it.
func (p push) String() string {
	var b strings.Builder
	if p.title == "" {
		fmt.Fprintf(&b, "batch is off: %s of %s says so\n", p.file, p.base)
	} else {
		fmt.Fprintf(&b, "batch: %s\n  mode %s; rule %s, %s\n", p.title, p.mode, p.rule, p.where())
	}
	if p.counted != nil && p.title != "" {
		for s := range strings.SplitSeq(p.counted.Explain(), "\n\n") {
			if s != "" {
				b.WriteString("  " + strings.ReplaceAll(s, "`", "") + "\n")
			}
		}
	}
	if p.large {
		fmt.Fprintf(&b, "  Next: ship one idea with its test first:\n    git switch -c first-part %s\n    git checkout - -- path/of/one/idea\n", p.base)
	}
	if p.without > 0 {
		fmt.Fprintf(&b, "warning: %s of code without a test. Next: add one, or say in the pull request why there is none.\n", words.Plural(p.without, "line"))
	}
	return b.String()
}

func (p push) where() string {
	switch {
	case !p.hasFile:
		return fmt.Sprintf("by default, as %s has no %s", p.base, p.file)
	case p.line > 0:
		return fmt.Sprintf("line %d of %s on %s", p.line, p.file, p.base)
	}
	return "by default"
}
