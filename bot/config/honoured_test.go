package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// TestNoKeyIsPassedOver walks every key of the schema. What a file says there
// either comes to a setting that the product reads, another one for another
// value, or is said to be not in this version. Nothing may be ignored in
// silence.
func TestNoKeyIsPassedOver(t *testing.T) {
	read, all := reads(t), keysOf("", reflect.TypeFor[shape](), rule{})
	if len(all) < 100 || len(read) < 100 {
		t.Fatalf("%d keys, %d fields: this test sees nothing", len(all), len(read))
	}
	sees(t, read)
	files := everyKey(t)
	for _, k := range all {
		if k.path == "version" || k.path == "stages.*.strategy.all_at_once" {
			continue // there is one version, and all at once is what happens without a strategy
		}
		tried := false
		for _, f := range files {
			for _, path := range k.places(f) {
				tried = true
				if how := k.passedOver(f, path, read); how != "" {
					t.Errorf("%s: %s", path, how)
				}
			}
		}
		if !tried {
			t.Errorf("%s: no file of this test has it", k.path)
		}
	}
}

// sees: the test above is worth what it sees.
func sees(t *testing.T, read map[string]bool) {
	t.Helper()
	for field, want := range map[string]bool{
		"deploy.Timeouts.Rollout": true, "deploy.Stage.Steps": true, "policies.Limits.Warn": true,
		"bot/config.Repo.Pipeline": true, "deploy.Unavailable.Column": false, "deploy.Timeouts.Nothing": false,
	} {
		if read[module+field] != want {
			t.Errorf("%s is read: %v", field, !want)
		}
	}
}

// TestWhatIsPassedOverIsSaid with its place, and only the value that is meant.
func TestWhatIsPassedOverIsSaid(t *testing.T) {
	f, mistakes := understand("version: 1\ncommands: {dots: false, forks: approved}\nservices:\n  shop: {paths: [a]}\nsources: [one, two, three]\nstages: {a: {executor: {http: x}, evidence: sha, on_fail: freeze}}\nreport: {failure: {window: 1h}}\n")
	var refused, shown []string
	for _, u := range f.repo.Pipeline.Unavailable {
		refused = append(refused, fmt.Sprintf("%d:%d %s", u.Line, u.Column, u))
	}
	for _, u := range f.repo.NotYet {
		shown = append(shown, fmt.Sprintf("%d:%d %s", u.Line, u.Column, u))
	}
	if diff := cmp.Diff([]string{"5:16 sources[1]", "5:21 sources[2]", "6:50 stages.a.on_fail: freeze"}, refused); diff != "" || len(mistakes) > 0 {
		t.Error(diff, mistakes)
	}
	if diff := cmp.Diff([]string{"2:25 commands.forks: approved", "4:10 services.shop.paths", "7:10 report.failure"}, shown); diff != "" {
		t.Error(diff)
	}
}

// key is a single value of the schema; * stands for a name.
type key struct {
	path string
	kind reflect.Type
	rule rule
}

func keysOf(path string, t reflect.Type, r rule) (all []key) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[texted]()) {
		return []key{{path, t, r}}
	}
	switch t.Kind() {
	case reflect.Struct:
		if t.NumField() == 0 {
			return []key{{path, t, r}}
		}
		for _, f := range fieldsOf(t) {
			all = append(all, keysOf(join(path, f.name), t.Field(f.index).Type, f.rule)...)
		}
		return all
	case reflect.Map:
		return keysOf(path+".*", t.Elem(), r.item())
	case reflect.Slice:
		return keysOf(path+"[]", t.Elem(), r.item())
	}
	return []key{{path, t, r}}
}

// everyKey are files that together have every key: the good ones, and what
// cannot stand beside what they say.
func everyKey(t *testing.T) (all []understood) {
	t.Helper()
	texts := []string{beside}
	files, err := filepath.Glob("../../testdata/configs/good/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	for _, text := range texts {
		f, mistakes := understand(text)
		if len(mistakes) > 0 {
			t.Fatalf("%v\n%s", mistakes, text)
		}
		all = append(all, f)
	}
	return all
}

const beside = `version: 1
batch:
  weights: {code: 1, generated: 0, vendored: 0, lockfile: 0}
  generated_header: trust
  scopes: [{name: pay, paths: ["pay/**"], lines: {warn: 10}, files: {warn: 3, block: 5}}]
rules: [{name: small, if: "true", then: {warn: "Please look."}}]
stages:
  one:
    executor: {deployment: {}}
    strategy: {blue_green: {preview: [smoke], keep_old: 30m}}
    may: {deploy: {teams: [shop]}, rollback: {teams: [shop]}}
  two:
    executor: {argo: shop}
    url: https://shop.example.com
  three: {executor: {command: shop}, strategy: {all_at_once: {for: 1h}}}
sources: [prom, other]
metrics:
  errors: {class: primary, ratio: {bad: "a", total: "b"}, floor: 1.2, margin: 2.5, observe: false}
probes:
  home: {url: "https://shop.example.com", every: 10s, allow: 5%, observe: false}
report:
  weekly: {cron: "0 9 * * MON", zone: UTC, to: ["slack:#a"]}
  calendar: {days: [mon], hours: "09:00-17:00", zone: UTC}
`

