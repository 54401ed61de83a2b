package github

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// marks are the hidden lines by which we know our comment of a place: the
// first is the one that we write, the others were written under keys of
// before. Each is signed over the change and the place, so that one that was
// copied from another comment does not fit.
func (c *Client) marks(ref bot.ChangeRef, place string) (lines []string) {
	for _, key := range append([][]byte{c.o.MarkKey}, c.o.MarkKeysOld...) {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte("comment\x00" + ref.Key() + "\x00" + place))
		lines = append(lines, "<!-- roundtrip "+hex.EncodeToString(mac.Sum(nil)[:20])+" -->")
	}
	return lines
}

// marked reports whether a comment carries one of the marks as its last line,
// where we put it: one that somebody's text brought into a comment of ours is
// not there.
func marked(body string, marks []string) bool {
	body = strings.TrimRight(body, " \r\n")
	last := body[strings.LastIndexByte(body, '\n')+1:]
	return slices.ContainsFunc(marks, func(mark string) bool { return hmac.Equal([]byte(last), []byte(mark)) })
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
