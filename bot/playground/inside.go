package playground

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

// Over carries requests to the world without a network, one after the other:
// what is asked is answered before whoever asked goes on. Real clients and
// real servers meet in it; what it leaves out is TCP.
func (w *World) Over() http.RoundTripper { return over{w} }

type over struct{ w *World }

// RoundTrip implements http.RoundTripper.
func (o over) RoundTrip(r *http.Request) (*http.Response, error) {
	asked := r.Clone(r.Context())
	asked.RequestURI, asked.RemoteAddr = r.URL.RequestURI(), "192.0.2.1:1234"
	if asked.Host == "" {
		asked.Host = r.URL.Host
	}
	if asked.Body == nil {
		asked.Body = http.NoBody
	}
	a := &answer{header: http.Header{}}
	o.w.server.Handler.ServeHTTP(a, asked)
	_ = asked.Body.Close()
	if a.cut {
		return nil, io.ErrUnexpectedEOF
	}
	a.WriteHeader(http.StatusOK)
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.sent, Body: io.NopCloser(&a.body), ContentLength: int64(a.body.Len()), Request: r,
	}, nil
}

// answer is one in the making.
type answer struct {
	header, sent http.Header
	status       int // 0 until it is said
	body         bytes.Buffer
	cut          bool // the connection was taken away
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status, a.sent = status, a.header.Clone()
	}
}

// Write implements http.ResponseWriter.
func (a *answer) Write(p []byte) (int, error) {
	if a.cut {
		return 0, errors.New("the connection was taken away")
	}
	if a.header.Get("Content-Type") == "" && a.status == 0 {
		a.header.Set("Content-Type", http.DetectContentType(p))
	}
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

// SetReadDeadline and SetWriteDeadline: nobody here is slow.
func (a *answer) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline is as SetReadDeadline.
func (a *answer) SetWriteDeadline(time.Time) error { return nil }

// Hijack takes the connection away: what a fault does to cut it.
func (a *answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	a.cut = true
	near, far := net.Pipe()
	_ = far.Close()
	return near, nil, nil
}
