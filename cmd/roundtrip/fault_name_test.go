package main

import (
	"context"
	"errors"
	"net"
	"slices"
	"testing"
)

// peerName is that of a peer which is found by its name; it is this machine's.
const peerName = "peer.test"

// namesOf is Go's own resolver, asking a name server that answers nobody while
// the names of a line are gone. Its errors are those of any that fails.
func namesOf(l *line) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		if l.is.Load() == noName {
			return nil, errors.New("the name server does not answer")
		}
		ours, theirs := net.Pipe()
		go answerName(theirs)
		return ours, nil
	}}
}

// answerName says one name's address, in the form that DNS has over TCP: the
// question as it came, and 127.0.0.1 where an IPv4 address was asked for.
func answerName(c net.Conn) {
	defer func() { _ = c.Close() }()
	asked := make([]byte, 512)
	n, err := c.Read(asked)
	if err != nil || n < 2+12 {
		return
	}
	const header, kindA = 2 + 12, 1
	end := header
	for asked[end] != 0 {
		end += int(asked[end]) + 1
	}
	question := asked[header : end+5]
	answers := byte(0)
	said := append([]byte{0, 0, asked[2], asked[3], 0x84, 0, 0, 1, 0, 0, 0, 0, 0, 0}, question...)
	if asked[end+2] == kindA {
		answers = 1
		said = append(said, 0xc0, 12, 0, kindA, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1)
	}
	said[9], said[0], said[1] = answers, byte((len(said)-2)>>8), byte(len(said)-2)
	_, _ = c.Write(said)
}

// What the bot hears of a name that is gone is what it hears from the network.
func TestANameThatIsGone(t *testing.T) {
	l := &line{}
	l.is.Store(whole)
	if at, err := namesOf(l).LookupHost(t.Context(), peerName); err != nil || !slices.Equal(at, []string{"127.0.0.1"}) {
		t.Errorf("its name leads to %v (%v)", at, err)
	}
	l.is.Store(noName)
	var gone *net.DNSError
	if _, err := namesOf(l).LookupHost(t.Context(), peerName); !errors.As(err, &gone) {
		t.Errorf("a name that is gone is %v", err)
	}
}
