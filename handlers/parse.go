package handlers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// Line is a command as written: its verb and its arguments.
type Line struct {
	Verb string
	Args []string
}

// String is the command to paste.
func (l Line) String() string {
	return clip(strings.TrimSpace("/"+l.Verb+" "+strings.Join(l.Args, " ")), 200)
}

// Parse finds the commands in a comment. A command stands at the beginning of
// a line, outside code, quotes and HTML comments, and its verb is followed by
// a space or the end of the line: "/deployment" is none. Text without a
// command of ours is nothing to us. In chat, the whole text is one command
// without its slash, and one that we do not know is answered.
func Parse(text string, chat bool) ([]Line, *bot.Refusal) {
	if chat {
		return parseChat(text)
	}
	var lines []Line
	for _, l := range prose(text) {
		fields := strings.Fields(l)
		if len(fields) == 0 || !strings.HasPrefix(fields[0], "/") || !strings.HasPrefix(l, "/") {
			continue
		}
		verb := strings.ToLower(fields[0][1:])
		if known(verb) {
			lines = append(lines, Line{Verb: verb, Args: fields[1:]})
		}
	}
	if len(lines) > 1 {
		return nil, &bot.Refusal{
			Message: fmt.Sprintf("this comment holds %d commands; one comment, one command", len(lines)),
			Advice:  lines[0].String(),
			Puzzled: true,
		}
	}
	return lines, nil
}

func parseChat(text string) ([]Line, *bot.Refusal) {
	fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(text), "/"))
	if len(fields) == 0 {
		return []Line{{Verb: "help"}}, nil
	}
	verb := strings.ToLower(fields[0])
	if !known(verb) {
		r := bot.Refusal{Message: fmt.Sprintf("there is no command %s", words.Code(clip(verb, 30))), Advice: "/help", Puzzled: true}
		if near, ok := words.Nearest(verb, verbs()); ok {
			r.Message += ", did you mean " + near + "?"
			r.Advice = Line{Verb: near, Args: fields[1:]}.String()
		}
		return nil, &r
	}
	return []Line{{Verb: verb, Args: fields[1:]}}, nil
}

func known(verb string) bool { return slices.Contains(verbs(), verb) }

func verbs() (names []string) {
	for _, c := range commands() {
		names = append(names, c.Verb)
	}
	return names
}
