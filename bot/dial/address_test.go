package dial

import (
	"net/netip"
	"testing"
)

func TestPrivateOnlyWhenTheHostItselfIsNamed(t *testing.T) {
	g := guard{Hosts: []string{"shop.internal", "*.example.com", "127.0.0.1:8080", "[::1]:8080"}}
	for _, c := range []struct {
		hostport, ip string
		ok           bool
	}{
		{"shop.internal:443", "10.1.2.3", true},
		{"shop.internal:443", "100.64.0.1", true},
		{"shop.internal:443", "127.0.0.1", false}, // a name may not lead to this machine
		{"shop.internal:8443", "10.1.2.3", false},
		{"a.example.com:443", "203.0.113.7", true},
		{"a.example.com:443", "10.1.2.3", false}, // who owns the name chose that, not the operator
		{"a.example.com:443", "fc00::1", false},
		{"a.example.com:443", "::ffff:127.0.0.1", false},
		{"a.example.com:443", "::ffff:100.64.0.1", false},
		{"a.example.com:443", "64:ff9b::a00:1", false}, // 10.0.0.1
		{"example.com:443", "203.0.113.7", false},
		{"evilexample.com:443", "203.0.113.7", false},
		{"127.0.0.1:8080", "127.0.0.1", true},
		{"[::1]:8080", "::1", true},
		{"127.0.0.1:8081", "127.0.0.1", false},
	} {
		named, ok := g.named(c.hostport)
		got := ok && named.forbids(plain(netip.MustParseAddr(c.ip))) == ""
		if got != c.ok {
			t.Errorf("%s at %s: %v", c.hostport, c.ip, got)
		}
	}
}
