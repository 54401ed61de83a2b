package bot

import (
	"encoding/json"
	"slices"
	"time"
)

// Plan is what a handler decided: values only, saved in one transaction. The
// plans of several handlers of one delivery are joined.
type Plan struct {
	Facts   []Fact
	Seen    []Seen // what the rest depends on and does not change
	Docs    []Doc
	Effects []Effect // done, unless the server only observes
	Held    []Effect // recorded and shown, never done: a policy that observes
	Answers []Effect // a person asked: done even when the server observes
	Timers  []Timer
	Letters []Letter // heard as if they had come by themselves
}

// Learn appends to the ledger; reports come from it.
func (p *Plan) Learn(f ...Fact) { p.Facts = append(p.Facts, f...) }

// See says that the plan rests on a document as it was read, though it does
// not change it; version 0 says that there was none. If it changed meanwhile,
// nothing is saved and the delivery is handled again.
func (p *Plan) See(key string, version int) {
	if s := (Seen{key, version}); !slices.Contains(p.Seen, s) {
		p.Seen = append(p.Seen, s)
	}
}

// Keep saves state, if it is unchanged since it was read.
func (p *Plan) Keep(d ...Doc) { p.Docs = append(p.Docs, d...) }

// Do asks for effects that nobody asked us for in person.
func (p *Plan) Do(e ...Effect) { p.Effects = append(p.Effects, e...) }

// Hold records what we would have done.
func (p *Plan) Hold(e ...Effect) { p.Held = append(p.Held, e...) }

// Answer asks for effects that a person asked for.
func (p *Plan) Answer(e ...Effect) { p.Answers = append(p.Answers, e...) }

// Wake hears of ourselves later.
func (p *Plan) Wake(t ...Timer) { p.Timers = append(p.Timers, t...) }

// Hear takes what was fetched as if it had come by itself: one whose id is
// known changes nothing. Of a letter its ID, Source, Name and Body count.
func (p *Plan) Hear(l ...Letter) { p.Letters = append(p.Letters, l...) }

// Join adds all of o to p.
func (p *Plan) Join(o Plan) {
	p.Learn(o.Facts...)
	for _, s := range o.Seen {
		p.See(s.Key, s.Version)
	}
	p.Keep(o.Docs...)
	p.Do(o.Effects...)
	p.Hold(o.Held...)
	p.Answer(o.Answers...)
	p.Wake(o.Timers...)
	p.Hear(o.Letters...)
}

// Fact is something that happened, for ever. The ledger chains the facts of a
// repository by hash, so that none can be taken out or changed unseen.
type Fact struct {
	Kind    string          `json:"kind"` // "rollout.finished"
	Repo    RepoRef         `json:"repo"`
	Subject string          `json:"subject"`      // what it is about: a change, a rollout, a branch
	At      time.Time       `json:"at"`           // when it happened, by the best clock we have
	By      string          `json:"by,omitempty"` // who asked; empty when nobody did
	Cause   string          `json:"cause"`        // the delivery; the engine fills it in
	Data    json.RawMessage `json:"data,omitempty"`
}

// NewFact makes a fact with data, which must marshal.
func NewFact(kind string, repo RepoRef, subject string, at time.Time, data any) Fact {
	b, err := json.Marshal(data)
	if err != nil {
		b = []byte("null")
	}
	return Fact{Kind: kind, Repo: repo, Subject: subject, At: at, Data: b}
}

// Asked says who asked for it.
func (f Fact) Asked(p Person) Fact { f.By = p.Name(); return f }

// Doc is state that changes over time. It is saved only if its version is the
// one that was read (0: it is new). A claim is held by one document at a time.
type Doc interface {
	DocKey() string
	DocVersion() int
	Claims() []string
}

// Seen is a document that was read: its key, and its version then, 0 when
// there was none.
type Seen struct {
	Key     string
	Version int
}

// Version is the part of a Doc that says which version was read. Embed it.
type Version struct {
	V int `json:"-"`
}

// DocVersion is the version that was read.
func (v Version) DocVersion() int { return v.V }

// SetVersion is called by the store when it reads a document.
func (v *Version) SetVersion(n int) { v.V = n }

// Claims of most documents: none.
func (v Version) Claims() []string { return nil }

// Timer is an event that we want to hear later. A timer with the id of one
// that still waits takes its place.
type Timer struct {
	ID    string
	At    time.Time
	Event Event
}
