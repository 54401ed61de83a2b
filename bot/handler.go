package bot

import (
	"context"
	"time"
)

// Event is something that happened, in our words. Events of one subject are
// handled in order, one at a time; a subject is a repository and what in it:
// "42/1296269#12".
type Event interface{ Subject() string }

// Delivery is an event as it reached us.
type Delivery[E Event] struct {
	ID    string    // the sender's delivery id; a repeat is dropped
	At    time.Time // now, by the store's clock; handlers use no other
	Event E
}

// Handler looks at one kind of event and decides.
type Handler struct {
	Name   string
	handle func(context.Context, Delivery[Event]) (Plan, bool, error)
	hears  func(Event) bool
}

// On makes a Handler of f, which is called for events of type E alone.
func On[E Event](name string, f func(context.Context, Delivery[E]) (Plan, error)) Handler {
	hears := func(e Event) bool { _, ok := e.(E); return ok }
	return Handler{Name: name, hears: hears, handle: func(ctx context.Context, d Delivery[Event]) (Plan, bool, error) {
		e, ok := d.Event.(E)
		if !ok {
			return Plan{}, false, nil
		}
		plan, err := f(ctx, Delivery[E]{ID: d.ID, At: d.At, Event: e})
		return plan, true, err
	}}
}

// Hears reports whether an event is of the handler's kind.
func (h Handler) Hears(e Event) bool { return h.hears(e) }

// Handle asks the handler about d; handled is false when d is not its kind.
func (h Handler) Handle(ctx context.Context, d Delivery[Event]) (plan Plan, handled bool, err error) {
	return h.handle(ctx, d)
}
