package memory

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Save makes a plan come true, all of it or nothing. It fails with
// bot.ErrConflict when a document that it keeps or rests on changed since it
// was read, a claim is held, or the letter's lease was lost. With observe,
// what nobody asked for is held.
func (s *Store) Save(_ context.Context, l bot.Letter, p bot.Plan, observe bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.save(l, p, observe); err != nil {
		return fmt.Errorf("save the plan for %s: %w", l.ID, err)
	}
	return nil
}

func (s *Store) save(l bot.Letter, p bot.Plan, observe bool) error {
	row := s.letters[l.Seq-1]
	if !row.heldBy(l) {
		return bot.ErrConflict
	}
	docs, err := s.kept(p)
	if err != nil {
		return err
	}
	holders, err := s.claimed(p.Docs)
	if err != nil {
		return err
	}
	timers, err := encoded(p.Timers)
	if err != nil {
		return err
	}
	asks, err := p.Asks(l.ID, observe)
	if err != nil {
		return err
	}
	row.State, row.finished, row.Error, row.Owner = bot.LetterDone, s.now(), "", ""
	s.line = without(s.line, row)
	for key, d := range docs {
		s.docs[key] = d
	}
	s.holders = holders
	for _, f := range p.Facts {
		f.Cause, f.At = l.ID, micros(f.At)
		s.facts = append(s.facts, f)
	}
	for i, t := range p.Timers {
		s.wake("timer/"+t.ID, "timer", timers[i].kind, t.Event.Subject(), timers[i].body, micros(t.At))
	}
	for _, l := range p.Letters {
		s.hear(l)
	}
	for _, a := range asks {
		s.ask(a)
		if err := s.hearOurs(a.TellID, a.Tell); err != nil {
			return err
		}
	}
	return nil
}

// kept are the documents of a plan as they will be.
func (s *Store) kept(p bot.Plan) (map[string]doc, error) {
	for _, seen := range p.Seen {
		if s.docs[seen.Key].version != seen.Version {
			return nil, fmt.Errorf("look at %s: %w", seen.Key, bot.ErrConflict)
		}
	}
	docs := map[string]doc{}
	for _, d := range p.Docs {
		was, again := docs[d.DocKey()]
		if !again {
			was = s.docs[d.DocKey()]
		}
		if was.version != d.DocVersion() {
			return nil, fmt.Errorf("keep %s: %w", d.DocKey(), bot.ErrConflict)
		}
		body, err := json.Marshal(d)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", d.DocKey(), err)
		}
		docs[d.DocKey()] = doc{was.version + 1, body, read{}}
	}
	return docs, nil
}

// claimed is who holds what once a plan's documents are kept. All of them
// release before one claims.
func (s *Store) claimed(docs []bot.Doc) (map[string]string, error) {
	if len(docs) == 0 {
		return s.holders, nil
	}
	after := make(map[string]string, len(s.holders))
	for claim, holder := range s.holders {
		if !slices.ContainsFunc(docs, func(d bot.Doc) bool { return d.DocKey() == holder && !slices.Contains(d.Claims(), claim) }) {
			after[claim] = holder
		}
	}
	for _, d := range docs {
		for _, c := range d.Claims() {
			if holder := after[c]; holder != "" && holder != d.DocKey() {
				return nil, fmt.Errorf("claim %s for %s: %w", c, d.DocKey(), bot.ErrConflict)
			}
			after[c] = d.DocKey()
		}
	}
	return after, nil
}

// encoding is an event as it is stored.
type encoding struct {
	kind string
	body []byte
}

func encoded(timers []bot.Timer) (list []encoding, err error) {
	for _, t := range timers {
		kind, body, err := bot.EncodeEvent(t.Event)
		if err != nil {
			return nil, fmt.Errorf("encode timer %s: %w", t.ID, err)
		}
		list = append(list, encoding{kind, body})
	}
	return list, nil
}