// places of the key in a text: its pattern with the names that are there.
func (k key) places(f understood) (paths []string) {
	pattern := strings.NewReplacer(`\*`, `[^.\[]+`, `\[\]`, `(\[[0-9]+\])?`).Replace(regexp.QuoteMeta(k.path))
	whole := regexp.MustCompile("^" + pattern + "$")
	for path := range f.spots {
		if _, said := f.said[path]; whole.MatchString(path) && (said || k.empty()) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// empty keys are {}: what they say is that they are there.
func (k key) empty() bool { return k.kind.Kind() == reflect.Struct && k.kind.NumField() == 0 }

// passedOver says how a key is ignored in silence: it has another value, is
// not said to be unavailable, and nothing that is read is another.
func (k key) passedOver(f understood, path string, read map[string]bool) string {
	if f.tells(path) {
		return ""
	}
	tried := false
	for _, value := range k.others(f.said[path]) {
		other, ok := f.with(path, value)
		if !ok {
			continue
		}
		tried = true
		if other.tells(path) {
			continue
		}
		if ways := differences(f.repo, other.repo); !slices.ContainsFunc(ways, func(way []string) bool { return followed(way, read) }) {
			return fmt.Sprintf("%s in place of %s changes %v, and nobody reads it", value, f.said[path], ways)
		}
	}
	if !tried {
		return "no other value could be tried in place of " + f.said[path]
	}
	return ""
}

func followed(way []string, read map[string]bool) bool {
	return !slices.ContainsFunc(way, func(field string) bool { return !read[field] })
}

// others are values that may stand in a value's place. Not all are right ones.
func (k key) others(said string) (all []string) {
	if len(k.rule.enum) == 1 {
		return []string{leftOut}
	}
	if len(k.rule.enum) > 0 {
		return slices.DeleteFunc(slices.Clone(k.rule.enum), func(s string) bool { return s == said })
	}
	switch k.kind {
	case reflect.TypeFor[bool]():
		return []string{strconv.FormatBool(said != "true")}
	case reflect.TypeFor[checks]():
		return []string{"learned", "[other]"}
	case reflect.TypeFor[times]():
		return []string{"3"}
	}
	for _, at := range regexp.MustCompile(`[0-9]+`).FindAllStringIndex(said, -1) {
		n, err := strconv.Atoi(said[at[0]:at[1]])
		if err != nil {
			continue
		}
		for _, m := range []int{n + 1, n - 1} {
			all = append(all, fmt.Sprintf("%s%0*d%s", said[:at[0]], at[1]-at[0], m, said[at[1]:]))
		}
	}
	return append(all, said+"x", "x"+said, "Europe/London")
}

// leftOut stands for no value, and no key.
const leftOut = ""

// understood is a text without a mistake, and what it means.
type understood struct {
	*reader
	text string
	repo Repo
}

func understand(text string) (understood, []bot.Mistake) {
	r := reader{walker: newWalker(RepoFile)}
	repo, mistakes := r.read([]byte(text))
	return understood{&r, text, repo}, mistakes
}

// tells reports whether people are told that what stands at path, or what it
// is a part of, is not in this version. Without its question there is nothing
// to a metric.
func (f understood) tells(path string) bool {
	if part := strings.Split(path, "."); part[0] == "metrics" && len(part) == 3 && part[2] != "gauge" && part[2] != "histogram" {
		metric := part[0] + "." + part[1]
		if f.tells(metric+".gauge") || f.tells(metric+".histogram") {
			return true
		}
	}
	return slices.ContainsFunc(append(f.repo.Pipeline.Unavailable, f.repo.NotYet...), func(u deploy.Unavailable) bool {
		rest, ok := strings.CutPrefix(path, u.Path)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

// with is the text with another value at path; false if that would be a
// mistake, or where the value is not written there but is an alias.
func (f understood) with(path, value string) (understood, bool) {
	lines, at := strings.Split(f.text, "\n"), f.spots[path].value
	line := []rune(lines[at.line-1])
	before, after := string(line[:at.column-1]), string(line[at.column-1:])
	quoted := strings.HasPrefix(after, `"`) || strings.HasPrefix(after, "'")
	if quoted {
		before, after = before+after[:1], after[1:]
	}
	rest, ok := strings.CutPrefix(after, f.said[path])
	if !ok {
		return f, false
	}
	if value == leftOut {
		before = before[:strings.LastIndex(before, ",")]
	}
	lines[at.line-1] = before + value + rest
	text := strings.Join(lines, "\n")
	if strings.HasSuffix(path, ".environment") { // a canary and what goes on with it share one, by the stage's name, too
		text = strings.ReplaceAll(f.text, f.said[path], value)
	}
	other, mistakes := understand(text)
	return other, len(mistakes) == 0 && other.said[path] != f.said[path]
}

// differences are the ways, field by field, to what differs in two settings.
func differences(a, b Repo) (ways [][]string) {
	for _, r := range []*Repo{&a, &b} {
		r.Pipeline.Hash, r.Pipeline.Unavailable, r.NotYet = "", nil, nil
	}
	differ(reflect.ValueOf(a), reflect.ValueOf(b), nil, &ways)
	return ways
}

func differ(a, b reflect.Value, way []string, ways *[][]string) {
	if reflect.DeepEqual(a.Interface(), b.Interface()) {
		return
	}
	switch t := a.Type(); {
	case t.Kind() == reflect.Pointer && !a.IsNil() && !b.IsNil():
		differ(a.Elem(), b.Elem(), way, ways)
	case t.Kind() == reflect.Struct && strings.HasPrefix(t.PkgPath(), module[:len(module)-1]):
		for i := range t.NumField() {
			name := t.PkgPath() + "." + t.Name() + "." + t.Field(i).Name
			differ(a.Field(i), b.Field(i), append(slices.Clone(way), name), ways)
		}
	case t.Kind() == reflect.Slice && a.Len() == b.Len():
		for i := range a.Len() {
			differ(a.Index(i), b.Index(i), way, ways)
		}
	default:
		*ways = append(*ways, way)
	}
}
