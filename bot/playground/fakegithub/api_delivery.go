package fakegithub

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
)

func (s *Server) listDeliveries(c *call) answer {
	type pair struct {
		d *delivery
		a attempt
	}
	q := c.URL.Query()
	first, per := int64(atoi(q.Get("cursor"), math.MaxInt)), min(100, max(1, atoi(q.Get("per_page"), 30)))
	var all []pair
	for _, d := range s.hooks {
		for _, a := range d.attempts {
			if a.id <= first && a.told(q.Get("status")) {
				all = append(all, pair{d, a})
			}
		}
	}
	slices.SortFunc(all, func(x, y pair) int { return cmp.Compare(y.a.id, x.a.id) })
	if len(all) > per { // the cursor names the next one, so that what comes meanwhile moves no page
		c.header["Link"] = fmt.Sprintf(`<%s>; rel="next"`, s.again(c, "cursor", strconv.FormatInt(all[per].a.id, 10)))
		all = all[:per]
	}
	list := []fields{}
	for _, p := range all {
		list = append(list, wireDelivery(p.d, p.a))
	}
	return ok(list)
}

// told reports whether an attempt is in the list of a status: GitHub counts an
// answer of 400 and more as a failure, and none, which has the status 0, as
// neither.
func (a attempt) told(status string) bool {
	switch status {
	case "success":
		return a.status >= 200 && a.status < 400
	case "failure":
		return a.status >= 400
	}
	return true
}

func wireDelivery(d *delivery, a attempt) fields {
	status := fmt.Sprint(a.status)
	switch {
	case a.status/100 == 2:
		status = "OK"
	case a.status == 0:
		status = "failed to connect to host"
	}
	f := fields{
		"id": a.id, "guid": d.guid, "delivered_at": stamp(a.sent), "redelivery": a.redelivery, "duration": 0.1,
		"status": status, "status_code": a.status, "event": d.event, "action": orNull(d.action),
		"installation_id": nil, "repository_id": nil, "throttled_at": nil,
	}
	if d.repo != nil {
		f["installation_id"], f["repository_id"] = d.repo.inst.id, d.repo.id
	}
	return f
}

func (s *Server) attempt(id int64) (*delivery, attempt) {
	for _, d := range s.hooks {
		for _, a := range d.attempts {
			if a.id == id {
				return d, a
			}
		}
	}
	return nil, attempt{}
}

func (s *Server) getDelivery(c *call) answer {
	d, a := s.attempt(c.number("delivery_id"))
	if d == nil {
		return notFound()
	}
	headers := fields{}
	for name, value := range s.hookHeaders(s.opts, d) {
		headers[name] = value
	}
	f := wireDelivery(d, a)
	f["url"] = s.opts.WebhookURL
	f["request"] = fields{"headers": headers, "payload": picture(d.body)}
	f["response"] = fields{"headers": fields{}, "payload": ""}
	return ok(f)
}

// attemptDelivery queues a webhook again; it is sent with the others.
func (s *Server) attemptDelivery(c *call) answer {
	d, _ := s.attempt(c.number("delivery_id"))
	if d == nil {
		return notFound()
	}
	if d.state != Waiting {
		again := *d
		again.state, again.attempts, again.again, again.tries = Waiting, nil, true, 0
		s.hooks = append(s.hooks, &again)
		s.stir()
	}
	return answer{status: http.StatusAccepted, body: fields{}}
}
