package words

import "github.com/roundtrip-bot/roundtrip/bot"

// Reaction is what we put on a comment that holds a command.
type Reaction struct {
	Name  string // GitHub's
	Sign  string // with which the answer begins
	Means string
}

// Reactions are in the order in which a comment may get them; the last stays.
func Reactions() []Reaction {
	return []Reaction{
		{bot.Eyes, "👀", "seen"},
		{bot.Rocket, "🚀", "done as asked"},
		{bot.Puzzle, "😕", "not for who asked, or more has to be said"},
		{bot.Nope, "👎", "refused, or given up"},
	}
}

// ReactionTo is the reaction to a command that does not run.
func ReactionTo(r bot.Refusal) Reaction {
	name := bot.Nope
	if r.Puzzled {
		name = bot.Puzzle
	}
	return reaction(name)
}

// ReactionMeans is what a reaction of that name tells.
func ReactionMeans(name string) string { return reaction(name).Means }

func reaction(name string) Reaction {
	for _, r := range Reactions() {
		if r.Name == name {
			return r
		}
	}
	return Reaction{Name: name}
}
