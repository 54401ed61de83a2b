package deploy

import (
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// Release is what is deployed: one commit, for ever. It is bound when
// somebody asks for it and never changed; a new push makes a new release.
type Release struct {
	Repo    bot.RepoRef       `json:"repo"`
	SHA     bot.SHA           `json:"sha"`
	Service string            `json:"service"`
	Params  map[string]string `json:"params,omitempty"`
	Config  string            `json:"config"`         // hash of the file that decided how
	Change  bot.ChangeRef     `json:"change"`         // that asked for it; zero for a branch
	Base    string            `json:"base,omitempty"` // the branch that the change is for
	Title   string            `json:"title"`
	Author  bot.Login         `json:"author,omitempty"`
	Issues  []int             `json:"issues,omitempty"` // that the change is for
	Merged  bool              `json:"merged,omitempty"` // the commit is on the base branch
	// MergedAt is when it came there, by GitHub's clock in whole seconds; zero
	// when that is not known.
	MergedAt time.Time `json:"merged_at,omitzero"`
}

// Same reports whether o is the same commit of the same service.
func (r Release) Same(o Release) bool { return r.SHA == o.SHA && r.Service == o.Service }

// Named is how people are told of the release: its commit with the change that
// it is of, else with the branch, else alone.
func (r Release) Named() string {
	commit := "`" + r.SHA.Short() + "`"
	switch {
	case !r.Change.IsZero():
		return fmt.Sprintf("%s of #%d", commit, r.Change.Number)
	case r.Base != "":
		return commit + " of " + words.Code(r.Base)
	}
	return commit
}

// MergedBefore reports whether r came onto its branch in an earlier second than
// o came onto the same one, so that o contains it.
func (r Release) MergedBefore(o Release) bool {
	return r.Merged && o.Merged && r.Base == o.Base && !r.MergedAt.IsZero() && r.MergedAt.Before(o.MergedAt)
}

// Placed is a release that was brought to all the traffic of a slot.
type Placed struct {
	Release    Release   `json:"release"`
	Rollout    string    `json:"rollout"`              // of ours that brought it; empty: somebody else did
	Deployment int64     `json:"deployment,omitempty"` // then GitHub's id of theirs
	At         time.Time `json:"at"`
	// Soak is how long it has to be live until it is known good.
	Soak time.Duration `json:"soak,omitempty"`
}

// Soaked reports whether it has been live for as long as its stage asks.
func (p Placed) Soaked(now time.Time) bool { return now.Sub(p.At) >= p.Soak }

// Slot is the unit of mutual exclusion: repository, service and environment.
// One rollout at a time works on it; a unique index enforces that.
type Slot struct {
	bot.Version
	Key     string    `json:"key"`
	Live    *Placed   `json:"live,omitempty"`
	Good    []Placed  `json:"good,omitempty"` // were live and soaked, oldest first; Live is not among them while it soaks
	Running string    `json:"running,omitempty"`
	Count   int       `json:"count"`           // rollouts so far; numbers them
	Fence   int       `json:"fence"`           // grows with each rollout: executors refuse an older one
	Bad     []bot.SHA `json:"bad,omitempty"`   // refused here, oldest first
	Dirty   string    `json:"dirty,omitempty"` // why we do not know what runs; only a rollback may follow, or what a person names in full where there is none
	DirtyAt time.Time `json:"dirty_at,omitzero"`
}

// Keep so many releases to go back to, and so many commits that are refused.
const (
	keepGood = 10
	keepBad  = 100
)

// SlotKey names a slot.
func SlotKey(repo bot.RepoRef, service, environment string) string {
	return fmt.Sprintf("%s/%s/%s", repo.Key(), service, environment)
}

// Last names the rollout that began last in the slot; empty: none did.
func (s Slot) Last() string {
	if s.Count == 0 {
		return ""
	}
	return RolloutID(s.Key, s.Count)
}

// DocKey is where the slot is kept.
func (s Slot) DocKey() string { return "slot/" + s.Key }

// LastKnownGood is the newest release that was live and soaked, is not marked
// bad and is not except.
func (s Slot) LastKnownGood(except bot.SHA) (Placed, bool) {
	for i := len(s.Good) - 1; i >= 0; i-- {
		p := s.Good[i]
		if p.Release.SHA != except && !s.IsBad(p.Release.SHA) {
			return p, true
		}
	}
	return Placed{}, false
}

// Back is what a rollback brings. Where nobody knows what runs, that is what
// was known to be live; else it is what was good before that.
func (s Slot) Back() (Placed, bool) {
	if s.Live == nil {
		return s.LastKnownGood("")
	}
	if s.Dirty != "" && !s.IsBad(s.Live.Release.SHA) && s.Live.Soaked(s.DirtyAt) {
		return *s.Live, true
	}
	return s.LastKnownGood(s.Live.Release.SHA)
}

// IsBad reports whether automation may not bring sha here again.
func (s Slot) IsBad(sha bot.SHA) bool {
	return slices.Contains(s.Bad, sha)
}

// Marked refuses sha here from now on, until a person clears it.
func (s Slot) Marked(sha bot.SHA) Slot {
	if s.IsBad(sha) {
		return s
	}
	s.Bad = append(slices.Clone(s.Bad), sha)
	s.Bad = s.Bad[max(0, len(s.Bad)-keepBad):]
	return s
}

// Cleared refuses sha no more.
func (s Slot) Cleared(sha bot.SHA) Slot {
	s.Bad = slices.DeleteFunc(slices.Clone(s.Bad), func(bad bot.SHA) bool { return bad == sha })
	return s
}

// live takes what has all the traffic now into the slot. What had it before is
// known good from now on if it soaked; if not, it never is.
func (s Slot) live(p Placed) Slot {
	good := slices.Clone(s.Good)
	if s.Live != nil && s.Live.Soak > 0 && s.Live.Soaked(p.At) {
		good = append(good, *s.Live)
	}
	if p.Soak == 0 { // nobody asked for more
		good = append(good, p)
	}
	s.Live, s.Good = &p, good[max(0, len(good)-keepGood):]
	return s
}

// Reported takes what somebody else brought here into the slot. What is known
// already, or is older than that, changes nothing. Where nobody knew what
// runs, a success since then tells.
func (s Slot) Reported(p Placed) (after Slot, news bool) {
	if s.Live != nil && !p.At.After(s.Live.At) {
		return s, false
	}
	if s.Dirty != "" && p.At.After(s.DirtyAt) {
		return s.live(p).clean(), true
	}
	if s.Live != nil && s.Live.Release.SHA == p.Release.SHA {
		return s, false
	}
	return s.live(p), true
}

// clean: it is known again what runs.
func (s Slot) clean() Slot {
	s.Dirty, s.DirtyAt = "", time.Time{}
	return s
}

// soak of what a rollback brings is over: that was known good before.
func (r Rollout) soak() time.Duration {
	if r.Kind == KindRollback {
		return 0
	}
	return r.Stage.Soak
}

// Settle takes what became of the rollout that holds the slot into it. Any
// other rollout, and one that goes on, changes nothing.
func (s Slot) Settle(r Rollout, now time.Time) Slot {
	if !r.State.Ended() || s.Running != r.ID {
		return s
	}
	s.Running = ""
	switch r.State {
	case Succeeded:
		s = s.live(Placed{Release: r.Release, Rollout: r.ID, At: now, Soak: r.soak()}).clean()
	case RollbackFailed:
		s.Dirty, s.DirtyAt = orElse(r.Why, "the last rollout could not go back"), now
	}
	if r.Blamed {
		s = s.Marked(r.Release.SHA)
	}
	return s
}
