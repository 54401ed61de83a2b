package sim

import "time"

// run goes on until all is over: of those who could go on, chance picks one.
func (p *play) run() error {
	for range mostSteps {
		if err := p.prepare(); err != nil {
			return err
		}
		if moves := p.moves(); len(moves) > 0 {
			moves[p.order.IntN(len(moves))]()
			continue
		}
		if p.over() {
			return nil
		}
		p.wait()
	}
	p.wrong = append(p.wrong, "the bot does not come to rest")
	return nil
}

// prepare buries the dead, begins who is back, and posts what is to be sent.
func (p *play) prepare() error {
	for _, l := range p.graves {
		l.bury()
	}
	p.graves = nil
	p.collect()
	for _, r := range p.replicas {
		if r.now == nil && !r.back.After(p.clock.Now()) {
			if err := r.begin(); err != nil {
				return err
			}
		}
	}
	return nil
}

// moves are all that could happen now.
func (p *play) moves() (list []func()) {
	now := p.clock.Now()
	if len(p.acts) > 0 && p.acts[0].At <= p.since() {
		list = append(list, p.act)
	}
	for i, parcel := range p.parcels {
		if !parcel.due.After(now) {
			list = append(list, func() { p.deliver(i) })
		}
	}
	for _, r := range p.replicas {
		l := r.now
		if l == nil {
			continue
		}
		renews := l.renewing()
		if renews {
			list = append(list, l.renewNow)
		}
		if !l.idle && !l.until.After(now) && (!renews || l.frozen) { // who wakes may go on before it finds its lease gone
			list = append(list, func() { p.steps++; l.resume() })
		}
	}
	return list
}

// over reports whether nothing is left to wait for.
func (p *play) over() bool {
	if len(p.acts) > 0 {
		return false
	}
	if p.end.IsZero() {
		p.end = p.clock.Now().Add(calmFor)
		p.mend()
		return false
	}
	return !p.clock.Now().Before(p.end) && len(p.parcels) == 0
}

// wait lets time pass until the next thing is due.
func (p *play) wait() {
	now := p.clock.Now()
	next := now.Add(time.Hour)
	sooner := func(t time.Time) {
		if t.Before(next) {
			next = t
		}
	}
	if len(p.acts) > 0 {
		sooner(began.Add(p.acts[0].At))
	}
	for _, parcel := range p.parcels {
		sooner(parcel.due)
	}
	for _, r := range p.replicas {
		switch {
		case r.now == nil:
			sooner(r.back)
		case !r.now.idle:
			sooner(r.now.until)
		}
		if l := r.now; l != nil && l.lease.renew != nil && !l.frozen {
			sooner(l.lease.at)
		}
	}
	if due, any, err := p.books.NextDue(p.ctx); err == nil && any {
		sooner(due.Add(-p.off))
	}
	if !p.end.IsZero() {
		sooner(p.end)
	}
	if least := now.Add(10 * time.Millisecond); next.Before(least) {
		next = least
	}
	p.world.Advance(next)
	p.changed()
}
