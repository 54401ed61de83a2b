package sim

import (
	"slices"
	"strings"
)

// take sorts a script by where its lines belong.
func (p *play) take(s Script) {
	for _, l := range s.Lines {
		switch {
		case l.Act != nil:
			p.acts = append(p.acts, l.Act)
		case l.Fault.Aim != "":
			a := &aimed{Fault: *l.Fault}
			if n := len(p.aimed); a.Then && n > 0 {
				a.after = p.aimed[n-1]
			}
			p.aimed = append(p.aimed, a)
		case l.Fault.Replica > 0:
			p.replicas[l.Fault.Replica-1].faults[l.Fault.At] = *l.Fault
		case slices.Contains([]string{lost, twice, late}, l.Fault.Kind):
			p.inPost[l.Fault.At] = *l.Fault
		default:
			p.onLine[l.Fault.At] = *l.Fault
		}
	}
	slices.SortStableFunc(p.acts, func(a, b *Act) int { return int(a.At - b.At) })
}

// aimed is a fault for whoever comes to a door.
type aimed struct {
	Fault
	met   int
	after *aimed // nil: none
}

// aimedAt is the fault that is met at a door.
func (p *play) aimedAt(what string) (f Fault) {
	for _, a := range p.aimed {
		if strings.Contains(what, a.Aim) && (a.after == nil || a.after.met >= a.after.At) {
			if a.met++; a.met == a.At {
				f = a.Fault
			}
		}
	}
	return f
}
