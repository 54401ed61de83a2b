package store

import (
	"fmt"

	"github.com/klauspost/compress/s2"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// packed is how a body is written that became smaller by packing.
const packed = "s2"

// packable is the size in bytes from which a body is worth the time.
const packable = 1 << 10

// pack is a body as it is written, and how that is.
func pack(body []byte) (written []byte, coding string) {
	if len(body) < packable {
		return body, ""
	}
	small := s2.Encode(nil, body)
	if len(small) >= len(body) {
		return body, ""
	}
	return small, packed
}

// unpack is the body of what pack wrote. A body that was emptied stays empty;
// one that cannot be read is a fault of its letter, and holds up no other.
func unpack(l *bot.Letter, coding string) {
	if coding == "" || len(l.Body) == 0 {
		return
	}
	if coding != packed {
		l.Body, l.Fault = nil, fmt.Sprintf("the body is written as %q, which this program does not know: run the newer program", coding)
		return
	}
	body, err := s2.Decode(nil, l.Body)
	if err != nil {
		body, l.Fault = nil, fmt.Sprintf("the body cannot be unpacked: %v", err)
	}
	l.Body = body
}
