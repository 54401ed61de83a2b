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

// unpack is the body of what pack wrote. A body that was emptied stays empty.
func unpack(l *bot.Letter, coding string) (err error) {
	switch {
	case coding == "" || len(l.Body) == 0:
		return nil
	case coding != packed:
		return fmt.Errorf("delivery %s is written as %q, which this program does not know: run the newer program", l.ID, coding)
	}
	if l.Body, err = s2.Decode(nil, l.Body); err != nil {
		return fmt.Errorf("delivery %s cannot be unpacked: %w", l.ID, err)
	}
	return nil
}
