package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Options of New.
type Options struct {
	APIURL   string       // ends in a slash; Slack's when empty
	BotToken string       // "xoxb-…"
	AppToken string       // "xapp-…"; for Listen alone
	Client   *http.Client // one that waits 8 seconds when nil
	// Transport is below that one; http.DefaultTransport when nil.
	Transport http.RoundTripper
	// Receipts are those of effects that were carried out, by kind and key:
	// a reply needs to know its parent.
	Receipts func(ctx context.Context, kind, key string) (bot.Receipt, bool, error)
}

// patience is how long one request may take: well below an effect's lease.
const patience = 8 * time.Second

// Client writes to a workspace.
type Client struct {
	api      *api.Client
	http     *http.Client
	receipts func(ctx context.Context, kind, key string) (bot.Receipt, bool, error)
	mu       sync.Mutex
	botID    string // once it was asked for
}

// New makes a client. It asks nothing yet.
func New(o Options) *Client {
	if o.Client == nil {
		o.Client = &http.Client{Timeout: patience, CheckRedirect: stay, Transport: o.Transport}
	}
	if o.Receipts == nil {
		o.Receipts = func(context.Context, string, string) (bot.Receipt, bool, error) { return bot.Receipt{}, false, nil }
	}
	return &Client{api: newAPI(o), http: o.Client, receipts: o.Receipts}
}

func newAPI(o Options) *api.Client {
	options := []api.Option{api.OptionHTTPClient(o.Client), api.OptionAppLevelToken(o.AppToken)}
	if o.APIURL != "" {
		options = append(options, api.OptionAPIURL(o.APIURL))
	}
	return api.New(o.BotToken, options...)
}

// stay follows no redirect: a token belongs to the host it was meant for.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Performer carries out one kind of effect.
type Performer interface {
	Kind() string
	Perform(ctx context.Context, job bot.Job) (bot.Receipt, error)
}

// All performers.
func (c *Client) All() []Performer { return []Performer{messages{c}, whispers{c}} }

// self is the id by which Slack names our bot in messages, asked once. Who needs
// it meanwhile asks too: one slow answer holds nobody else up.
func (c *Client) self(ctx context.Context) (string, error) {
	c.mu.Lock()
	id := c.botID
	c.mu.Unlock()
	if id != "" {
		return id, nil
	}
	r, err := c.api.AuthTestContext(ctx)
	if err != nil {
		return "", err
	}
	if r.BotID == "" {
		return "", errors.New("Slack does not say as which bot we write") //nolint:staticcheck // a name
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.botID = r.BotID
	return r.BotID, nil
}

// Who says as whom we write: the bot's name and its workspace.
func (c *Client) Who(ctx context.Context) (string, error) {
	r, err := c.api.AuthTestContext(ctx)
	if err != nil {
		return "", refusal("ask Slack who we are", err)
	}
	return fmt.Sprintf("%s in %s", r.User, r.Team), nil
}
