package web

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
)

// What may be held of bodies at once, before anybody knows who sent them. The
// first of each counts apart, so that however many large ones are under way,
// those of the usual size find room. What a body is read into grows by doubling:
// the process may hold three times as much for a moment.
const (
	firstPart = 64 << 10 // bytes; GitHub's usual payload has 10 to 40 KiB
	firstRoom = 64 << 20 // for the first part of all bodies
	restRoom  = 96 << 20 // for the rest of all: three of GitHub's largest
)

// retryAfter is in seconds: by then somebody has come to an end.
const retryAfter = "5"

var errFull = errors.New("too many bodies are being read")

// room is how many bytes of bodies may be held at once, for all hooks
// together. Bytes count once they have come, not when they are announced: who
// announces much and sends nothing takes no room. Nobody waits for room, for
// those who wait would hold what the others wait for; the server's ReadTimeout
// ends whoever sends slowly.
type room struct {
	part        int64 // of each body that counts as its first
	first, rest pool
}

func newRoom() *room {
	return &room{part: firstPart, first: pool{size: firstRoom}, rest: pool{size: restRoom}}
}

// admit lets a hook read its body as far as there is room, which is free again
// when the hook has answered.
func (m *room) admit(hook http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b := &guest{ReadCloser: r.Body, room: m}
		defer b.leave()
		r.Body = b
		hook(w, r)
	}
}

// guest is a body that is being read.
type guest struct {
	io.ReadCloser
	room        *room
	first, rest int64 // bytes held
}

func (b *guest) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	first := min(int64(n), b.room.part-b.first)
	rest := int64(n) - first
	if !b.room.first.take(first) {
		return 0, errFull
	}
	b.first += first
	if !b.room.rest.take(rest) {
		return 0, errFull
	}
	b.rest += rest
	return n, err
}

func (b *guest) leave() {
	b.room.first.give(b.first)
	b.room.rest.give(b.rest)
}

// pool is bytes of which some are taken.
type pool struct {
	size  int64
	taken atomic.Int64
}

func (p *pool) take(n int64) bool {
	if p.taken.Add(n) <= p.size {
		return true
	}
	p.give(n)
	return false
}

func (p *pool) give(n int64) { p.taken.Add(-n) }
