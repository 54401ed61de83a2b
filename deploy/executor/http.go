package executor

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/dial"
)

// overHTTP speaks docs/executor-http.md to a deploy target.
type overHTTP struct {
	base   string // without a slash at its end
	secret []byte
	client *http.Client
	o      Options
}

func newHTTP(e Endpoint, o Options) (Executor, error) {
	u, err := url.Parse(e.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("its url is not an http or https address") // not quoted: it may hold a password
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("its url may have no user, query or fragment; what proves that we ask is the secret")
	case e.Secret == "":
		return nil, errors.New("its secret is missing")
	}
	return &overHTTP{
		base: strings.TrimRight(e.URL, "/"), secret: []byte(e.Secret), o: o,
		client: dial.New(dial.Options{Timeout: e.Timeout, Operator: true, Over: o.Over, Watch: o.Watch}),
	}, nil
}

// Start posts the order.
func (x *overHTTP) Start(ctx context.Context, o bot.StageOrder) error {
	return x.move(ctx, o, call{verb: "start", method: http.MethodPost, path: "/deployments", body: wireOrderOf(o)})
}

// Find gets the key. Another commit under it means that the target mixes up
// keys, and no later answer about it could be believed.
func (x *overHTTP) Find(ctx context.Context, o bot.StageOrder) (bool, error) {
	d, err := x.ask(ctx, o, one(o, "find", http.MethodGet, nil))
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return false, nil
	case err != nil:
		return false, err
	case d.SHA != o.SHA:
		return false, permanent("find %s: the deploy target has another commit under this key", o.Key)
	}
	return true, nil
}

// Observe gets the key.
func (x *overHTTP) Observe(ctx context.Context, o bot.StageOrder) (bot.Observation, error) {
	d, err := x.ask(ctx, o, one(o, "observe", http.MethodGet, nil))
	if err != nil {
		return bot.Observation{}, err
	}
	return d.observation()
}

// SetWeight puts the weight.
func (x *overHTTP) SetWeight(ctx context.Context, o bot.StageOrder) error {
	return x.move(ctx, o, one(o, "weight", http.MethodPut, wireAsk{Weight: &o.Weight, Fence: o.Fence}))
}

// Finish posts finish.
func (x *overHTTP) Finish(ctx context.Context, o bot.StageOrder) error {
	return x.move(ctx, o, one(o, "finish", http.MethodPost, wireAsk{Fence: o.Fence}))
}

// Abort posts abort, also for the canary that a take-over goes on with: the
// take-over may never have come to the target, and the canary has its traffic.
// What the target never heard of has no traffic to bring back.
func (x *overHTTP) Abort(ctx context.Context, o bot.StageOrder) error {
	_, err := x.ask(ctx, o, one(o, "abort", http.MethodPost, wireAsk{Fence: o.Fence}))
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return err
	}
	if o.Over == "" {
		return nil
	}
	return x.Abort(ctx, o.Earlier())
}

// move asks for what cannot be done where nobody knows of it.
func (x *overHTTP) move(ctx context.Context, o bot.StageOrder, c call) error {
	_, err := x.ask(ctx, o, c)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Permanent{Err: err}
	}
	return err
}
