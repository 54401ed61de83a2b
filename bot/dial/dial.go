// Package dial is the one HTTP client for hosts that configuration names.
//
// What an address resolves to is looked at when the connection is made, after
// DNS, so that a name cannot be one thing when it is checked and another when
// it is used. Link-local addresses, and with them the metadata services of
// clouds, are never dialled; loopback and private ones only as far as the
// operator named them. Redirects are not followed.
package dial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"
)

// Options say who named the addresses and so what they may be. The zero
// Options refuse every host.
type Options struct {
	// Timeout bounds a request with its answer; ten seconds when 0.
	Timeout time.Duration
	// Operator says that the addresses stand in the operator's own settings:
	// any host may be asked, loopback and private ranges too.
	Operator bool
	// Hosts are the operator's list for addresses that a repository's file
	// names: host, host:port or *.example.com for all below it. Without a port
	// the usual ones are meant, 80 and 443. A host that stands there by its
	// whole name may be in a private range; a loopback address must stand
	// there itself, as 127.0.0.1:8080 or localhost:8080.
	Hosts []string
	// Over carries requests instead of the network, to a world that is in this
	// process: nothing is resolved or dialled then. nil everywhere else.
	Over http.RoundTripper
	// Watch, when set, stands before what carries requests and sees each.
	Watch func(http.RoundTripper) http.RoundTripper
}

// New makes a client. Its connections are its own: close them with
// CloseIdleConnections.
func New(o Options) *http.Client {
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	t := &http.Transport{
		DialContext:            guard(o).dial,
		TLSHandshakeTimeout:    o.Timeout,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
	if o.Operator {
		// Not for a repository's addresses: a proxy resolves names itself, and
		// then nobody would look at what they resolve to. Loopback never goes
		// through a proxy.
		t.Proxy = http.ProxyFromEnvironment
	}
	c := &http.Client{
		Timeout: o.Timeout, Transport: t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if o.Over != nil {
		c.Transport = o.Over
	}
	if o.Watch != nil {
		c.Transport = o.Watch(c.Transport)
	}
	return c
}

type guard Options

// dial connects to a host:port and looks at each address it resolves to.
func (g guard) dial(ctx context.Context, network, hostport string) (net.Conn, error) {
	named, ok := g.named(hostport)
	if !ok {
		return nil, Refused{Address: hostport, Why: "it is not on the server's list of hosts"}
	}
	d := net.Dialer{Timeout: g.Timeout, Control: func(_, address string, _ syscall.RawConn) error {
		return named.refuse(address)
	}}
	return d.DialContext(ctx, network, hostport)
}

// Refused says that an address may not be dialled. Trying again cannot help
// while the settings are as they are.
type Refused struct {
	Address string // host:port
	Why     string
}

func (e Refused) Error() string { return fmt.Sprintf("%s is not dialled: %s", e.Address, e.Why) }

// Do sends a request. Its errors name the address without query and user, in
// which people put secrets.
func Do(c *http.Client, r *http.Request) (*http.Response, error) {
	resp, err := c.Do(r) //nolint:gosec // the client itself refuses what must not be dialled
	if err == nil {
		return resp, nil
	}
	var outer *url.Error // it quotes the whole address
	if errors.As(err, &outer) {
		err = outer.Err
	}
	return nil, fmt.Errorf("%s %s: %w", r.Method, Plain(r.URL), err)
}

// Plain is an address without what may be secret in it.
func Plain(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}

// ErrTooLarge says that an answer is larger than we read.
var ErrTooLarge = errors.New("the answer is too large")

// Read reads a whole answer of at most limit bytes, after decompression, and
// closes it. A larger one is ErrTooLarge: half an answer is none.
func Read(resp *http.Response, limit int64) ([]byte, error) {
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if int64(len(body)) > limit {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, limit)
	}
	return body, nil
}
