package sim

import (
	"slices"
	"time"
)

// parcel is a webhook on its way.
type parcel struct {
	id    string
	due   time.Time
	again bool // it was sent before
	lost  bool
}

// collect sends what is new on its way. None is as fast as the one before it.
func (p *play) collect() {
	for _, id := range p.world.GitHub.Waits() {
		if p.posted[id] {
			continue
		}
		p.posted[id] = true
		now := p.clock.Now()
		one := parcel{id: id, due: now.Add(time.Duration(p.order.IntN(1500)) * time.Millisecond)}
		f := p.inPost[len(p.posted)]
		switch f.Kind {
		case lost:
			one.lost = true
			if f.For > 0 {
				p.parcels = append(p.parcels, parcel{id: id, due: one.due.Add(f.For), again: true})
			}
		case twice:
			p.parcels = append(p.parcels, parcel{id: id, due: one.due.Add(f.For), again: true})
		case late:
			one.due = now.Add(f.For)
		}
		if f.Kind != "" {
			p.happened(f)
		}
		p.parcels = append(p.parcels, one)
	}
}

// deliver brings one. What nobody takes GitHub does not send again: the bot
// must ask for it.
func (p *play) deliver(i int) {
	one := p.parcels[i]
	p.parcels = slices.Delete(p.parcels, i, i+1)
	p.deaf = one.lost
	err := p.send(one)
	p.deaf = false
	p.counts["delivered"]++
	if err != nil {
		p.trace.add(p.since(), "GitHub", "cannot deliver "+one.id)
		return
	}
	p.trace.add(p.since(), "GitHub", "delivered "+one.id)
}

func (p *play) send(one parcel) error {
	if i := slices.Index(p.world.GitHub.Waits(), one.id); i >= 0 {
		return p.world.GitHub.DeliverOne(p.ctx, i)
	}
	return p.world.GitHub.Redeliver(p.ctx, one.id)
}
