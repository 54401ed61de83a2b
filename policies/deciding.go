package policies

import (
	"slices"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Watched reports whether the settings ask for the branch to be green.
func (s GreenSettings) Watched(branch string) bool {
	return s.Mode != Off && slices.ContainsFunc(s.Branches, func(glob string) bool { return match(glob, branch) })
}

// Decides reports whether a check decides about the branch. Our own answer
// depends on the branch and never decides about it.
func (s GreenSettings) Decides(required []string, check string) bool {
	if Ours(check) {
		return false
	}
	if s.Required {
		return slices.Contains(required, check)
	}
	return slices.ContainsFunc(s.Checks, func(glob string) bool { return match(glob, check) })
}

func match(glob, name string) bool {
	ok, err := doublestar.Match(glob, name)
	return err == nil && ok || glob == name
}

// Ours reports whether a check is one of our own.
func Ours(check string) bool {
	return slices.ContainsFunc(All(), func(p Policy) bool { return p.Check == check })
}

// Only forgets what decides no more; changed says that there was such a thing.
func (b Build) Only(s GreenSettings) (decided Build, changed bool) {
	if !s.Required {
		b.Names = nil
	}
	known, causes := len(b.Runs), len(b.Causes)
	b = b.only(func(check string, _ bot.CheckRun) bool { return s.Decides(b.Names, check) })
	b.Causes = slices.DeleteFunc(slices.Clone(b.Causes), func(c Cause) bool { return !s.Decides(b.Names, c.Check) })
	return b, len(b.Runs) != known || len(b.Causes) != causes
}
