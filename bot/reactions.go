package bot

// Reaction is what we put on a comment that holds a command.
type Reaction struct {
	Name  string // GitHub's
	Sign  string // with which the answer begins
	Means string
}

// Reactions are in the order in which a comment may get them; the last stays.
func Reactions() []Reaction {
	return []Reaction{
		{Eyes, "👀", "seen"},
		{Rocket, "🚀", "done as asked"},
		{Puzzle, "😕", "not for who asked, or more has to be said"},
		{Nope, "👎", "refused, or given up"},
	}
}

// ReactionNamed finds one; of what is not ours only the name is known.
func ReactionNamed(name string) Reaction {
	for _, r := range Reactions() {
		if r.Name == name {
			return r
		}
	}
	return Reaction{Name: name}
}

// Reaction to a command that does not run.
func (e Refusal) Reaction() Reaction {
	if e.Puzzled {
		return ReactionNamed(Puzzle)
	}
	return ReactionNamed(Nope)
}
