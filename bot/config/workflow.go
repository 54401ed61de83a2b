package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// workflow is what we read of a workflow of GitHub Actions: which of its jobs
// wait for which, and what sets it off.
type workflow struct {
	Name        string                 `yaml:"name"`
	On          any                    `yaml:"on"`
	Concurrency any                    `yaml:"concurrency"`
	Jobs        map[string]workflowJob `yaml:"jobs"`
}

type workflowJob struct {
	Name        string `yaml:"name"`
	Needs       any    `yaml:"needs"`
	Uses        string `yaml:"uses"`
	Environment any    `yaml:"environment"`
	Concurrency any    `yaml:"concurrency"`
}

// SetsOff says what else GitHub would run, or stop, when one job of a workflow
// is run again; empty: nothing. GitHub runs all jobs that need it again with it,
// approvals of deployments included, and whatever waits for its workflow to end.
// The job is named as its check is, its workflow by path and text; beside are the
// workflows of the default branch, by path. What cannot be read sets something
// off, for all we know.
func SetsOff(job, path, text string, beside map[string]string) string {
	w, err := readWorkflow(text)
	if err != nil {
		return path + " cannot be read"
	}
	keys := w.called(job)
	if len(keys) == 0 {
		return "which job of " + path + " it is cannot be told"
	}
	for _, key := range keys {
		if why := w.withJob(key); why != "" {
			return why
		}
	}
	if w.Name == "" {
		w.Name = path
	}
	for _, other := range slices.Sorted(maps.Keys(beside)) {
		if follows, err := followsOn(beside[other], w.Name); follows || err != nil {
			return other + " runs whenever its workflow ends"
		}
	}
	return ""
}

// withJob says what runs with a job, or is stopped by it.
func (w workflow) withJob(key string) string {
	job := w.Jobs[key]
	switch needing := w.needing(key); {
	case len(needing) > 0:
		return fmt.Sprintf("GitHub runs what needs it again as well: %s", strings.Join(needing, ", "))
	case job.Uses != "":
		return "it is part of a reusable workflow, whose other jobs are not known"
	case job.Environment != nil:
		return "it deploys to an environment"
	case cancels(w.Concurrency) || cancels(job.Concurrency):
		return "runs of its workflow cancel one another"
	}
	return ""
}

// needing are the jobs that GitHub runs again with one.
func (w workflow) needing(key string) (list []string) {
	for _, name := range slices.Sorted(maps.Keys(w.Jobs)) {
		if slices.Contains(oneOrMore(w.Jobs[name].Needs), key) {
			list = append(list, name)
		}
	}
	return list
}

// called are the jobs that a check may be of. A job's check has its name, that of
// one of a matrix some values behind it, and that of a called workflow's job its
// caller's before it; in a name anything may stand for an expression.
func (w workflow) called(check string) (keys []string) {
	for _, key := range slices.Sorted(maps.Keys(w.Jobs)) {
		name := w.Jobs[key].Name
		if name == "" {
			name = key
		}
		if start, _, some := strings.Cut(name, "${{"); name == check || some && strings.HasPrefix(check, start) || strings.HasPrefix(check, name+" (") || strings.HasPrefix(check, name+" / ") {
			keys = append(keys, key)
		}
	}
	return keys
}

// cancels reports whether a run of a group stops the one before it on another
// commit.
func cancels(concurrency any) bool {
	c, _ := concurrency.(map[string]any)
	group, _ := c["group"].(string)
	return c["cancel-in-progress"] == true && !strings.Contains(group, "github.run_id") && !strings.Contains(group, "github.sha")
}

// followsOn reports whether a workflow begins when one of some name ends.
func followsOn(text, name string) (bool, error) {
	if !strings.Contains(text, "workflow_run") {
		return false, nil
	}
	w, err := readWorkflow(text)
	if err != nil {
		return false, err
	}
	on, _ := w.On.(map[string]any)
	after, _ := on["workflow_run"].(map[string]any)
	return slices.ContainsFunc(oneOrMore(after["workflows"]), func(s string) bool { return s == name || strings.ContainsAny(s, "*?[") }), nil
}

// oneOrMore strings of a value that is one or a list of them.
func oneOrMore(v any) (list []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, one := range v {
			list = append(list, fmt.Sprint(one))
		}
	}
	return list
}

var errWorkflow = errors.New("this workflow cannot be read")

// readWorkflow within the limits of our own file. One that repeats itself by
// anchors is not read: they can make much of little.
func readWorkflow(text string) (w workflow, err error) {
	defer func() {
		if r := recover(); r != nil { // a fault of the YAML library
			err = errWorkflow
		}
	}()
	tokens := lexer.Tokenize(text)
	anchored := slices.ContainsFunc(tokens, func(t *token.Token) bool { return t.Type == token.AnchorType })
	if guardText("", []byte(text)) != nil || guardTokens("", tokens) != nil || anchored {
		return w, errWorkflow
	}
	return w, yaml.Unmarshal([]byte(text), &w)
}
