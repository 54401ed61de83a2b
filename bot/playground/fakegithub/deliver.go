package fakegithub

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1" // GitHub's older signature
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// AnswerWithin is how long GitHub waits for an answer to a webhook.
const AnswerWithin = 10 * time.Second

// How a webhook fared.
const (
	Waiting   = "waiting"   // not sent yet
	Sending   = "sending"   // on its way
	Delivered = "delivered" // answered 2xx in time
	Failed    = "failed"    // it will not be sent again unless somebody asks
	Dropped   = "dropped"   // lost on purpose
)

// DeliveryView is one webhook. One that is delivered again is the same
// webhook with the newest answer.
type DeliveryView struct {
	ID     string // the GUID of X-GitHub-Delivery
	Event  string // "pull_request"
	Action string // "opened"; empty for events without
	Repo   string // "acme/shop"
	Body   json.RawMessage
	State  string
	Status int    // of the newest answer; 0 when there was none
	Error  string // why there was none
	Tries  int
	Queued time.Time
	Sent   time.Time
}

type delivery struct {
	number       int64
	guid         string
	event        string
	action       string
	repo         *repo
	name         string
	body         []byte
	state        string
	status       int
	err          string
	tries        int
	again        bool // it was sent before
	queued, sent time.Time
	attempts     []attempt
}

// attempt is one time that a webhook was sent, as GET /app/hook/deliveries
// lists it.
type attempt struct {
	id         int64
	status     int
	sent       time.Time
	redelivery bool
}

// Deliver sends all that waits, in order, also what is queued meanwhile. It
// counts what was answered 2xx; the error names what was not, and is kept as
// failed. GitHub itself does not try again.
func (s *Server) Deliver(ctx context.Context) (sent int, err error) {
	var failed []error
	for ctx.Err() == nil {
		d := s.take(0)
		if d == nil {
			return sent, errors.Join(failed...)
		}
		if err := s.send(ctx, d); err != nil {
			failed = append(failed, err)
			continue
		}
		sent++
	}
	return sent, errors.Join(append(failed, ctx.Err())...)
}

// DeliverOne sends the one at this place of Pending, out of turn.
func (s *Server) DeliverOne(ctx context.Context, index int) error {
	d := s.take(index)
	if d == nil {
		return fmt.Errorf("deliver: nothing waits at %d", index)
	}
	return s.send(ctx, d)
}

// Run delivers as webhooks come, until ctx ends. While hooks are held it waits.
func (s *Server) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if !s.holding() {
			if d := s.take(0); d != nil {
				_ = s.send(ctx, d) // how it fared is kept with it
				continue
			}
		}
		select {
		case <-ctx.Done():
		case <-s.wake:
		}
	}
}

// HoldHooks makes Run wait, or go on.
func (s *Server) HoldHooks(hold bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = hold
	s.stir()
}

// stir wakes Run.
func (s *Server) stir() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Server) holding() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held
}

// DropHooks loses all that waits and says how many that were.
func (s *Server) DropHooks() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.waiting()
	for _, d := range list {
		d.state = Dropped
	}
	return len(list)
}

// Redeliver sends a webhook again, with the same GUID, whatever became of it.
func (s *Server) Redeliver(ctx context.Context, id string) error {
	s.mu.Lock()
	i := slices.IndexFunc(s.hooks, func(d *delivery) bool { return d.guid == id })
	if i < 0 {
		s.mu.Unlock()
		return fmt.Errorf("redeliver: no delivery %q", id)
	}
	d := s.hooks[i]
	d.state, d.again = Sending, true
	s.mu.Unlock()
	return s.send(ctx, d)
}

// Pending is what waits, in the order in which it would be sent.
func (s *Server) Pending() []DeliveryView {
	s.mu.Lock()
	defer s.mu.Unlock()
	return views(s.waiting())
}

// Deliveries is all webhooks that ever were, in the order of their queueing.
func (s *Server) Deliveries() []DeliveryView {
	s.mu.Lock()
	defer s.mu.Unlock()
	return views(s.hooks)
}

