package fakegithub

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

func (s *Server) listDeliveries(c *call) answer {
	type pair struct {
		d *delivery
		a attempt
	}
	var all []pair
	for _, d := range slices.Backward(s.hooks) {
		for _, a := range slices.Backward(d.attempts) {
			bad := a.status/100 != 2
			if want := c.URL.Query().Get("status"); want == "" || (want == "failure") == bad {
				all = append(all, pair{d, a})
			}
		}
	}
	slices.SortStableFunc(all, func(x, y pair) int { return int(y.a.id - x.a.id) })
	from, to := s.cursor(c, "cursor", len(all))
	list := []fields{}
	for _, p := range all[from:to] {
		list = append(list, wireDelivery(p.d, p.a))
	}
	return ok(list)
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
	f["request"] = fields{"headers": headers, "payload": json.RawMessage(d.body)}
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
		again.number, again.state, again.attempts, again.again, again.tries = s.nextID("delivery"), Waiting, nil, true, 0
		s.hooks = append(s.hooks, &again)
		s.stir()
	}
	return answer{status: http.StatusAccepted, body: fields{}}
}
