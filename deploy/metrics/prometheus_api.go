package metrics

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/dial"
)

// guarded is Prometheus' client over ours: it dials only what may be dialled,
// and reads only so much.
type guarded struct {
	base   *url.URL
	token  string // a bearer's; empty: none
	client *http.Client
}

// URL is that of one of the API's own paths.
func (g guarded) URL(path string, args map[string]string) *url.URL {
	for k, v := range args {
		path = strings.ReplaceAll(path, ":"+k, v)
	}
	return g.base.JoinPath(path)
}

// Do sends a request and reads its answer.
func (g guarded) Do(ctx context.Context, r *http.Request) (*http.Response, []byte, error) {
	r = r.WithContext(ctx)
	if g.token != "" {
		r.Header.Set("Authorization", "Bearer "+g.token)
	}
	resp, err := dial.Do(g.client, r)
	if err != nil {
		return nil, nil, err
	}
	body, err := dial.Read(resp, maxPage)
	return resp, body, err
}

var _ api.Client = guarded{}

// asker asks a Prometheus one thing at a moment.
type asker struct {
	api     v1.API
	timeout time.Duration
}

func newAsker(base *url.URL, e Endpoint, o Options) asker {
	timeout := e.Timeout
	if timeout <= 0 {
		timeout = 10 * time.Second
	}
	client := dial.New(dial.Options{Timeout: timeout, Operator: true, Over: o.Over, Watch: o.Watch})
	return asker{api: v1.NewAPI(guarded{base: base, token: e.Secret, client: client}), timeout: timeout}
}

// vector is what an expression is at a moment. Trouble is why that is not
// known; an error is bot.Permanent.
func (a asker) vector(ctx context.Context, expr string, at time.Time) (model.Vector, string, error) {
	v, trouble, err := a.ask(ctx, expr, at)
	if trouble != "" || err != nil {
		return nil, trouble, err
	}
	vector, ok := v.(model.Vector)
	if !ok {
		return nil, "prometheus answered with no vector", nil
	}
	return vector, "", nil
}

// matrix is the samples of a range that ends at a moment.
func (a asker) matrix(ctx context.Context, expr string, at time.Time) (model.Matrix, string, error) {
	v, trouble, err := a.ask(ctx, expr, at)
	if trouble != "" || err != nil {
		return nil, trouble, err
	}
	matrix, ok := v.(model.Matrix)
	if !ok {
		return nil, "prometheus answered with no samples", nil
	}
	return matrix, "", nil
}

// ask lets the server stop by itself when we would no longer listen.
func (a asker) ask(ctx context.Context, expr string, at time.Time) (model.Value, string, error) {
	v, warnings, _, err := a.api.Query(ctx, expr, at, v1.WithTimeout(a.timeout))
	if err != nil {
		trouble, err := means(err, expr)
		return nil, trouble, err
	}
	if len(warnings) > 0 {
		return nil, "prometheus warns that its answer is not whole: " + plain(warnings[0]), nil
	}
	return v, "", nil
}

// means says what an error is: the server's trouble, which may pass, or a
// fault of the expression or the settings, which will not.
func means(err error, expr string) (trouble string, permanently error) {
	var said *v1.Error
	var resting dial.Resting
	switch {
	case errors.As(err, &resting):
		return "prometheus " + resting.Plainly(), nil
	case errors.As(err, &dial.Refused{}):
		return "", bot.Permanent{Err: err}
	case errors.Is(err, dial.ErrTooLarge):
		return fmt.Sprintf("prometheus' answer is larger than %d MiB", maxPage>>20), nil
	case !errors.As(err, &said):
		return "prometheus did not answer", nil
	case said.Type == v1.ErrBadData:
		return "", permanent("prometheus cannot read the expression %s: %s", quote(expr), plain(said.Msg))
	case said.Type == v1.ErrTimeout, said.Type == v1.ErrCanceled:
		return "prometheus took too long for the expression", nil
	case said.Type == v1.ErrExec:
		return "prometheus could not carry out the expression: " + plain(said.Msg), nil
	case said.Type == v1.ErrBadResponse:
		return "what answered is not a prometheus", nil
	}
	return "prometheus answered with an error: " + plain(said.Msg), nil
}

// plain is a server's text as one short line, without what is invisible or
// turns the reading direction.
func plain(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar
	}), " ")
	if runes := []rune(s); len(runes) > 200 {
		return string(runes[:199]) + "…"
	}
	return s
}
