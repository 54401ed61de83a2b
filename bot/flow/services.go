package flow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// ByService measures a repository and each of its services by itself, which
// is what the measures mean; for the whole their deployments are pooled, never
// averages averaged. The services are those named and those that brought
// something out in the period, whatever the file has called them since. One
// alone is the whole, and there are no parts.
func ByService(h History, p Period, named []string) (whole Report, parts []Report) {
	services := slices.Clone(named)
	w := look(h, p)
	for _, d := range w.deployments {
		services = append(services, d.Service)
	}
	for _, c := range w.catches {
		services = append(services, c.Service)
	}
	slices.Sort(services)
	services = slices.Compact(slices.DeleteFunc(services, func(s string) bool { return s == "" }))
	if len(services) == 1 {
		p.Service = services[0]
		return New(h, p), nil
	}
	for _, s := range services {
		one := p
		one.Service = s
		parts = append(parts, New(h, one))
	}
	return New(h, p), parts
}

// Moved reports whether something of the report's services went live or was
// caught in the period.
func (r Report) Moved() bool {
	_, caught := r.Result("fail_rate").Figure("caught_in_canary")
	return caught || r.Result("deployment_frequency").N > 0
}

// mostServices have a line in the message; the thread has all that moved.
const mostServices = 8

// SlackOf is the whole with a line for each part. It keeps to Slack's bounds.
func SlackOf(whole Report, parts []Report) (text string, blocks []bot.Block) {
	text, blocks = Slack(whole)
	if whole.Quiet || len(parts) == 0 {
		return text, blocks
	}
	var lines []string
	for _, p := range parts[:min(mostServices, len(parts))] {
		lines = append(lines, fmt.Sprintf("*%s*: %s", words.Slack(short(p.Period.Service, 40)), words.Slack(p.line())))
	}
	if more := len(parts) - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("and %s", words.Plural(more, "more service")))
	}
	return text, slices.Insert(blocks, 2, bot.Block{Kind: bot.Section, Text: strings.Join(lines, "\n")})
}

// line is a service in a line of the repository's report.
func (r Report) line() string {
	live := r.Result("deployment_frequency").N
	if !r.Moved() {
		return "nothing went live"
	}
	line := words.Plural(live, "deployment")
	if failed := r.Result("fail_rate"); failed.N > 0 || live == 0 {
		line += ", " + failed.Line
	}
	if lead := r.Result("lead_time"); lead.N > 0 {
		line += ", lead time " + lead.Line
	}
	return short(line, 120)
}

// Reply is a service's own numbers, for the thread of the repository's
// report. What is the repository's alone is not said again.
func Reply(part Report) (text string, blocks []bot.Block) {
	text = fmt.Sprintf("%s: %s", words.Slack(part.Period.what()), words.Slack(part.line()))
	var fields, below []string
	for _, m := range part.Results {
		line := fmt.Sprintf("%s (n=%d)", words.Slack(m.Line), m.N)
		switch {
		case ofMain[m.Name]:
		case apart[m.Name]:
			below = append(below, fmt.Sprintf("*%s*: %s", m.Title, line))
		default:
			fields = append(fields, fmt.Sprintf("*%s*", m.Title), line)
		}
	}
	return text, []bot.Block{
		{Kind: bot.Section, Text: fmt.Sprintf("*%s*\n%s", words.Slack(part.Period.what()), part.Period.name())},
		{Kind: bot.Fields, Fields: fields[:min(10, len(fields))]},
		{Kind: bot.Section, Text: strings.Join(below, "\n")},
	}
}
