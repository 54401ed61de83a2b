package dial

import (
	"net"
	"net/netip"
	"strings"
)

// naming is how the operator named a host: what its addresses may be.
type naming struct {
	loopback bool
	private  bool
}

// named finds how a host:port was named; false when it was not.
func (g guard) named(hostport string) (naming, bool) {
	if g.Operator {
		return naming{loopback: true, private: true}, true
	}
	host, port, err := net.SplitHostPort(strings.ToLower(hostport))
	if err != nil {
		return naming{}, false
	}
	var best naming
	found := false
	for _, pattern := range g.Hosts {
		if exact, ok := match(strings.ToLower(pattern), host, port); ok {
			found = true
			_, notAddress := netip.ParseAddr(host)
			best.private = best.private || exact
			best.loopback = best.loopback || exact && (notAddress == nil || host == "localhost")
		}
	}
	return best, found
}

// match reports whether a pattern means host and port, and whether it names
// the host itself and not all below a domain.
func match(pattern, host, port string) (exact, ok bool) {
	name, only, err := net.SplitHostPort(pattern)
	if err != nil {
		name, only = strings.Trim(pattern, "[]"), ""
	}
	if only != port && (only != "" || port != "80" && port != "443") {
		return false, false
	}
	if domain, wild := strings.CutPrefix(name, "*"); wild {
		return false, strings.HasPrefix(domain, ".") && strings.HasSuffix(host, domain) && len(host) > len(domain)
	}
	return true, name != "" && name == host
}

// Addresses at which clouds answer questions about a machine and its
// credentials, and that are not link-local.
var metadata = []netip.Addr{
	netip.MustParseAddr("fd00:ec2::254"),   // Amazon
	netip.MustParseAddr("fd20:ce::254"),    // Google
	netip.MustParseAddr("100.100.100.200"), // Alibaba
	netip.MustParseAddr("168.63.129.16"),   // Azure
	netip.MustParseAddr("192.0.0.192"),     // Oracle
}

var (
	thisNetwork = netip.MustParsePrefix("0.0.0.0/8")
	shared      = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598: private in effect
	translated  = netip.MustParsePrefix("64:ff9b::/96")  // RFC 6052: an IPv4 address inside
)

// refuse says why the resolved ip:port may not be dialled; nil when it may.
func (n naming) refuse(address string) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return Refused{Address: address, Why: "it is not an address"}
	}
	if why := n.forbids(plain(ap.Addr())); why != "" {
		return Refused{Address: address, Why: why}
	}
	return nil
}

// plain takes an IPv4 address out of the IPv6 forms that carry one.
func plain(ip netip.Addr) netip.Addr {
	ip = ip.Unmap().WithZone("")
	if translated.Contains(ip) {
		b := ip.As16()
		return netip.AddrFrom4([4]byte(b[12:]))
	}
	return ip
}

func (n naming) forbids(ip netip.Addr) string {
	for _, m := range metadata {
		if ip == m {
			return "it is a cloud's metadata address"
		}
	}
	switch {
	case ip.IsLinkLocalUnicast():
		return "it is link-local, as metadata services are"
	case ip.IsMulticast(), ip == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return "it is a multicast or broadcast address"
	case ip.IsUnspecified(), thisNetwork.Contains(ip):
		return "it is no host's address"
	case ip.IsLoopback() && !n.loopback:
		return "it is this machine, which the server's list of hosts does not name"
	case (ip.IsPrivate() || shared.Contains(ip)) && !n.private:
		return "it is in a private range, and the server's list does not name the host itself"
	}
	return ""
}
