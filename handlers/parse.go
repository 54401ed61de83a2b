package handlers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Line is a command as written: its verb and its arguments.
type Line struct {
	Verb string
	Args []string
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
			Advice:  "/" + lines[0].Verb + " " + strings.Join(lines[0].Args, " "),
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
		r := bot.Refusal{Message: fmt.Sprintf("there is no command %q", clip(verb, 30)), Advice: "/help"}
		if near, ok := Nearest(verb, verbs()); ok {
			r.Message += ", did you mean " + near + "?"
			r.Advice = strings.TrimSpace("/" + near + " " + strings.Join(fields[1:], " "))
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

// maxComment is how much of a comment is looked at.
const maxComment = 64 << 10

// prose are the lines of a comment that are its author's own words: not code,
// not quotes, not hidden.
func prose(text string) (lines []string) {
	if len(text) > maxComment {
		return nil
	}
	fence, hidden := "", false
	for _, l := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		trimmed := strings.TrimLeft(l, " ")
		switch {
		case fence != "":
			if strings.HasPrefix(trimmed, fence) && strings.Trim(trimmed, fence[:1]+" ") == "" {
				fence = ""
			}
		case hidden:
			hidden = !strings.Contains(l, "-->")
		case strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~"):
			fence = trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, trimmed[:1]))]
		case strings.HasPrefix(trimmed, "<!--"):
			hidden = !strings.Contains(l, "-->")
		case strings.HasPrefix(trimmed, ">") || strings.HasPrefix(l, "    ") || strings.HasPrefix(l, "\t"):
		default:
			lines = append(lines, l)
		}
	}
	return lines
}
