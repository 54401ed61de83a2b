// Package web is what the world reaches us by: the hooks of GitHub and Slack,
// and health. A delivery is verified before anything looks into it, stored,
// and only then acknowledged.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Verifier reads a body and checks that who signed it knows our secret. It
// looks at nothing else. Its errors are bot.ErrSignature and bot.ErrTooLarge.
type Verifier func(http.Header, io.Reader) ([]byte, error)

// Options of New. A hook without a Verifier is not served.
type Options struct {
	// Hear stores a delivery and returns once it is on disk. bot.ErrBusy says
	// that there was no room for it.
	Hear   func(ctx context.Context, source, id, name string, body []byte) (fresh bool, err error)
	GitHub Verifier
	Slack  Verifier
	// CommandID is the id of a Slack command, by which a repeat is known.
	CommandID func(body []byte) string
	// PressID is the same of a button that was pressed in Slack.
	PressID func(body []byte) string
	// Ready reports whether the database answers.
	Ready func(context.Context) error
	// TurnedAway, where there is one, counts a delivery for which there was no
	// room; it is answered with 503.
	TurnedAway func()
	// Refused, where there is one, is told when a delivery of GitHub's could not
	// be taken, whatever kept us: it is to be fetched.
	Refused func()
}

// New makes the handler of the public address. Its server needs a ReadTimeout:
// whoever sends slowly holds room until then.
func New(o Options) http.Handler { return within(newRoom(), o) }

func within(m *room, o Options) http.Handler {
	mux := http.NewServeMux()
	routes(mux, m, o)
	return guarded(http.MaxBytesHandler(mux, 26<<20))
}

// guarded says with every answer, refusals included, that it is what it says
// it is and that nobody is to keep it.
func guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		h.ServeHTTP(w, r)
	})
}

func routes(mux *http.ServeMux, m *room, o Options) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", ready(o))
	if o.GitHub != nil {
		mux.HandleFunc("POST /hooks/github", m.admit(toldOfRefusals(o.Refused, githubHook(o))))
	}
	if o.Slack != nil {
		mux.HandleFunc("POST /hooks/slack/commands", m.admit(slackCommand(o)))
		mux.HandleFunc("POST /hooks/slack/interactions", m.admit(slackPress(o)))
	}
}

// How long storing may take: GitHub waits ten seconds, of which the way and the
// body need some, Slack three. Whoever gets no answer in time counts it as failed.
const (
	githubWithin = 8 * time.Second
	slackWithin  = 2500 * time.Millisecond
)

func ready(o Options) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), slackWithin)
		defer cancel()
		if err := o.Ready(ctx); err != nil {
			say(w, http.StatusServiceUnavailable, "the database does not answer")
			return
		}
		say(w, http.StatusOK, "ready")
	}
}

// githubHook: 401 when the signature does not fit, 413 when the body is too
// large, 503 when too much is being read, or waits to be stored, at once, 202
// when the delivery is on disk, and 500 when it could not be put there: GitHub
// then keeps it as failed and it can be fetched.
func githubHook(o Options) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, ok := verified(w, r, o, o.GitHub)
		if !ok {
			return
		}
		event, id := r.Header.Get("X-GitHub-Event"), r.Header.Get("X-GitHub-Delivery")
		if event == "" || id == "" || len(id) > 100 || len(event) > 100 {
			say(w, http.StatusBadRequest, "X-GitHub-Event or X-GitHub-Delivery is missing")
			return
		}
		if hear(w, r, o, githubWithin, "github", bot.GitHubLetter(id), event, body) {
			say(w, http.StatusAccepted, "accepted")
		}
	}
}

// slackCommand answers at once; what there is to say follows to the command's
// response_url.
func slackCommand(o Options) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, ok := verified(w, r, o, o.Slack)
		if !ok {
			return
		}
		id := o.CommandID(body)
		if id == "" {
			say(w, http.StatusBadRequest, "this is no slash command")
			return
		}
		if hear(w, r, o, slackWithin, "slack", id, "command", body) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(map[string]string{"response_type": "ephemeral", "text": "👀 On it."})
		}
	}
}

// slackPress takes what somebody pressed; Slack wants an empty answer at once,
// and what there is to say follows.
func slackPress(o Options) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, ok := verified(w, r, o, o.Slack)
		if !ok {
			return
		}
		id := o.PressID(body)
		if id == "" {
			say(w, http.StatusBadRequest, "this is no press of a button")
			return
		}
		if hear(w, r, o, slackWithin, "slack", id, "interaction", body) {
			w.WriteHeader(http.StatusOK)
		}
	}
}

func verified(w http.ResponseWriter, r *http.Request, o Options, verify Verifier) ([]byte, bool) {
	body, err := verify(r.Header, r.Body)
	switch tooLarge := new(http.MaxBytesError); {
	case err == nil:
		return body, true
	case errors.Is(err, errFull):
		turnAway(w, o, "too much is being read at once; please deliver it again")
	case errors.Is(err, bot.ErrTooLarge) || errors.As(err, &tooLarge):
		say(w, http.StatusRequestEntityTooLarge, "too large")
	case errors.Is(err, bot.ErrSignature):
		say(w, http.StatusUnauthorized, "not signed by whom we know")
	default:
		say(w, http.StatusBadRequest, "the body could not be read")
	}
	return nil, false
}

func turnAway(w http.ResponseWriter, o Options, why string) {
	if o.TurnedAway != nil {
		o.TurnedAway()
	}
	w.Header().Set("Retry-After", retryAfter)
	say(w, http.StatusServiceUnavailable, why)
}

func hear(w http.ResponseWriter, r *http.Request, o Options, within time.Duration, source, id, name string, body []byte) bool {
	// What arrived whole is stored even if the sender hangs up meanwhile.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), within)
	defer cancel()
	_, err := o.Hear(ctx, source, id, name, body)
	switch {
	case errors.Is(err, bot.ErrBusy):
		turnAway(w, o, "too much waits to be stored; please deliver it again")
	case err != nil:
		say(w, http.StatusInternalServerError, "it could not be stored; please deliver it again")
	}
	return err == nil
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}
