package playground

import (
	"errors"
	"fmt"
)

// Coached is how far an act of the tour is, as the page's coach sees it, for
// those who play the tour without a page.
type Coached struct {
	Done, Steps int
	Says        string // what is to be done next, or how the act ends
	Clock       string // of a red main, "6:00 of 10 min, 4:00 left"; empty: it is not red
}

// Coached looks at the world and says how far an act is; acts count from 1.
func (w *World) Coached(number int) (Coached, error) {
	a, done, s, err := w.actNow(number)
	if err != nil {
		return Coached{}, err
	}
	c := Coached{Done: done, Steps: len(a.Steps), Says: a.End}
	if done < len(a.Steps) {
		c.Says = a.Steps[done].Say
	}
	if clock := clockSince(s.red, w.Now()); clock != nil {
		c.Clock = fmt.Sprintf("%s of %d min, %s", clock.Red, clock.Of/60, clock.Left)
	}
	return c, nil
}

// Follow does as a person what the coach says in an act: it writes the line
// that is offered, or presses the coach's own button.
func (w *World) Follow(number int, as string) error {
	a, done, _, err := w.actNow(number)
	if err != nil {
		return err
	}
	if done >= len(a.Steps) {
		return errors.New("the act is over")
	}
	switch step := a.Steps[done]; {
	case step.Line != "":
		_, err = w.GitHub.Comment(Repo, step.On, as, step.Line)
	case step.Do != "":
		_, err = w.Move(step.Do)
	default:
		err = fmt.Errorf("the coach has no line and no button for %q", step.Say)
	}
	return err
}

func (w *World) actNow(number int) (act, int, scene, error) {
	s := w.notice()
	all := acts(s)
	if number < 1 || number > len(all) || s.good.Number == 0 {
		return act{}, 0, s, fmt.Errorf("the tour has no act %d now", number)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return all[number-1], w.tour.done[number-1], s, nil
}
