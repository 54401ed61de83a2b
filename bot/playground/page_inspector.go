package playground

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

const inspectorPath = "/inspector"

// How many rows are shown: with whole bodies beside them, and without. Where
// only one pull request is asked about, so many are searched.
const (
	bodyRows = 50
	factRows = 200
	searched = 5000
)

// inspector shows what went in and out of the bot, and why.
type inspector struct {
	frame
	Tabs   []place
	Record string // where all of it stands as JSON lines
	Tab    string // the last part of the path; empty: deliveries
	Heads  [3]string
	Lead   string
	Sums   []string // in a line above the rows
	Rows   []inspected
	More   bool   // there are older ones
	Away   string // why there is nothing to see now
}

// inspected is a row.
type inspected struct {
	Key       string // of the row, the same at every look: its tab's One, and which
	At        time.Time
	What      string
	Note      string
	State     string
	Class     string // good, bad or wait; empty: neither
	Why       []string
	Bodies    []inspectedBody
	Redeliver string // GUID of what may be sent again
	Curl      string // where it stands as a command line; empty: it cannot
}

// inspectedBody is shown when somebody opens it: all of them at once would be a
// megabyte at each look.
type inspectedBody struct {
	Name string
	Path string // where it stands
	text func() string
	more int // bytes that are not shown
}

// inspectorTab is one of the inspector's pages.
type inspectorTab struct {
	Name, Path, One, Lead string
	Heads                 [3]string
	rows                  func(w *World, ctx context.Context, a about) (rows []inspected, sums []string, err error)
	most                  int
}

func inspectorTabs() []inspectorTab {
	return []inspectorTab{
		{"Deliveries", "", "delivery", "Webhooks of the stand-in for GitHub. One that is delivered again has the same id, and the bot does nothing twice for it.", [3]string{"Sent", "Event", "Answer"}, (*World).deliveryRows, bodyRows},
		{"API calls", "calls", "call", "What reached the three stand-ins, the newest 500. No token is kept; of a body the first 4 kB are shown.", [3]string{"At", "Call", "Answer"}, (*World).callRows, bodyRows},
		{"Socket", "socket", "frame", "What went over connections of Slack's Socket Mode, the newest 500 frames; begin with roundtrip playground --socket to have one. Pings are left out.", [3]string{"At", "Frame", "From"}, (*World).frameRows, bodyRows},
		{"Effects", "effects", "effect", "What the bot's plans ask for, from its own books: how each fares, and why it waits.", [3]string{"Asked", "Effect", "State"}, (*World).effectRows, factRows},
		{"Audit", "audit", "fact", "Facts of the bot's ledger, which nobody can change or take out unseen.", [3]string{"When", "Fact", "Who asked"}, (*World).factRows, factRows},
	}
}

func (w *World) showInspector(rw http.ResponseWriter, r *http.Request) {
	all := inspectorTabs()
	i := slices.IndexFunc(all, func(t inspectorTab) bool { return t.Path == r.PathValue("tab") })
	if i < 0 {
		http.NotFound(rw, r)
		return
	}
	t := all[i]
	f := w.frame(r, inspectorPath, "Inspector: "+t.Name)
	f.Scripts = []string{"copy.js", "body.js"}
	p := inspector{frame: f, Record: f.View.address(recordPath, false), Tab: t.Path, Heads: t.Heads, Lead: t.Lead}
	for _, o := range all {
		path := strings.TrimSuffix(inspectorPath+"/"+o.Path, "/")
		p.Tabs = append(p.Tabs, place{Name: o.Name, Path: p.View.address(path, false), Here: o.Path == t.Path})
	}
	var err error
	if p.Rows, p.Sums, err = t.rows(w, r.Context(), w.about(p.View.About)); err != nil {
		p.Away = err.Error()
	}
	p.More = len(p.Rows) > t.most
	p.Rows = p.Rows[:min(len(p.Rows), t.most)]
	for _, row := range p.Rows {
		for i, b := range row.Bodies {
			row.Bodies[i].Path = row.pathOf(b.Name, p.View.About)
		}
	}
	render(rw, "inspector", p)
}

// deliveryRows lists webhooks, newest first.
func (w *World) deliveryRows(_ context.Context, a about) (rows []inspected, _ []string, _ error) {
	for i, d := range slices.Backward(w.GitHub.Deliveries()) {
		if !a.in(string(d.Body)) {
			continue
		}
		row := inspected{
			Key: fmt.Sprint("delivery-", i), At: d.Queued, What: strings.TrimSpace(d.Event + " " + d.Action),
			Note:   d.ID + ", signed " + fakegithub.Sign(webhookSecret, d.Body)[:len("sha256=")+8] + "…",
			Bodies: []inspectedBody{{Name: "Payload", text: func() string { return pretty(d.Body) }}},
		}
		if !d.Sent.IsZero() {
			row.At = d.Sent
		}
		row.State, row.Class = deliveryState(d)
		if settled(d) {
			row.Redeliver = d.ID
		}
		if d.State != fakegithub.Waiting {
			row.Curl = curlPath + "delivery/" + d.ID
		}
		if d.Tries > 1 {
			row.Why = append(row.Why, fmt.Sprintf("sent %d times", d.Tries))
		}
		if d.Error != "" {
			row.Why = append(row.Why, d.Error)
		}
		rows = append(rows, row)
	}
	return rows, nil, nil
}

func deliveryState(d fakegithub.DeliveryView) (state, class string) {
	switch {
	case !settled(d):
		return d.State, "wait"
	case d.State == fakegithub.Delivered:
		return fmt.Sprint(d.Status), "good"
	case d.Status != 0:
		return fmt.Sprint(d.Status), "bad"
	}
	return d.State, "bad"
}

// settled: it is not on its way.
func settled(d fakegithub.DeliveryView) bool {
	return d.State != fakegithub.Waiting && d.State != fakegithub.Sending
}

// formInspector sends a webhook again.
func (w *World) formInspector(r *http.Request) error {
	id := r.FormValue("redeliver")
	for _, d := range w.GitHub.Deliveries() {
		if d.ID == id && !settled(d) {
			return fmt.Errorf("%s %s is on its way already", d.Event, id)
		}
	}
	return w.GitHub.Redeliver(r.Context(), id)
}

// callRows lists what reached the stand-ins, newest first.
func (w *World) callRows(_ context.Context, a about) (rows []inspected, _ []string, _ error) {
	for _, c := range slices.Backward(w.Calls()) {
		if !c.about(a) {
			continue
		}
		row := inspected{Key: fmt.Sprint("call-", c.N), At: c.At, What: c.Method + " " + c.Path, Note: c.Peer, State: fmt.Sprint(c.Status), Class: "good"}
		switch {
		case c.Status == 0:
			row.State, row.Class = "cut off", "bad"
		case c.Status >= http.StatusBadRequest:
			row.Class = "bad"
		}
		if c.Request.Text != notKept {
			row.Curl = fmt.Sprint(curlPath, "call/", c.N)
		}
		for _, b := range []struct {
			name string
			Excerpt
		}{{"Request", c.Request.cut()}, {"Answer", c.Answer}} {
			if b.Text != "" {
				row.Bodies = append(row.Bodies, inspectedBody{Name: b.name, more: b.More, text: func() string { return pretty([]byte(b.Text)) }})
			}
		}
		rows = append(rows, row)
	}
	return rows, nil, nil
}

// about tells whether a call is about what somebody wants to see.
func (c Call) about(a about) bool {
	form, _ := url.QueryUnescape(c.Request.Text) // empty where it is none
	return a.in(c.Path + "\n" + c.Request.Text + "\n" + form)
}
