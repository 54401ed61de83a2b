// Package metrics asks production: how many events did the canary and the
// stable version have between two looks, and how many of them were bad?
//
//   - metrics.go    what a source is; the table of kinds; who may use which
//   - scrape.go     a source that reads both arms' /metrics itself
//   - selector.go   the expressions it understands
//   - page.go       what stands in a /metrics page
//   - count.go      what was counted between two pages
//   - prometheus.go a source that asks a Prometheus for raw samples;
//     prometheus_api.go how, prometheus_count.go what they add up to
//   - probe.go      asks addresses as people would; nobody defines it, the
//     operator's list of hosts says whom it may ask
//
// What is missing is said to be missing. It is never a zero, and so never
// evidence. A new kind is a file and a line in all; metricstest.Exercise says
// what it must do.
package metrics

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Source counts events of both arms.
//
// Its windows follow one another in time; each carries the cursor from which
// the next query goes on. The first look has nothing to compare with: its
// counts are 0, it is no evidence and no trouble, and counting begins at its
// cursor. A window with Missing keeps the cursor it was asked with, so that
// what happened meanwhile is counted by the next look that sees both arms.
//
// Errors: bot.Permanent when the query itself is at fault.
type Source interface {
	Windows(ctx context.Context, q bot.Query) ([]bot.Window, error)
}

// Endpoint is an operator's definition of a source.
type Endpoint struct {
	Name    string
	Kind    string   // of the table
	URL     string   // of a prometheus
	Secret  string   // a bearer's token for it; may be empty
	Stable  []string // addresses of the stable version's /metrics
	Canary  []string // addresses of the canary's /metrics
	MayUse  func(bot.RepoName) bool
	Timeout time.Duration // of one request
}

// Options are common to all sources.
type Options struct {
	// Hosts are the operator's list for the addresses that probes in
	// repositories' files name. Empty: no probe is asked.
	Hosts []string
	// Over carries requests instead of the network, as dial.Options say.
	Over http.RoundTripper
	// Watch sees each request, as dial.Options say.
	Watch func(http.RoundTripper) http.RoundTripper
	// WatchProbes sees those of probes instead.
	WatchProbes func(http.RoundTripper) http.RoundTripper
}

// A Kind of source.
type Kind struct {
	Name string // as the server's settings write it
	Doc  string
	New  func(Endpoint, Options) (Source, error)
}

// all kinds, in the order in which people see them.
func all() []Kind {
	return []Kind{
		{Name: "scrape", Doc: "Reads the /metrics of both arms itself; no Prometheus is needed.", New: newScrape},
		{Name: "prometheus", Doc: "Asks a Prometheus for the samples of both arms and counts them exactly.", New: newPrometheus},
	}
}

// Kinds lists the kinds of sources, for help and reference pages.
func Kinds() []Kind { return all() }

// Set is the sources that an operator defined. It is safe for concurrent use.
type Set struct {
	by     map[string]member
	probes Source
}

type member struct {
	Source
	mayUse func(bot.RepoName) bool
}

// New makes the sources of the endpoints. All mistakes are told at once.
func New(endpoints []Endpoint, o Options) (*Set, error) {
	s := &Set{by: map[string]member{}, probes: newProbes(o)}
	var mistakes []error
	for _, e := range endpoints {
		if err := s.add(e, o); err != nil {
			mistakes = append(mistakes, fmt.Errorf("source %s: %w", e.Name, err))
		}
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	return s, nil
}

func (s *Set) add(e Endpoint, o Options) error {
	i := slices.IndexFunc(all(), func(k Kind) bool { return k.Name == e.Kind })
	if i < 0 {
		return fmt.Errorf("there is no kind of source %q in this version", e.Kind)
	}
	if _, twice := s.by[e.Name]; twice {
		return errors.New("is defined twice")
	}
	source, err := all()[i].New(e, o)
	if err != nil {
		return err
	}
	s.by[e.Name] = member{source, e.MayUse}
	return nil
}

// Windows asks the source that the query names. An endpoint that names nobody
// who may use it is used by nobody.
func (s *Set) Windows(ctx context.Context, q bot.Query) ([]bot.Window, error) {
	if q.Probe != nil {
		return s.probes.Windows(ctx, q)
	}
	m, ok := s.by[q.Source]
	if !ok {
		return nil, permanent("there is no source %q; the server's operator defines it under endpoints, or the repository's file names one of: %s",
			q.Source, s.usableBy(q.Repo))
	}
	if m.mayUse == nil || !m.mayUse(q.Repo) {
		return nil, permanent("%s may not use the source %q; the server's operator allows it under endpoints.%s.repositories", q.Repo, q.Source, q.Source)
	}
	return m.Windows(ctx, q)
}

// usableBy lists what a repository may name, and nothing of others.
func (s *Set) usableBy(repo bot.RepoName) string {
	var names []string
	for name, m := range s.by {
		if m.mayUse != nil && m.mayUse(repo) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "none yet"
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func permanent(format string, args ...any) error {
	return bot.Permanent{Err: fmt.Errorf(format, args...)}
}
