package github

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// mark is the hidden line by which we know our comment of a place. It is
// signed over the change and the place, so that one that was copied from
// another comment does not fit.
func (c *Client) mark(ref bot.ChangeRef, place string) string {
	mac := hmac.New(sha256.New, c.o.MarkKey)
	mac.Write([]byte("comment\x00" + ref.Key() + "\x00" + place))
	return "<!-- roundtrip " + hex.EncodeToString(mac.Sum(nil)[:20]) + " -->"
}

// marked reports whether a comment carries the mark as its last line, where
// we put it: one that somebody's text brought into a comment of ours is not
// there.
func marked(body, mark string) bool {
	body = strings.TrimRight(body, " \r\n")
	last := body[strings.LastIndexByte(body, '\n')+1:]
	return hmac.Equal([]byte(last), []byte(mark))
}

// maxComment is where we cut a comment, in characters; GitHub refuses more
// than 65,536.
const maxComment = 60_000

// shorten cuts Markdown at the end of a line and says so.
func shorten(body string, most int) string {
	runes := []rune(body)
	if len(runes) <= most {
		return body
	}
	const note = "\n\n*This was cut here: it is longer than GitHub takes.*"
	kept := string(runes[:most-len(note)])
	if i := strings.LastIndexByte(kept, '\n'); i > 0 {
		kept = kept[:i]
	}
	return kept + closing(kept) + note
}

// closing ends a code block that the cut left open.
func closing(kept string) string {
	if strings.Count("\n"+kept, "\n```")%2 == 1 {
		return "\n```"
	}
	return ""
}
