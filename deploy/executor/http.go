package executor

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
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

// call is a request in the making.
type call struct {
	verb, method, path string // path below the endpoint, escaped
	body               any    // nil: none
}

// one is a call about one deployment.
func one(o bot.StageOrder, verb, method string, body any) call {
	c := call{verb: verb, method: method, path: "/deployments/" + url.PathEscape(o.Key), body: body}
	if method != http.MethodGet {
		c.path += "/" + verb
	}
	return c
}

// idempotency names what is asked: the key, the verb, and the weight where
// one key can be asked for several.
func (c call) idempotency(o bot.StageOrder) string {
	if c.verb == "weight" {
		return fmt.Sprintf("%s/weight/%d", o.Key, o.Weight)
	}
	return o.Key + "/" + c.verb
}

// ask sends a signed request and reads what the target says of the deployment.
func (x *overHTTP) ask(ctx context.Context, o bot.StageOrder, c call) (wireDeployment, error) {
	r, err := x.request(ctx, o, c)
	if err != nil {
		return wireDeployment{}, bot.Permanent{Err: fmt.Errorf("%s %s: %w", c.verb, o.Key, err)}
	}
	resp, err := dial.Do(x.client, r) //nolint:bodyclose // dial.Read closes it
	if err != nil {
		err = fmt.Errorf("%s %s: the deploy target did not answer: %w", c.verb, o.Key, err)
		if errors.As(err, &dial.Refused{}) {
			return wireDeployment{}, bot.Permanent{Err: err}
		}
		return wireDeployment{}, err
	}
	d, err := x.read(resp, o)
	if err != nil {
		return d, fmt.Errorf("%s %s: %w", c.verb, o.Key, err)
	}
	return d, nil
}

func (x *overHTTP) request(ctx context.Context, o bot.StageOrder, c call) (*http.Request, error) {
	body := []byte{}
	if c.body != nil {
		var err error
		if body, err = json.Marshal(c.body); err != nil {
			return nil, err
		}
	}
	r, err := http.NewRequestWithContext(ctx, c.method, x.base+c.path, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the address cannot be made")
	}
	if c.method != http.MethodGet {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", c.idempotency(o))
		// With that header net/http would send an order again by itself where a
		// connection that was used before ends without an answer. Whether it took
		// place is asked first.
		r.GetBody = nil
	}
	stamp := strconv.FormatInt(x.o.Now().Unix(), 10)
	r.Header.Set("X-Roundtrip-Timestamp", stamp)
	r.Header.Set("X-Roundtrip-Signature", sign(x.secret, stamp, c.method, r.URL.EscapedPath(), body))
	return r, nil
}

// sign covers the time, the method, the path as it is sent, and the body.
func sign(secret []byte, stamp, method, path string, body []byte) string {
	m := hmac.New(sha256.New, secret)
	_, _ = m.Write([]byte(stamp + "." + method + "." + path + "."))
	_, _ = m.Write(body)
	return "v1=" + hex.EncodeToString(m.Sum(nil))
}
