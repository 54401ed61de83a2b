package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// What a network may do to a connection.
const (
	whole    = ""
	cut      = "cut"       // it is closed at once
	slow     = "slow"      // the answer comes byte by byte
	halfOpen = "half-open" // it is accepted, and nothing ever comes
	reset    = "reset"     // in the middle of the answer
	noName   = "no name"   // the peer's name is not resolved
)

// network lies between the bot and the world: one line for each peer, which
// may be broken. Who waits on a line that is broken is less patient than
// in serve, so that a test is short.
type network map[string]*line

// impatience bounds a request on a line that is broken.
const impatience = 60 * time.Millisecond

// RoundTrip implements http.RoundTripper.
func (n network) RoundTrip(r *http.Request) (*http.Response, error) {
	l := n[strings.Split(strings.TrimPrefix(r.URL.Path, "/stand-in"), "/")[1]]
	if l.is.Load().(string) == whole {
		return l.over.RoundTrip(r)
	}
	ctx, cancel := context.WithTimeout(r.Context(), impatience)
	resp, err := l.over.RoundTrip(r.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Body = ending{resp.Body, cancel}
	return resp, nil
}

type ending struct {
	io.ReadCloser
	end func()
}

func (e ending) Close() error { defer e.end(); return e.ReadCloser.Close() }

// line is a proxy to the world. Each request has a connection of its own.
type line struct {
	is   atomic.Value // one of the faults
	over *http.Transport
	bent atomic.Int64 // connections that were broken
}

func newLine(t *testing.T, world string) *line {
	t.Helper()
	l, _ := lineTo(t, world)
	return l
}

// lineTo is a line, and the address at which it begins.
func lineTo(t *testing.T, world string) (*line, string) {
	t.Helper()
	door := must[net.Listener](t)(net.Listen("tcp", "127.0.0.1:0"))
	t.Cleanup(func() { _ = door.Close() })
	l := &line{}
	l.over = &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		if l.is.Load() == noName {
			l.bent.Add(1)
			return (&net.Dialer{Resolver: namesOf(l)}).DialContext(ctx, "tcp", peerName+":443")
		}
		return (&net.Dialer{}).DialContext(ctx, "tcp", door.Addr().String())
	}}
	l.is.Store(whole)
	go func() {
		for c, err := door.Accept(); err == nil; c, err = door.Accept() {
			go l.between(c.(*net.TCPConn), world)
		}
	}()
	return l, door.Addr().String()
}

func (l *line) between(client *net.TCPConn, world string) {
	defer func() { _ = client.Close() }()
	is := l.is.Load().(string)
	if is != whole {
		l.bent.Add(1)
	}
	switch is {
	case cut, noName:
		return
	case halfOpen:
		_, _ = io.Copy(io.Discard, client) // until the bot goes
		return
	}
	server, err := net.Dial("tcp", world)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() { _, _ = io.Copy(server, client) }()
	switch is {
	case slow:
		trickle(client, server)
	case reset:
		_, _ = io.CopyN(client, server, 20)
		_ = client.SetLinger(0)
	default:
		_, _ = io.Copy(bending{client, l}, server)
	}
}

// bending is a connection that was there before its line was broken.
type bending struct {
	client *net.TCPConn
	*line
}

// Write what came from the server, as far as the line lets it.
func (b bending) Write(answer []byte) (int, error) {
	is := b.is.Load().(string)
	if is != whole {
		b.bent.Add(1)
	}
	switch is {
	case cut, noName: // whose name is gone is seldom there still
		return 0, io.ErrClosedPipe
	case halfOpen:
		return len(answer), nil
	case slow:
		trickle(b.client, bytes.NewReader(answer))
		return len(answer), nil
	case reset:
		_, _ = b.client.Write(answer[:len(answer)/2])
		_ = b.client.SetLinger(0)
		return 0, io.ErrClosedPipe
	}
	return b.client.Write(answer)
}

// trickle a byte each 10 ms.
func trickle(to io.Writer, from io.Reader) {
	for {
		if _, err := io.CopyN(to, from, 1); err != nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}
