package config

import (
	"fmt"
	"regexp"
	"time"

	"github.com/roundtrip-bot/roundtrip/deploy"
)

// arms are the matchers that tell the two sides apart.
type arms struct {
	Canary armText `yaml:"canary" jsonschema_description:"Matchers of the new one; {{ .SHA }} stands for its commit."`
	Stable armText `yaml:"stable" jsonschema_description:"Matchers of the old one; {{ .StableSHA }} stands for its commit."`
}

// metric is a question to production: exactly one of ratio, histogram, gauge.
type metric struct {
	Class     string     `yaml:"class" jsonschema:"required,enum=primary,enum=business,enum=secondary" jsonschema_description:"What it stands for: what users feel, what the business feels, or neither."`
	Ratio     *ratio     `yaml:"ratio" jsonschema_description:"Bad events among all events."`
	Histogram *histogram `yaml:"histogram" jsonschema_description:"Events above a bound."`
	Gauge     *gauge     `yaml:"gauge" jsonschema_description:"A value."`
	Worse     string     `yaml:"worse" jsonschema:"enum=up,enum=down" jsonschema_description:"Which direction is worse; up unless given."`
	Floor     float64    `yaml:"floor" jsonschema:"minimum=1,maximum=100" jsonschema_description:"A smaller ratio of rates is never a failure; 1.1 unless given."`
	Margin    float64    `yaml:"margin" jsonschema:"minimum=1,maximum=100" jsonschema_description:"Promoted when shown to be below this; 2.0 unless given."`
	SLO       *slo       `yaml:"slo" jsonschema_description:"What was promised to users."`
	Observe   bool       `yaml:"observe" jsonschema_description:"Shown, never decides."`
}

func (metric) oneOf() []string { return []string{"ratio", "histogram", "gauge"} }

type ratio struct {
	Bad   query `yaml:"bad" jsonschema:"required" jsonschema_description:"Selector of the bad events; {{ .Arm }} stands for the arm's matchers."`
	Total query `yaml:"total" jsonschema:"required" jsonschema_description:"Selector of all events."`
}

type histogram struct {
	Of    query   `yaml:"of" jsonschema:"required" jsonschema_description:"Selector of the buckets."`
	Above latency `yaml:"above" jsonschema:"required" jsonschema_description:"The bound: 300ms, 2s."`
}

type gauge struct {
	Query query `yaml:"query" jsonschema:"required" jsonschema_description:"A query for one number."`
}

type slo struct {
	Objective percent  `yaml:"objective" jsonschema:"required" jsonschema_description:"Share of good events: 99.9%."`
	Period    duration `yaml:"period" jsonschema:"required" jsonschema_description:"Over this time."`
}

// judge bounds the errors of a whole rollout.
type judge struct {
	Window       duration `yaml:"window" jsonschema_description:"How often production is asked; 1m unless given."`
	FalseBlame   risk     `yaml:"false_blame" jsonschema_description:"How often a good release may be taken back; 1% unless given."`
	FalsePromote risk     `yaml:"false_promote" jsonschema_description:"How often a bad one may be promoted; 5% unless given."`
	MaxWait      duration `yaml:"max_wait" jsonschema_description:"After so long without a verdict a person is asked; 45m unless given."`
	NoData       string   `yaml:"no_data" jsonschema:"enum=hold,enum=ignore" jsonschema_description:"What silence means; hold unless given."`
}

// query is a selector or query with {{ .Arm }} in it, armText the matchers
// that stand for it.
type query string

func (q *query) setText(s string) error {
	*q = query(s)
	return onlyPlaceholders(s, `Arm`, "{{ .Arm }}")
}

type armText string

func (a *armText) setText(s string) error {
	*a = armText(s)
	return onlyPlaceholders(s, `SHA|StableSHA`, "{{ .SHA }} and {{ .StableSHA }}")
}

func onlyPlaceholders(s, known, hint string) error {
	if s == "" || len(s) > maxText {
		return fault{fmt.Sprintf("is not a query of 1 to %d bytes", maxText), "write one, in quotes"}
	}
	rest := regexp.MustCompile(`\{\{ *\.(?:`+known+`) *\}\}`).ReplaceAllString(s, "")
	if bad := regexp.MustCompile(`\{\{[^}]*`).FindString(rest); bad != "" {
		return fault{quote(bad) + " stands for nothing", "only " + hint + " can stand there"}
	}
	return nil
}

// latency is a duration that may be in milliseconds: 300ms.
type latency time.Duration

const latencyPattern = `^[0-9]{1,6}(ms|s)$`

func (l *latency) setText(s string) error {
	d, err := time.ParseDuration(s)
	if !regexp.MustCompile(latencyPattern).MatchString(s) || err != nil || d <= 0 || d > time.Hour {
		return fault{quote(s) + " is not a response time", "write a whole number and a unit: 300ms, 2s"}
	}
	*l = latency(d)
	return nil
}

// metrics lists the ratios, which are what this version judges, in the file's order.
func (r *reader) metrics() []deploy.Metric {
	var all []deploy.Metric
	for _, n := range r.order["metrics"] {
		m := r.shape.Metrics[name(n)]
		out := deploy.Metric{Name: n, Class: m.Class, Floor: 1.1, Margin: 2, Observe: m.Observe}
		if m.Floor > 0 {
			out.Floor = m.Floor
		}
		if m.Margin > 0 {
			out.Margin = m.Margin
		}
		if out.Margin <= out.Floor {
			r.wrongKey("metrics."+n, fmt.Sprintf("margin %v is not above floor %v", out.Margin, out.Floor), "raise margin or lower floor")
		}
		if m.Ratio != nil {
			out.Bad, out.Total = string(m.Ratio.Bad), string(m.Ratio.Total)
			all = append(all, out)
		}
	}
	if len(r.order["metrics"]) > 0 && !r.has("sources") {
		r.wrongKey("metrics", "nobody is named to ask", "add sources: [name] with a source of the server's settings")
	}
	return all
}

func (r *reader) judge() deploy.Judge {
	j := r.shape.Judge
	out := deploy.Judge{Window: span(j.Window, time.Minute), FalseBlame: .01, FalsePromote: .05,
		MaxWait: span(j.MaxWait, 45*time.Minute), MinWindows: 3}
	if j.FalseBlame > 0 {
		out.FalseBlame = float64(j.FalseBlame)
	}
	if j.FalsePromote > 0 {
		out.FalsePromote = float64(j.FalsePromote)
	}
	if out.MaxWait < out.Window {
		r.wrongKey("judge", "max_wait is shorter than window", "keep window <= max_wait")
	}
	return out
}
