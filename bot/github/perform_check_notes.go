package github

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// ourRun is a check run of ours as it was last seen.
type ourRun struct {
	id     int64
	status string
	notes  string // noted; empty: none
}

// lastRun is the run that a receipt is of: it holds the status and the notes.
func lastRun(r bot.Receipt) ourRun {
	status, notes, _ := strings.Cut(r.More, " ")
	return ourRun{lastID(r), status, notes}
}

func (r ourRun) receipt(url string) bot.Receipt {
	return receipt(r.id, strings.TrimSpace(r.status+" "+r.notes), url)
}

// becomes reports whether an update makes the run what the effect asks for.
func (r ourRun) becomes(e bot.SetCheck) bool {
	reopens := r.status == bot.Completed && e.Status != bot.Completed
	return r.id != 0 && !reopens && r.notes == noted(e)
}

// noted names notes and buttons by their content; none have no name.
func noted(e bot.SetCheck) string {
	var shown any = e.Notes
	switch {
	case len(e.Actions) > 0:
		shown = []any{e.Notes, e.Actions}
	case len(e.Notes) == 0:
		return ""
	}
	text, err := json.Marshal(shown)
	if err != nil { // they are plain values
		return ""
	}
	return digest(text)[:12]
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:20])
}

// externalID is the effect's key, and which notes the run was made with, at a
// length that GitHub takes.
func externalID(e bot.SetCheck) string {
	key := digest([]byte(e.Key()))
	if notes := noted(e); notes != "" {
		return key[:len(key)-len(notes)-1] + "-" + notes
	}
	return key
}

// notesIn are those of a run with that external id, if it is of the effect's
// key.
func notesIn(id string, e bot.SetCheck) (notes string, ours bool) {
	key := digest([]byte(e.Key()))
	start, notes, some := strings.Cut(id, "-")
	if !some {
		return "", id == key
	}
	return notes, len(id) == len(key) && strings.HasPrefix(key, start)
}

// mostNotes is what GitHub takes in a request. The summary lists more.
const mostNotes = 50

// What GitHub takes of buttons: how many, and how many characters of a verb, of
// a label and of what it is about. It refuses a check with more.
const (
	mostActions = 3
	mostVerb    = 20
	mostLabel   = 20
	mostAbout   = 40
)

func buttonsOf(e bot.SetCheck) (list []*gh.CheckRunAction) {
	for _, a := range e.Actions[:min(mostActions, len(e.Actions))] {
		list = append(list, &gh.CheckRunAction{Identifier: cut(a.Verb, mostVerb), Label: cut(a.Label, mostLabel), Description: cut(a.About, mostAbout)})
	}
	return list
}

// annotated is the output of a new run.
func annotated(e bot.SetCheck) *gh.CheckRunOutput {
	out := output(e)
	for _, n := range e.Notes[:min(mostNotes, len(e.Notes))] {
		a := &gh.CheckRunAnnotation{
			Path: gh.String(n.Path), StartLine: gh.Int(n.Line), EndLine: gh.Int(n.Line),
			AnnotationLevel: gh.String(cmp.Or(n.Level, "failure")), Message: gh.String(n.Message),
		}
		if n.Column > 0 {
			a.StartColumn, a.EndColumn = gh.Int(n.Column), gh.Int(n.Column)
		}
		out.Annotations = append(out.Annotations, a)
	}
	return out
}
