package policies

import (
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// OverrideSettings say who may let a change pass that is too large, and for
// how long.
type OverrideSettings struct {
	Role     bot.Role      `json:"role"`     // the weakest that may
	Reason   bool          `json:"reason"`   // one must be given
	Headroom float64       `json:"headroom"` // how much larger it may grow, as a share
	Expires  time.Duration `json:"expires"`
}

// Override lets a change pass the limits that it was over when somebody said
// so, up to a size and for a while.
type Override struct {
	By     bot.Person `json:"by"`
	Role   string     `json:"role,omitempty"` // by which it was theirs to give
	Reason string     `json:"reason,omitempty"`
	Until  time.Time  `json:"until"`
	Limits []Ceiling  `json:"limits"`
	// Only is the commit for which alone it holds, where the size was not known
	// exactly: what it is of could be far less, and grow unseen.
	Only bot.SHA `json:"only,omitempty"`
}

// Ceiling is how large a change may grow in what an override is of.
type Ceiling struct {
	Scope string `json:"scope,omitempty"`
	What  string `json:"what"` // "line" or "file"
	N     int    `json:"n"`    // as it was
	Most  int    `json:"most"`
}

// Except is an override of the limits that a change is over, each with the size
// up to which it would hold. Of a size that is not exact nothing may grow.
func (s BatchSettings) Except(f Facts) (o Override) {
	for _, m := range sizeOf(f, s).measures {
		if !over(m.N, m.Block) {
			continue
		}
		room := int(float64(m.N)*s.Override.Headroom + 1e-6)
		if m.Rough != "" {
			o.Only, room = f.Change.Head, 0
		}
		o.Limits = append(o.Limits, Ceiling{m.Scope, m.What, m.N, m.N + room})
	}
	return o
}

// lets reports whether the override is of this limit and still holds; it is
// never of one that the change was not over.
func (o *Override) lets(head bot.SHA, m measure) bool {
	return o != nil && (o.Only == "" || o.Only == head) && slices.ContainsFunc(o.Limits, func(c Ceiling) bool {
		return c.Scope == m.Scope && c.What == m.What && m.N <= c.Most
	})
}

// allowed is the verdict on what is too large and may pass.
func (o Override) allowed(m measure, z size) Verdict {
	return done(bot.Success, m.size()+" - allowed by "+o.By.Name()+" until "+words.Moment(o.Until), z.said+". "+words.Overridden(m.Block, o.Mosts(), o.Only, o.Reason)+z.more)
}

// Mosts are the sizes up to which it holds, in words.
func (o Override) Mosts() (list []string) {
	for _, c := range o.Limits {
		list = append(list, measure{Scope: c.Scope, What: c.What, N: c.Most}.size())
	}
	return list
}
