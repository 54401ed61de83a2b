package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// sortNext opens the oldest letter that nobody has opened and puts it in its
// subject's line, lays aside what is not understood, and gives up what cannot
// be opened.
func (e *Engine) sortNext(ctx context.Context) (bool, error) {
	e.sort.Lock()
	defer e.sort.Unlock()
	l, ok, err := e.o.Store.NextNew(ctx)
	if err != nil || !ok {
		return false, err
	}
	w := Work{What: Opening, Letter: l}
	_, end := e.begin(ctx, w)
	event, fault := e.open(l)
	if fault != nil {
		event = bot.Unknown{Source: l.Source, Name: l.Name, Why: e.scrub(fault.Error())}
	}
	if l.Kind, l.Event, err = bot.EncodeEvent(event); err != nil {
		return false, fmt.Errorf("sort delivery %s: %w", l.ID, err)
	}
	l.Subject, l.State = event.Subject(), bot.LetterReady
	if unknown, ok := event.(bot.Unknown); ok {
		l.State, l.Error = bot.LetterIgnored, unknown.Why
	}
	if fault != nil { // of ours: it is given up where people look, not passed over
		l.State = bot.LetterFailed
		e.o.Log.Error("a delivery could not be opened", "id", l.ID, "source", l.Source, "name", l.Name, "error", l.Error)
	}
	if err = e.o.Store.Sort(ctx, l); err == nil {
		w.Letter = l
	}
	if err == nil && l.State != bot.LetterReady && len(e.o.Observers) > 0 {
		w.Now, err = e.o.Store.Now(ctx)
	}
	end(w, errors.Join(fault, err))
	return true, err
}

// open never panics: strangers write what it reads.
func (e *Engine) open(l bot.Letter) (event bot.Event, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("open %s %s: panic: %v", l.Source, l.Name, r)
		}
	}()
	if l.Fault != "" {
		return nil, errors.New(l.Fault)
	}
	opener, ok := e.o.Openers[l.Source]
	if !ok {
		return nil, fmt.Errorf("open delivery: nobody reads letters from %q", l.Source)
	}
	return opener(l)
}
