package store

import (
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
)

// asked is how often a database behind a proxy was asked for something.
type asked struct{ atomic.Int64 }

// behindProxy is the address by which a database is reached through a proxy.
func behindProxy(t *testing.T, database string) (string, *asked) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal("it is no address") // the error would show the password
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	a, server := &asked{}, u.Host
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			go a.between(c, server)
		}
	}()
	u.Host = l.Addr().String()
	return u.String(), a
}

func (a *asked) between(client net.Conn, address string) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() {
		_, _ = io.Copy(io.MultiWriter(server, a), client)
		_ = server.Close()
	}()
	_, _ = io.Copy(client, server)
}

// Write counts what a client sent at once: what it does not wait for between.
func (a *asked) Write(b []byte) (int, error) {
	a.Add(1)
	return len(b), nil
}
