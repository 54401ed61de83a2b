package sim

import (
	"context"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/engine"
)

// lease is what a replica renews beside its work, as the engine's lease.go does.
type lease struct {
	of    time.Duration // as long as the engine takes work for
	renew func() error  // nil while nothing is held
	at    time.Time     // when it is next
	cut   bool          // it was lost: what is under way is cut off
	over  bool          // by a clock that jumped: another may have it
}

// hold begins an attempt under a lease.
func (l *life) hold(of time.Duration, renew func() error) {
	l.began, l.woke = l.clock.Now(), false
	l.lease = lease{of: of, renew: renew, at: l.clock.Now().Add(of / 3)}
}

// let go of what was held: the attempt is over.
func (l *life) letGo() { l.lease = lease{} }

// renewing reports whether it is time to renew, which a replica that stands
// still altogether does not.
func (l *life) renewing() bool {
	now := l.clock.Now()
	return l.lease.renew != nil && !l.lease.at.After(now) && (!l.frozen || !l.until.After(now))
}

func (l *life) renewNow() {
	l.woke = false
	err := l.lease.renew()
	l.lease.at, l.lease.over = l.clock.Now().Add(l.lease.of/3), false
	said := "renews its lease"
	if err != nil {
		l.lease, said = lease{cut: true}, "cannot renew its lease"
	}
	l.trace.add(l.since(), l.name, said)
}

// late is why the engine would have cut the attempt off by now, whose own limit
// goes by the machine's clock, which does not move here; nil: it goes on. Who
// just woke is faster than that, and sends what it was about.
func (l *life) late() error {
	switch {
	case l.lease.cut:
		return context.Canceled
	case !l.woke && l.clock.Now().Sub(l.began) > engine.Attempt:
		return context.DeadlineExceeded
	}
	return nil
}
