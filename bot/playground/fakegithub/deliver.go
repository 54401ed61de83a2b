package fakegithub

import (
	"bytes"
	"context" // GitHub's older signature
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
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

// Deliver sends all that waits, in order, also what is queued meanwhile. It
// counts what was answered 2xx; the error names what was not, and is kept as
// failed. GitHub itself does not try again.
func (s *Server) Deliver(ctx context.Context) (sent int, err error) {
	var failed []error
	for ctx.Err() == nil {
		d := s.next()
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
// Several may run: then one does not wait for the answer to another, as at GitHub.
func (s *Server) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if !s.holding() {
			if d := s.next(); d != nil {
				s.stir()           // whoever else runs takes the next
				_ = s.send(ctx, d) // how it fared is kept with it
				continue
			}
		}
		select {
		case <-ctx.Done():
		case <-s.wake:
		case <-s.underWay():
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

// DropHooks loses all that waits, without a trace, and says how many that were.
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

// send posts a webhook and keeps how it fared.
func (s *Server) send(ctx context.Context, d *delivery) error {
	status, err := s.post(ctx, d)
	s.mu.Lock()
	defer s.mu.Unlock()
	d.tries++
	d.sent, d.status, d.err, d.state = s.now(), status, "", Delivered
	s.comeAgain(d)
	s.tried(d, status)
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

// tried keeps that a webhook was sent and what it was answered; 0: nothing.
func (s *Server) tried(d *delivery, status int) {
	d.attempts = append(d.attempts, attempt{id: s.nextID("delivery"), status: status, sent: s.now(), redelivery: d.again})
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
