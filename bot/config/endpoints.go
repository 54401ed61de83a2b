package config

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// hostName is a host, with its port if not the usual one, or *.domain.
type hostName string

func (h *hostName) setText(s string) error {
	if !regexp.MustCompile(`^(\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?$`).MatchString(strings.ToLower(s)) {
		return fault{quote(s) + " is not a host", "write shop.example.com, shop.example.com:8443 or *.example.com"}
	}
	*h = hostName(strings.ToLower(s))
	return nil
}

// memberID is a person's id in Slack.
type memberID string

func (m *memberID) setText(s string) error {
	if !regexp.MustCompile(`^[UW][A-Z0-9]{2,20}$`).MatchString(s) {
		return fault{quote(s) + " is not a member id", "copy it from the person's profile in Slack: U0ALICE001"}
	}
	*m = memberID(s)
	return nil
}

func (l *loader) endpoints() map[string]Endpoint {
	all := map[string]Endpoint{}
	for n, e := range l.shape.Endpoints {
		l.endpoint("endpoints."+string(n), e)
		all[string(n)] = Endpoint{Name: string(n), Type: e.Type, URL: string(e.URL), Secret: e.Secret,
			Stable: texts(e.Stable.all), Canary: texts(e.Canary.all),
			Repositories: texts(e.Repositories), Timeout: span(e.Timeout, 10*time.Second)}
	}
	return all
}

// endpoint checks what its type asks for.
func (l *loader) endpoint(path string, e endpoint) {
	need := func(key, hint string) {
		if !l.has(path + "." + key) {
			l.wrongKey(path, fmt.Sprintf("type %s needs %s", e.Type, key), hint)
		}
	}
	refuse := func(keys ...string) {
		for _, k := range keys {
			if l.has(path + "." + k) {
				l.wrongKey(path+"."+k, "means nothing for type "+e.Type, "remove it")
			}
		}
	}
	switch e.Type {
	case "http":
		need("url", "add its address: url: https://cd.example.com/deploy")
		refuse("stable", "canary")
		l.endpointSecret(path, e)
	case "scrape":
		need("stable", "add the address of the old one's /metrics")
		need("canary", "add the address of the new one's /metrics")
		refuse("url", "secret", "secret_file")
	case "prometheus":
		need("url", "add its address: url: http://prometheus:9090")
		refuse("stable", "canary")
	}
}

func (l *loader) endpointSecret(path string, e endpoint) {
	const hint = "choose one, for instance with: openssl rand -hex 32"
	at := path + ".secret"
	if l.has(path + ".secret_file") {
		at = path + ".secret_file"
	}
	n := len(e.Secret.Reveal())
	switch {
	case !l.has(at):
		l.wrongKey(path, "type http needs secret or secret_file", hint)
	case n > 0 && n < minSecret:
		l.wrong(at, fmt.Sprintf("has %d bytes; at least %d are needed", n, minSecret), hint)
	}
}
