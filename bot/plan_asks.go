package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Ask is an effect of a plan as it is put into the outbox.
type Ask struct {
	Task     // with all that the plan says of it: its state is waiting or held
	Priority Priority
	Replaces bool   // it takes the place of all that waits in its group
	Tell     Event  // heard with it, under TellID; nil: nothing
	TellID   string // of the letter
}

// Asks are what a delivery's plan puts into the outbox, in its order: of each
// kind and key the last. With observe what nobody asked for is held; what is
// held and would have told how it ended tells that it was.
func (p Plan) Asks(cause string, observe bool) (asks []Ask, err error) {
	unasked := TaskWaiting
	if observe {
		unasked = TaskHeld
	}
	for _, part := range []struct {
		effects []Effect
		state   string
	}{{p.Effects, unasked}, {p.Held, TaskHeld}, {p.Answers, TaskWaiting}} {
		for _, e := range lastOfEach(part.effects) {
			a, err := asked(e, cause, part.state)
			if err != nil {
				return nil, err
			}
			asks = append(asks, a)
		}
	}
	return asks, nil
}

func asked(e Effect, cause, state string) (a Ask, err error) {
	body, err := json.Marshal(e)
	if err != nil {
		return a, fmt.Errorf("encode effect %s %s: %w", e.Kind(), e.Key(), err)
	}
	sum := sha256.Sum256(body)
	a.Task = Task{Kind: e.Kind(), Key: e.Key(), Group: GroupOf(e), Body: body, Hash: hex.EncodeToString(sum[:]), Cause: cause, State: state}
	_, a.Order = e.(Order)
	_, a.Replaces = e.(Replacing)
	a.Priority = PriorityOf(e)
	if settling, ok := e.(Settling); ok && state == TaskHeld {
		a.Tell, a.TellID = settling.Settled(HeldBack, "this server only observes"), "held/"+cause+"/"+a.Kind+"/"+a.Key
	}
	return a, nil
}

// GroupOf an effect: its own, or that of its kind and key.
func GroupOf(e Effect) string {
	if g, ok := e.(Grouped); ok {
		return g.Group()
	}
	return e.Kind() + "/" + e.Key()
}

// lastOfEach keeps, of the effects of one kind and key, the last one, in the
// place of the first.
func lastOfEach(effects []Effect) []Effect {
	at := map[[2]string]int{}
	var kept []Effect
	for _, e := range effects {
		id := [2]string{e.Kind(), e.Key()}
		if i, ok := at[id]; ok {
			kept[i] = e
			continue
		}
		at[id] = len(kept)
		kept = append(kept, e)
	}
	return kept
}
