package main

import (
	"context"
	"net"
	"net/http"
	"strconv"
)

// besides opens the bot's own pages next to a world's: they have an address
// of their own here as they have with serve. The port is the next one, or any
// that is free.
func besides(ctx context.Context, world string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(world)
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(port)
	if err == nil && n > 0 && n < 65535 {
		next := net.JoinHostPort(host, strconv.Itoa(n+1))
		if l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", next); err == nil {
			return l, nil
		}
	}
	return (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
}

// pagesUntil serves the bot's own pages until ctx ends. Pages that are open
// listen for ever: they are cut off.
func pagesUntil(ctx context.Context, l net.Listener, h http.Handler) {
	s := server(h)
	s.BaseContext = func(net.Listener) context.Context { return ctx }
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	_ = s.Serve(l) // it ends by Close
}
