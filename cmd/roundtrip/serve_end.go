package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Whoever ends us gets us within two seconds, whoever hangs: requests that are
// being answered, and work in hand (engine.Grace), may go on for one; all is put
// away half a second after it; and what is to be traced is told in the rest.
const (
	answersWithin = time.Second
	endsWithin    = 1500 * time.Millisecond
)

// untilEnded serves and works until ctx ends, and then until all is put away.
func (a *app) untilEnded(ctx context.Context, public, admin net.Listener, log *slog.Logger) error {
	return endsInTime(ctx, log, func() error {
		a.run(ctx, public, admin, log)
		return a.store.Close()
	})
}

// endsInTime works until ctx ends, and then for as long as it may take to put
// all away. What was not by then goes on when its lease has run out, as after a
// crash: nothing that was accepted is in memory alone.
func endsInTime(ctx context.Context, log *slog.Logger, work func() error) error {
	ended := make(chan error, 1)
	go func() { ended <- work() }()
	<-ctx.Done()
	select {
	case err := <-ended:
		log.Info("roundtrip is down; what was begun is on disk")
		return err
	case <-time.After(endsWithin):
		log.Warn("roundtrip is down; not all that was in hand could be put back in time: it goes on when its lease has run out")
		return nil
	}
}

// door is a server that ends when it is told to.
type door struct {
	http.Server
	unused unused
}

// server has limits: a sender who is slow, or who never ends, holds nothing up.
func server(h http.Handler) *door {
	d := &door{Server: http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}}
	d.ConnState = d.unused.changed
	return d
}

// serve until ctx ends: then nobody is let in any more, and who is being
// answered is answered, or cut off when that takes long.
func (d *door) serve(ctx context.Context, l net.Listener) {
	var serving sync.WaitGroup
	serving.Go(func() { _ = d.Serve(l) }) // it ends by Shutdown
	<-ctx.Done()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), answersWithin)
	defer cancel()
	d.unused.close()
	if d.Shutdown(grace) != nil {
		_ = d.Close() // there is nobody to tell
	}
	serving.Wait()
}

// unused are connections on which nothing came yet: browsers and balancers
// open some in advance, and http.Server would wait five seconds for each.
type unused struct {
	mu     sync.Mutex
	open   map[net.Conn]bool
	closed bool
}

// changed is an http.Server's ConnState.
func (u *unused) changed(c net.Conn, state http.ConnState) {
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(u.open, c)
	case u.closed:
		_ = c.Close() // nobody waits for it
	default:
		if u.open == nil {
			u.open = map[net.Conn]bool{}
		}
		u.open[c] = true
	}
}

// close those that are there, and those that still come.
func (u *unused) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.closed = true
	for c := range u.open {
		_ = c.Close() // nobody waits for it
	}
}
