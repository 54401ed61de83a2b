package fakeprod

import (
	"fmt"
	"sync"
	"time"
)

// Options say what a deploy target is.
type Options struct {
	Now          func() time.Time // time.Now when nil
	Secret       string           // signs the requests to the API
	Service      string           // "shop" when empty
	Environments []Environment
	StartUp      time.Duration // how long a version takes to start
	Live         bool          // each version listens on a loopback port of its own
	Usual        Behaviour     // of a version that nobody taught; the zero value is healthy
}

// Environment is a place to deploy to.
type Environment struct {
	Name string // "production"
	SHA  string // what is stable at first
	URL  string // where people see it; shown in answers
}

// Target is the shop's deploy machinery: an http.Handler for the API that the
// package describes, and one Shop an environment.
type Target struct {
	opts        Options
	mu          sync.Mutex
	places      []*place
	deployments map[string]*deployment
	calls       []Call
	unavailable int // requests still to be answered 503
	lost        int // answers still to be lost
}

// place is an environment and what is being done to it.
type place struct {
	Environment
	shop     *Shop
	fence    int         // the highest seen
	current  *deployment // running or placed; nil when there is none
	failNext string      // the next start fails with this message
	refuse   string      // the next new start is refused with this reason
}

// NewTarget opens a shop in each environment.
func NewTarget(o Options) (*Target, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Service == "" {
		o.Service = "shop"
	}
	t := &Target{opts: o, deployments: map[string]*deployment{}}
	for _, e := range o.Environments {
		if err := t.open(e); err != nil {
			t.Close()
			return nil, fmt.Errorf("open environment %s: %w", e.Name, err)
		}
	}
	return t, nil
}

func (t *Target) open(e Environment) error {
	s, err := NewShop(ShopOptions{Service: t.opts.Service, SHA: e.SHA, Now: t.opts.Now, Live: t.opts.Live, Usual: t.opts.Usual})
	if err != nil {
		return err
	}
	p := &place{Environment: e, shop: s}
	s.before = func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.settle(p)
	}
	t.places = append(t.places, p)
	return nil
}

// Shop is the shop of an environment; nil when there is no such environment.
func (t *Target) Shop(environment string) *Shop {
	if p := t.place(environment); p != nil {
		return p.shop
	}
	return nil
}

// SetURL says where people see an environment, once it listens.
func (t *Target) SetURL(environment, url string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.place(environment); p != nil {
		p.URL = url
	}
}

// Teach says in all environments how a SHA behaves; see Shop.Teach.
func (t *Target) Teach(sha string, b Behaviour) {
	for _, p := range t.places {
		p.shop.Teach(sha, b)
	}
}

// FailNextStart makes the next version that is started in an environment
// fail, with a message.
func (t *Target) FailNextStart(environment, message string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.place(environment); p != nil {
		p.failNext = message
	}
}

// RefuseNextStart answers the next order that is new in an environment with
// 422 and a reason.
func (t *Target) RefuseNextStart(environment, reason string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.place(environment); p != nil {
		p.refuse = reason
	}
}

// Unavailable answers the next n requests with 503 and does nothing.
func (t *Target) Unavailable(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unavailable = n
}

// LoseAnswers does what the next n requests ask, but ends the connection
// instead of answering: the failure that makes callers order twice.
func (t *Target) LoseAnswers(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lost = n
}

// Close ends all versions.
func (t *Target) Close() {
	for _, p := range t.places {
		p.shop.Close()
	}
}

func (t *Target) place(name string) *place {
	for _, p := range t.places {
		if p.Name == name {
			return p
		}
	}
	return nil
}
