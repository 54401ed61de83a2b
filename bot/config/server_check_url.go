package config

import (
	"net"
	"net/url"
	"strconv"
	"strings"
)

// pages have links of their own that know of no path before them.
func (l *loader) pages() string {
	given := l.shape.PagesURL
	if given == "" {
		return ""
	}
	address := strings.TrimRight(l.url("pages_url", given), "/")
	if u, err := url.Parse(address); err == nil && u.Path != "" {
		l.mistaken("pages_url", "has a path", "give the pages a host of their own: https://deploys.example.com")
	}
	return address
}

func (l *loader) listen(name string, given setting) string {
	_, port, err := net.SplitHostPort(string(given))
	n, portErr := strconv.Atoi(port)
	if err != nil || portErr != nil || n < 0 || n > 65535 {
		l.mistaken(name, quote(string(given))+" is not host:port", "write 127.0.0.1:8080, or :8080 for all addresses")
	}
	return string(given)
}

func (l *loader) url(name string, given setting) string {
	if err := checkURL(string(given)); err != nil {
		l.mistaken(name, err.Error(), "write it whole: https://roundtrip.example.com")
	}
	return string(given)
}

// base is an address below which others are, with its slash.
func (l *loader) base(name string, given setting) string {
	return strings.TrimRight(l.url(name, given), "/") + "/"
}