func (s *Server) waiting() []*delivery {
	var list []*delivery
	for _, d := range s.hooks[s.settled():] {
		if d.state == Waiting {
			list = append(list, d)
		}
	}
	return list
}

// settled is how many at the front wait no more; long stories have many.
func (s *Server) settled() int {
	for s.done < len(s.hooks) && s.hooks[s.done].state != Waiting {
		s.done++
	}
	return s.done
}

// take picks the one that waits at a place, and marks it as on its way; nil
// when none waits there.
func (s *Server) take(index int) *delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.hooks[s.settled():] {
		if d.state != Waiting {
			continue
		}
		if index == 0 {
			d.state = Sending
			return d
		}
		index--
	}
	return nil
}

func views(list []*delivery) []DeliveryView {
	var out []DeliveryView
	for _, d := range list {
		out = append(out, DeliveryView{
			ID: d.guid, Event: d.event, Action: d.action, Repo: d.name, Body: slices.Clone(d.body), State: d.state,
			Status: d.status, Error: d.err, Tries: d.tries, Queued: d.queued, Sent: d.sent,
		})
	}
	return out
}

// send posts a webhook and keeps how it fared.
func (s *Server) send(ctx context.Context, d *delivery) error {
	status, err := s.post(ctx, d)
	s.mu.Lock()
	defer s.mu.Unlock()
	d.tries++
	d.sent, d.status, d.err, d.state = s.now(), status, "", Delivered
	id := d.number
	if len(d.attempts) > 0 {
		id = s.nextID("delivery")
	}
	d.attempts = append(d.attempts, attempt{id: id, status: status, sent: d.sent, redelivery: d.again})
	switch {
	case err != nil:
		d.err, d.state = err.Error(), Failed
		return fmt.Errorf("deliver %s %s: %w", d.event, d.guid, err)
	case status/100 != 2:
		d.state = Failed
		return fmt.Errorf("deliver %s %s: answered %d", d.event, d.guid, status)
	}
	return nil
}

func (s *Server) post(ctx context.Context, d *delivery) (status int, err error) {
	s.mu.Lock()
	o := s.opts
	s.mu.Unlock()
	if o.WebhookURL == "" {
		return 0, errors.New("no URL of the bot is set")
	}
	ctx, cancel := context.WithTimeout(ctx, AnswerWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, o.WebhookURL, bytes.NewReader(d.body))
	if err != nil {
		return 0, err
	}
	for name, value := range s.hookHeaders(o, d) {
		r.Header.Set(name, value)
	}
	resp, err := o.Client.Do(r)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20))
	return resp.StatusCode, err
}

func (s *Server) hookHeaders(o Options, d *delivery) map[string]string {
	return map[string]string{
		"Content-Type": "application/json", "User-Agent": "GitHub-Hookshot/fake", "Accept": "*/*",
		"X-GitHub-Event": d.event, "X-GitHub-Delivery": d.guid, "X-GitHub-Hook-ID": strconv.FormatInt(5000+o.AppID, 10),
		"X-GitHub-Hook-Installation-Target-ID":   strconv.FormatInt(o.AppID, 10),
		"X-GitHub-Hook-Installation-Target-Type": "integration",
		"X-Hub-Signature-256":                    "sha256=" + sign(sha256.New, o.WebhookSecret, d.body),
		"X-Hub-Signature":                        "sha1=" + sign(sha1.New, o.WebhookSecret, d.body),
	}
}

// Sign is GitHub's signature of a webhook's body, as X-Hub-Signature-256 has it.
// https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
func Sign(secret string, body []byte) string { return "sha256=" + sign(sha256.New, secret, body) }

func sign(kind func() hash.Hash, secret string, body []byte) string {
	m := hmac.New(kind, []byte(secret))
	_, _ = m.Write(body)
	return hex.EncodeToString(m.Sum(nil))
}
