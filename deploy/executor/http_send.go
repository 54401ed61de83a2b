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
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/dial"
)

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
// One that is refused since our clock is wrong was not carried out, and is sent
// again by the target's clock.
func (x *overHTTP) ask(ctx context.Context, o bot.StageOrder, c call) (wireDeployment, error) {
	d, theirs, err := x.send(ctx, o, c, x.o.Now())
	if !theirs.IsZero() {
		d, _, err = x.send(ctx, o, c, theirs)
	}
	return d, err
}

// send answers beside what the target says its clock, if that is why it refused.
func (x *overHTTP) send(ctx context.Context, o bot.StageOrder, c call, at time.Time) (d wireDeployment, theirs time.Time, err error) {
	r, err := x.request(ctx, o, c, at)
	if err != nil {
		return d, theirs, bot.Permanent{Err: fmt.Errorf("%s %s: %w", c.verb, o.Key, err)}
	}
	resp, err := dial.Do(x.client, r) //nolint:bodyclose // dial.Read closes it
	if err != nil {
		err = fmt.Errorf("%s %s: the deploy target did not answer: %w", c.verb, o.Key, err)
		if errors.As(err, &dial.Refused{}) {
			return d, theirs, bot.Permanent{Err: err}
		}
		return d, theirs, err
	}
	if d, err = x.read(resp, o); err != nil {
		return d, theirTime(resp, at), fmt.Errorf("%s %s: %w", c.verb, o.Key, err)
	}
	return d, theirs, nil
}

// A target believes a stamp for as long as signedFor; no clock is believed that
// says to be further from ours than mostWrong.
const (
	signedFor = 5 * time.Minute
	mostWrong = 25 * time.Hour
)

// theirTime is the target's clock, where it did not believe a stamp of ours that
// is old or early by it; else zero.
func theirTime(resp *http.Response, ours time.Time) time.Time {
	at, err := http.ParseTime(resp.Header.Get("Date"))
	off := at.Sub(ours).Abs()
	if err != nil || resp.StatusCode != http.StatusUnauthorized || off < signedFor-time.Second || off > mostWrong {
		return time.Time{}
	}
	return at
}

func (x *overHTTP) request(ctx context.Context, o bot.StageOrder, c call, at time.Time) (*http.Request, error) {
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
	stamp := strconv.FormatInt(at.Unix(), 10)
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
