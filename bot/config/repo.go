package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// RepoFile is where a repository's settings are, on its default branch.
const RepoFile = ".github/roundtrip.yml"

// Repo is a repository's file, compiled: names resolved, units converted,
// defaults filled in.
type Repo struct {
	HasFile       bool              `json:"has_file"`
	Policies      policies.Settings `json:"policies"`
	Pipeline      deploy.Pipeline   `json:"pipeline"`
	Notify        bot.Notify        `json:"notify"`
	Weekly        *bot.Schedule     `json:"weekly,omitempty"` // nil: no report
	Calendar      Calendar          `json:"calendar"`
	FailureWindow time.Duration     `json:"failure_window"` // a rollback so long after counts as a failed deployment
	// NotYet names what the file asks for and this version does not do. It is
	// shown and refuses nothing; what could change a deploy is in
	// Pipeline.Unavailable instead.
	NotYet []deploy.Unavailable `json:"not_yet,omitempty"`
	// Lines say on which line of the file a policy's key stands, by its path.
	Lines map[string]int `json:"-"`
}

// Defaults are in force without a file: policies observe, nothing is deployed
// and nobody is told anything.
func Defaults() Repo {
	r := reader{walker: newWalker(RepoFile)}
	repo := r.compile()
	repo.HasFile = false
	return repo
}

// ParseRepo reads a repository's file. It finds all mistakes at once, by their
// places; if there is any, the Repo must not be used, and the last good one
// stays in force. It never panics, whatever text is.
func ParseRepo(file string, text []byte) (Repo, []bot.Mistake) {
	r := reader{walker: newWalker(file)}
	repo, mistakes := r.read(text)
	if len(mistakes) > 0 {
		return broken(), mistakes
	}
	return repo, nil
}

func (r *reader) read(text []byte) (Repo, []bot.Mistake) {
	tree, m := parseTree(r.file, text)
	if m != nil {
		return Repo{}, []bot.Mistake{*m}
	}
	r.spots[""] = spot{place{1, 1}, startOf(tree)}
	r.value("", tree, reflect.ValueOf(&r.shape).Elem(), rule{}, 0)
	repo, sum := r.compile(), sha256.Sum256(text)
	repo.Pipeline.Hash = hex.EncodeToString(sum[:])
	repo.Lines = r.policyLines()
	return repo, r.found()
}

func broken() Repo {
	repo := Defaults()
	repo.HasFile = true
	return repo
}

// reader compiles a shape, with the places of everything in it.
type reader struct {
	*walker
	shape shape
}

func (r *reader) compile() Repo {
	repo := Repo{
		HasFile:  true,
		Policies: policies.Settings{Batch: r.batch(), Green: r.green()},
		Pipeline: deploy.Pipeline{
			Services: r.services(), Stages: r.stages(), Sources: texts(r.shape.Sources),
			Arms:    deploy.Arms{Canary: string(r.shape.Arms.Canary), Stable: string(r.shape.Arms.Stable)},
			Metrics: append(r.metrics(), r.probes()...), Judge: r.judge(),
		},
		Notify: r.notify(), Weekly: r.weekly(), Calendar: r.calendar(),
		FailureWindow: span(r.shape.Report.Failure.Window, 24*time.Hour),
	}
	r.flow()
	r.ruleNames()
	repo.Pipeline.Unavailable, repo.NotYet = r.beyond()
	return repo
}

func (r *reader) ruleNames() {
	seen := map[name]bool{}
	for i, rule := range r.shape.Rules {
		if seen[rule.Name] && rule.Name != "" {
			r.wrong(item("rules", i)+".name", quote(string(rule.Name))+" is there twice", "give each rule its own name")
		}
		seen[rule.Name] = true
	}
}

// item is the path of an entry of a list.
func item(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// policyLines are those of what the policies say: of the rest nobody asks.
func (r *reader) policyLines() map[string]int {
	lines := map[string]int{}
	for path, at := range r.spots {
		if top, _, _ := strings.Cut(path, "."); top == "batch" || top == "green" {
			lines[path] = at.key.line
		}
	}
	return lines
}
