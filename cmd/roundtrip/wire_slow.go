package main

import "net/http"

// How many loops may wait for deploy targets and for production at once: of
// the engine's six that handle, two are always free for what GitHub sends, and
// nobody outside holds more than two.
const (
	waitForOne   = 2
	looksAtOnce  = 4
	ordersAtOnce = 4
)

// carry is what stands before the requests of a client: who does not answer is
// left alone for a while. Each client has its own memory of that, since hosts
// may be one for several peers. What is not sent is not counted as a request.
func (a around) carry(m *meters) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return m.rests.before(m.requests.watch(next), a.clock, false)
	}
}

// ask is carry for a client that only asks. That of probes has neither: that
// nobody answers is what a probe is there to see.
func (a around) ask(m *meters) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return m.rests.before(m.requests.watch(next), a.clock, true)
	}
}
