package fakeprod

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"time"
)

// States of a deployment.
const (
	Running  = "running"
	Placed   = "placed"
	Finished = "finished"
	Aborted  = "aborted"
	Failed   = "failed"
)

// Deployment is what the API answers.
type Deployment struct {
	Key     string `json:"key"`
	State   string `json:"state"`
	SHA     string `json:"sha"`
	Weight  int    `json:"weight"` // percent of the traffic that it has now
	Fence   int    `json:"fence"`
	Message string `json:"message"`
	URL     string `json:"url"`
}

// order is the body of the first POST.
type order struct {
	Key         string            `json:"key"`
	Fence       int               `json:"fence"`
	Repo        json.RawMessage   `json:"repo"`
	Service     string            `json:"service"`
	Environment string            `json:"environment"`
	Stage       string            `json:"stage"`
	SHA         string            `json:"sha"`
	StableSHA   string            `json:"stable_sha"`
	Weight      *int              `json:"weight"`
	Params      map[string]string `json:"params"`
}

// same reports whether two orders ask for the same. The fence does not count:
// who asks again may have got a newer one.
func (o order) same(p order) bool {
	return o.Key == p.Key && bytes.Equal(o.Repo, p.Repo) && o.Service == p.Service &&
		o.Environment == p.Environment && o.Stage == p.Stage && o.SHA == p.SHA &&
		*o.Weight == *p.Weight && maps.Equal(o.Params, p.Params)
}

func (o order) wrong() string {
	switch {
	case o.Key == "":
		return "key is missing"
	case o.SHA == "":
		return "sha is missing"
	case o.Weight == nil:
		return "weight is missing"
	case *o.Weight < 0 || *o.Weight > 100:
		return "weight is not between 0 and 100"
	case o.Fence < 0:
		return "fence is negative"
	}
	return ""
}

// deployment is an order and what became of it.
type deployment struct {
	Deployment
	order   order
	place   *place
	began   time.Time
	doomed  string      // it will not start, because
	earlier *deployment // whose canary it took over
}

// refused is an answer that is not about a deployment.
type refused struct {
	status int
	reason string
}

func (r *refused) Error() string { return r.reason }

func refuse(status int, format string, args ...any) *refused {
	return &refused{status, fmt.Sprintf(format, args...)}
}

// fenced refuses whoever is older than the newest seen, and remembers.
func (p *place) fenced(fence int) *refused {
	if fence < p.fence {
		return refuse(http.StatusConflict, "fenced")
	}
	p.fence = fence
	return nil
}

// start begins a deployment; fresh is false when the key is known already.
// The lock is held, as in all that follows.
func (t *Target) start(o order) (d *deployment, fresh bool, r *refused) {
	if wrong := o.wrong(); wrong != "" {
		return nil, false, refuse(http.StatusUnprocessableEntity, "%s", wrong)
	}
	if old := t.deployments[o.Key]; old != nil {
		if !old.order.same(o) {
			return nil, false, refuse(http.StatusUnprocessableEntity, "key %s was used for another order", o.Key)
		}
		t.settle(old.place)
		return old, false, nil
	}
	p := t.place(o.Environment)
	if p == nil {
		return nil, false, refuse(http.StatusUnprocessableEntity, "no environment %q", o.Environment)
	}
	t.settle(p)
	if r := p.fenced(o.Fence); r != nil {
		return nil, false, r
	}
	if reason := p.refuse; reason != "" {
		p.refuse = ""
		return nil, false, refuse(http.StatusUnprocessableEntity, "%s", reason)
	}
	return t.begin(p, o), true, nil
}

func (t *Target) begin(p *place, o order) *deployment {
	d := &deployment{
		Deployment: Deployment{Key: o.Key, State: Running, SHA: o.SHA, Fence: o.Fence, URL: p.URL},
		order:      o, place: p, began: t.opts.Now(), doomed: p.failNext,
	}
	p.failNext = ""
	switch c := p.current; {
	case c == nil:
	case c.State == Placed && c.SHA == o.SHA:
		d.earlier, d.Weight = c, c.Weight
	default:
		p.shop.Abort()
		c.end(Aborted, 0, "replaced by "+o.Key)
	}
	p.current = d
	t.deployments[o.Key] = d
	return d
}

// settle puts in place what had the time to start.
func (t *Target) settle(p *place) {
	d := p.current
	if d == nil || d.State != Running || t.opts.Now().Sub(d.began) < t.opts.StartUp {
		return
	}
	message := d.doomed
	if message == "" {
		if err := p.shop.Place(d.SHA, *d.order.Weight); err != nil {
			message = err.Error()
		}
	}
	if message != "" {
		p.shop.Abort() // also the canary that it took over goes
		d.end(Failed, 0, message)
		p.current = nil
		return
	}
	d.State = Placed
	d.weigh(*d.order.Weight)
}

// weigh notes the weight, also of those whose canary it is.
func (d *deployment) weigh(weight int) {
	for ; d != nil; d = d.earlier {
		d.Weight = weight
	}
}

// end notes how it ended, also of those whose canary it took over.
func (d *deployment) end(state string, weight int, message string) {
	for ; d != nil; d = d.earlier {
		d.State, d.Weight, d.Message = state, weight, message
	}
}

// setWeight moves traffic. Changed is false when it is so already.
func (t *Target) setWeight(d *deployment, weight int) (changed bool, r *refused) {
	switch {
	case weight < 0 || weight > 100:
		return false, refuse(http.StatusUnprocessableEntity, "weight is not between 0 and 100")
	case d.State != Running && d.Weight == weight:
		return false, nil
	case d.State != Placed || d.place.current != d:
		return false, refuse(http.StatusConflict, "the deployment is %s", d.standing())
	}
	if err := d.place.shop.SetWeight(weight); err != nil {
		return false, refuse(http.StatusConflict, "%s", err)
	}
	d.weigh(weight)
	return true, nil
}

func (t *Target) finish(d *deployment) (changed bool, r *refused) {
	switch {
	case d.State == Finished:
		return false, nil
	case d.State != Placed || d.place.current != d:
		return false, refuse(http.StatusConflict, "the deployment is %s", d.standing())
	}
	if err := d.place.shop.Finish(); err != nil {
		return false, refuse(http.StatusConflict, "%s", err)
	}
	d.end(Finished, 100, "")
	d.place.current = nil
	return true, nil
}

func (t *Target) abort(d *deployment) (changed bool, r *refused) {
	switch {
	case d.State == Aborted:
		return false, nil
	case d.State == Failed:
		d.State = Aborted
		return true, nil
	case d.State == Finished || d.place.current != d:
		return false, refuse(http.StatusConflict, "the deployment is %s", d.standing())
	}
	d.place.shop.Abort()
	d.end(Aborted, 0, "")
	d.place.current = nil
	return true, nil
}

// standing is the state in words, for refusals.
func (d *deployment) standing() string {
	if c := d.place.current; c != nil && c != d && d.State == Placed {
		return "taken over by " + c.Key
	}
	return d.State
}
