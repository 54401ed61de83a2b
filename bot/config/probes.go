package config

import (
	"fmt"
	"regexp"
	"time"

	"github.com/roundtrip-bot/roundtrip/deploy"
)

type probe struct {
	URL     probeAddress `yaml:"url" jsonschema:"required" jsonschema_description:"Whom to ask; its host is on the server's list. {{ .Arm }} stands for canary or stable."`
	Every   duration     `yaml:"every" jsonschema:"required" jsonschema_description:"How often, 1s to 10m."`
	Expect  expect       `yaml:"expect" jsonschema_description:"What a good answer is."`
	Allow   percent      `yaml:"allow" jsonschema_description:"A smaller share of bad answers is never a failure; 5% unless given, at most 20%."`
	Observe bool         `yaml:"observe" jsonschema_description:"Shown, never decides."`
}

type expect struct {
	Status int     `yaml:"status" jsonschema:"minimum=100,maximum=599" jsonschema_description:"Status of the answer; 200 unless given. Redirects are not followed."`
	Under  latency `yaml:"under" jsonschema_description:"Within this time, at most 10s: 800ms; 5s unless given."`
}

// probeAddress is an address in which an arm may stand.
type probeAddress string

func (a *probeAddress) setText(s string) error {
	if err := onlyPlaceholders(s, `Arm`, "{{ .Arm }}"); err != nil {
		return err
	}
	if err := checkURL(regexp.MustCompile(`\{\{ *\.Arm *\}\}`).ReplaceAllString(s, "canary")); err != nil {
		return err
	}
	*a = probeAddress(s)
	return nil
}

// Bounds of probes: they are asked while a rollout waits for them.
const (
	maxProbes = 10
	minEvery  = time.Second
	maxEvery  = 10 * time.Minute
	maxUnder  = 10 * time.Second
	maxAllow  = 0.2
)

// probes are metrics of their own, in the file's order. A metric cannot have
// a space in its name, so they cannot be taken for one another.
func (r *reader) probes() []deploy.Metric {
	var all []deploy.Metric
	for i, n := range r.order["probes"] {
		p, path := r.shape.Probes[name(n)], "probes."+n
		out := deploy.Probe{URL: string(p.URL), Every: time.Duration(p.Every), Status: 200, Under: 5 * time.Second, Allow: 0.05}
		if p.Expect.Status > 0 {
			out.Status = p.Expect.Status
		}
		if p.Expect.Under > 0 {
			out.Under = time.Duration(p.Expect.Under)
		}
		if r.has(path + ".allow") {
			out.Allow = float64(p.Allow)
		}
		r.boundProbe(path, i, out)
		all = append(all, deploy.Metric{Name: "probe " + n, Class: "primary", Probe: &out, Observe: p.Observe})
	}
	return all
}

func (r *reader) boundProbe(path string, i int, p deploy.Probe) {
	if i == maxProbes {
		r.wrongKey(path, fmt.Sprintf("is one more than the %d probes that a file may have", maxProbes), "keep those that users would miss")
	}
	if p.Every != 0 && (p.Every < minEvery || p.Every > maxEvery) {
		r.wrong(path+".every", "is not between 1s and 10m", "10s is usual")
	}
	if p.Under > maxUnder {
		r.wrong(path+".expect.under", "is more than 10s", "write what people wait for: 800ms, 2s")
	}
	if r.has(path+".allow") && !(p.Allow > 0 && p.Allow <= maxAllow) {
		r.wrong(path+".allow", "is not above 0% and at most 20%", "5% is usual")
	}
}
