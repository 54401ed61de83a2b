package fakeprod

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"
)

// arm is a running version and the way to it.
type arm struct {
	version *Version
	handler http.Handler // the version itself, or a proxy to its listener
	server  *http.Server // nil in process
	over    *http.Transport
	flying  sync.WaitGroup
}

// newArm starts a version; live, on a loopback port of its own.
func newArm(v *Version, live bool) (*arm, error) {
	if !live {
		return &arm{version: v, handler: v}, nil
	}
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start version %.7s: %w", v.SHA(), err)
	}
	over := &http.Transport{MaxIdleConnsPerHost: workers}
	a := &arm{
		version: v,
		handler: proxyTo(l.Addr().String(), over),
		over:    over,
		server:  &http.Server{Handler: v, ReadHeaderTimeout: 10 * time.Second},
	}
	go func() { _ = a.server.Serve(l) }() // ends with stop
	return a, nil
}

// proxyTo is the way to a version's listener. What cannot be reached is 502.
func proxyTo(addr string, over *http.Transport) http.Handler {
	p := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: addr})
	p.Transport = over
	p.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	return p
}

// stop waits for the requests on their way and ends the version.
func (a *arm) stop() {
	a.flying.Wait()
	if a.server == nil {
		return
	}
	a.over.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if a.server.Shutdown(ctx) != nil {
		_ = a.server.Close()
	}
}
