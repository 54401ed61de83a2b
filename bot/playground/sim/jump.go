package sim

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/engine"
)

// jump lets the database's clock show another time from now on; all others go
// on by theirs. Forward, leases are over by it, and whoever has one does not
// know yet: what it is about to send comes after another began the same.
func (p *play) jump(by string) error {
	d, err := time.ParseDuration(by)
	if err != nil {
		return fmt.Errorf("the clock cannot jump: %w", err)
	}
	p.off += d
	p.counts["jump"]++
	if d <= 0 {
		return nil
	}
	now := p.clock.Now()
	p.still = append(p.still, [2]time.Time{now, now.Add(engine.Attempt)})
	for _, r := range p.replicas {
		if l := r.now; l != nil && l.lease.renew != nil {
			l.lease.over = true
		}
	}
	return nil
}

// storeNow is what the database's clock shows.
func (p *play) storeNow() time.Time { return p.clock.Now().Add(p.off) }
