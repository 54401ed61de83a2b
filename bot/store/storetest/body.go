package storetest

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// bodies come back byte by byte, whatever they hold and however they are kept.
func bodies(t *testing.T, b *bench) {
	noise := make([]byte, 0, 64<<10)
	for sum := sha256.Sum256(nil); len(noise) < cap(noise); sum = sha256.Sum256(sum[:]) {
		noise = append(noise, sum[:]...)
	}
	for name, body := range map[string][]byte{
		"nothing": {}, "short": []byte("{}"), "json": []byte(strings.Repeat(`{"number":1,"title":"Add gift wrapping"},`, 2000)),
		"noise": noise, "zeros": make([]byte, 3<<20), "no text": bytes.Repeat([]byte{0, 0xff, 0xfe}, 900),
	} {
		if fresh, err := b.Hear(t.Context(), bot.Letter{ID: "github/" + name, Source: "github", Name: "push", Body: body}); err != nil || !fresh {
			t.Fatalf("%s: %v (%v)", name, err, fresh)
		}
		l, ok, err := b.Letter(t.Context(), "github/"+name)
		if err != nil || !ok || !bytes.Equal(l.Body, body) {
			t.Errorf("%s: of %d bytes came back %d: %v", name, len(body), len(l.Body), err)
		}
	}
}
