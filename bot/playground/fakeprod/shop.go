package fakeprod

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// ShopOptions say what a shop is.
type ShopOptions struct {
	Service string           // label "service" of its metrics
	SHA     string           // what is stable at first
	Now     func() time.Time // when versions start; time.Now when nil
	Live    bool             // each version listens on a loopback port of its own
	Usual   Behaviour        // of a version that nobody taught
}

// Shop is one environment: a stable version, perhaps a canary beside it, and
// the router before them.
type Shop struct {
	opts    ShopOptions
	before  func() // called before each request is routed
	mu      sync.Mutex
	catalog map[string]Behaviour
	stable  *arm
	canary  *arm // nil when there is none
	weight  int  // percent of the traffic that the canary gets
	shopper turn
	asker   turn
	ending  sync.WaitGroup
}

// NewShop opens a shop with one version.
func NewShop(o ShopOptions) (*Shop, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Shop{opts: o, catalog: map[string]Behaviour{}}
	a, err := s.start(o.SHA)
	if err != nil {
		return nil, err
	}
	s.stable = a
	return s, nil
}

// Teach says how a SHA behaves: from now on where it runs, and whenever it is
// deployed. A SHA that nobody taught behaves as is usual in the shop.
func (s *Shop) Teach(sha string, b Behaviour) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.catalog[sha] = b
	for _, a := range []*arm{s.stable, s.canary} {
		if a != nil && a.version.SHA() == sha {
			a.version.Behave(b)
		}
	}
}

// Stable is the stable version.
func (s *Shop) Stable() *Version {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stable.version
}

// Canary is the version beside the stable one; nil when there is none.
func (s *Shop) Canary() *Version {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.canary == nil {
		return nil
	}
	return s.canary.version
}

// Weight is the canary's share of the traffic in percent; 0 without a canary.
func (s *Shop) Weight() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.weight
}

// Place starts a version beside the stable one and gives it a share of the
// traffic. A canary that is there already is replaced, unless it is of the
// same SHA: then it only gets the weight.
func (s *Shop) Place(sha string, weight int) error {
	if c := s.Canary(); c != nil && c.SHA() == sha {
		return s.SetWeight(weight)
	}
	a, err := s.start(sha)
	if err != nil {
		return err
	}
	s.mu.Lock()
	old := s.canary
	s.canary, s.weight = a, weight
	s.mu.Unlock()
	s.retire(old)
	return nil
}

// SetWeight changes the canary's share, 0 to 100 percent.
func (s *Shop) SetWeight(weight int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.canary == nil:
		return errors.New("set weight: there is no canary")
	case weight < 0 || weight > 100:
		return fmt.Errorf("set weight: %d is not between 0 and 100", weight)
	}
	s.weight = weight
	return nil
}

// Finish makes the canary stable, with all the traffic, and stops the old one.
func (s *Shop) Finish() error {
	s.mu.Lock()
	if s.canary == nil {
		s.mu.Unlock()
		return errors.New("finish: there is no canary")
	}
	old := s.stable
	s.stable, s.canary, s.weight = s.canary, nil, 0
	s.mu.Unlock()
	s.retire(old)
	return nil
}

// Abort brings all the traffic back to the stable version and stops the
// canary, if there is one.
func (s *Shop) Abort() {
	s.mu.Lock()
	old := s.canary
	s.canary, s.weight = nil, 0
	s.mu.Unlock()
	s.retire(old)
}

// Close ends all versions and waits until they are gone.
func (s *Shop) Close() {
	s.Abort()
	s.mu.Lock()
	last := s.stable
	s.mu.Unlock()
	s.retire(last)
	s.ending.Wait()
}

func (s *Shop) start(sha string) (*arm, error) {
	s.mu.Lock()
	behaviour, taught := s.catalog[sha]
	s.mu.Unlock()
	if !taught {
		behaviour = s.opts.Usual
	}
	v := NewVersion(VersionOptions{
		Service: s.opts.Service, SHA: sha, Started: s.opts.Now(), Pretend: !s.opts.Live,
	}, behaviour)
	return newArm(v, s.opts.Live)
}

// retire ends a version once its last request is answered.
func (s *Shop) retire(a *arm) {
	if a != nil {
		s.ending.Go(a.stop)
	}
}
