package executor

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/dial"
)

const (
	maxAnswer = 256 << 10        // bytes
	maxWait   = 15 * time.Minute // however long we are asked to wait
)

// read makes a deployment or an error of an answer.
func (x *overHTTP) read(resp *http.Response, o bot.StageOrder) (wireDeployment, error) {
	body, err := dial.Read(resp, maxAnswer)
	switch {
	case resp.StatusCode/100 != 2:
		return wireDeployment{}, x.refusal(resp, body) // whatever could be read of its reason
	case err != nil:
		return wireDeployment{}, err
	}
	var d wireDeployment
	// A sign-in page answers 200 too: only what speaks of our key counts.
	if json.Unmarshal(body, &d) != nil || d.Key != o.Key {
		return wireDeployment{}, fmt.Errorf("the answer (%d) is not about this deployment; is the address that of a deploy target?", resp.StatusCode)
	}
	return d, nil
}

// refusal says what an answer that is no success means.
func (x *overHTTP) refusal(resp *http.Response, body []byte) error {
	said := reason(body)
	err := fmt.Errorf("the deploy target answers %d%s", resp.StatusCode, said.orNothing())
	switch code := resp.StatusCode; {
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		if wait, ok := x.retryAfter(resp.Header.Get("Retry-After")); ok {
			return bot.RetryAfter{After: wait, Err: err}
		}
		return err
	case code >= 500, code == http.StatusRequestTimeout, code == http.StatusTooEarly:
		return err
	case code == http.StatusNotFound && said == "":
		// A proxy without a route says 404 as well, and "nobody knows the key"
		// would then let an abort count as done.
		return errors.New("the answer is 404 without the reason that a deploy target gives; is the address right?")
	case code == http.StatusNotFound:
		return fmt.Errorf("the deploy target does not know it%s: %w", said.orNothing(), bot.ErrNotFound)
	case code == http.StatusUnauthorized:
		return permanent("%w; the secret differs, or the clocks are more than 5 minutes apart", err)
	case code == http.StatusConflict && said == "fenced":
		return permanent("the deploy target has seen a newer rollout of this environment, so this one moves nothing any more")
	case code/100 == 3:
		return permanent("%w: redirects are not followed; the operator's settings must name the final address", err)
	}
	return bot.Permanent{Err: err}
}

// said is the target's reason, as one line; empty when it gave none.
type said string

func (s said) orNothing() string {
	if s == "" {
		return ""
	}
	return ": " + string(s)
}

func reason(body []byte) said {
	var e struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(body, &e) != nil {
		return ""
	}
	return said(line(e.Error, 200))
}

// retryAfter reads seconds or a date (RFC 9110, 10.2.3).
func (x *overHTTP) retryAfter(s string) (time.Duration, bool) {
	if seconds, err := strconv.ParseUint(s, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, maxWait), true
	}
	if at, err := http.ParseTime(s); err == nil {
		return min(max(0, at.Sub(x.o.Now())), maxWait), true
	}
	return 0, false
}
