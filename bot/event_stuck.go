package bot

import (
	"encoding/json"
	"time"
)

// DeliveryStuck says that a delivery could not be handled so far, so that
// whoever waits for it can be told. It comes when the next try is further away
// than people wait, and again when there is to be none. Nothing of the
// delivery's plan was saved.
type DeliveryStuck struct {
	Delivery string          `json:"delivery"`
	Kind     string          `json:"kind"`           // of the event that the delivery holds
	Event    json.RawMessage `json:"event"`          // as DecodeEvent reads it
	Who      string          `json:"who,omitempty"`  // does not answer: "GitHub"; empty: the fault is ours
	Asked    time.Time       `json:"asked,omitzero"` // until when Who asks us to wait; zero: they do not answer
	Since    time.Time       `json:"since"`          // when the delivery reached us
	Tries    int             `json:"tries"`
	Until    time.Time       `json:"until,omitzero"` // the last try, if nothing better comes; zero when there is no last one
	GivenUp  bool            `json:"given_up,omitempty"`
}

// Subject is of its own: the delivery's own subject is what is held up.
func (e DeliveryStuck) Subject() string { return "stuck/" + e.Delivery }
