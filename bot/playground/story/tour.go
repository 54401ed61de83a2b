package story

import (
	"context"
	"fmt"
)

// tourBegins opens the two changes that wait for whoever takes the tour.
func tourBegins(_ context.Context, p *play, _ map[string]string) error { return p.world.OpenTwo() }

// coach holds how far the tour's coach is against what the story tells, and
// writes down what the coach says next. One step too far is as wrong as one
// too few.
func coach(_ context.Context, p *play, m map[string]string) error {
	c, err := p.world.Coached(number(m, "act"))
	if err != nil {
		return err
	}
	told := number(m, "step")
	if m["all"] != "" {
		told = c.Steps
	}
	if c.Done != told {
		return fmt.Errorf("%d of the act's %d steps are done; the coach says: %s", c.Done, c.Steps, c.Says)
	}
	line := "coach: " + c.Says
	if c.Clock != "" {
		line += " [" + c.Clock + "]"
	}
	p.seen = append(p.seen, line)
	return nil
}

// follow does what the coach says.
func follow(_ context.Context, p *play, m map[string]string) error {
	return p.world.Follow(number(m, "act"), m["who"])
}
