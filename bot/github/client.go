package github

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/bradleyfalzon/ghinstallation/v2"
	"github.com/golang-jwt/jwt/v4"
	gh "github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot"
)

const (
	defaultAPI = "https://api.github.com"
	userAgent  = "roundtrip"
	apiVersion = "2022-11-28"
	// timeout bounds one request, with its body; the engine allows an effect
	// twice as long.
	timeout = 10 * time.Second
	// countFor bounds the many requests that a count of lines may take. With
	// the one that may come before it, it ends before the engine's attempt does:
	// what else there is to say of a change does not wait for it.
	countFor = 8 * time.Second
	// listFor bounds the list of open changes: of a slow one half the engine's
	// attempt is left to save what came of its beginning.
	listFor = 10 * time.Second
	// maxClients bounds how many repositories' tokens are kept in memory.
	maxClients = 512
	// maxLimits is of how many installations limits are kept when those that are
	// over are forgotten: a kilobyte each.
	maxLimits = 1024
)

// Options of New.
type Options struct {
	APIURL     string            // "https://api.github.com" when empty; GHES: "https://host/api/v3"
	AppID      int64             // the app's numeric id
	PrivateKey []byte            // the app's RSA key, PEM
	Transport  http.RoundTripper // below authentication; http.DefaultTransport when nil
	MarkKey    []byte            // signs the hidden marks of our comments
	// MarkKeysOld signed them before: what they signed is known, and signed
	// anew when it is written again.
	MarkKeysOld [][]byte
	Now         func() time.Time            // the bot's clock, by which it waits; the machine's when nil
	Login       bot.Login                   // under which we write, "roundtrip[bot]"; asked of GitHub when empty
	Page        func(rollout string) string // where people read of it; nil: nowhere
	CountFor    time.Duration               // how long Lines may take; 8 s when 0
	ListFor     time.Duration               // how long OpenChanges may take; 10 s when 0
	// SetsOff says what else GitHub would run, or stop, were a check's job run
	// again, by its workflow's path and text and all those of the default branch;
	// empty: nothing. Without it no job of GitHub Actions is.
	SetsOff func(check, path, text string, beside map[string]string) string
	// Seen, when set, is told what each answer's headers say and for which
	// installation it was asked; 0 is the app itself.
	Seen func(installation int64, h http.Header)
}

// Client reads GitHub for the handlers and carries out effects. It is safe
// for concurrent use.
type Client struct {
	o         Options
	api       *url.URL
	signer    *keeping // of what the app says of itself
	memory    *memory
	mu        sync.Mutex // guards what follows
	clients   map[tenant]*http.Client
	order     []tenant // by last use, oldest first
	login     bot.Login
	app       *http.Client      // as the app itself; nil until it is asked for
	made      *recent           // deployments by rollout
	limits    map[int64]*limits // by installation, as GitHub counts; 0: the app itself
	newest    int64             // delivery, as GitHub listed it last, under newestTag
	newestTag string
}

// tenant is what a token is for: one repository of one installation, and what
// is done there.
type tenant struct {
	installation, repo int64
	what               purpose
}

// purpose of a token. Each may do no more than that asks for.
type purpose int

const (
	usual     purpose = iota
	workflows         // start and watch them
	reverting         // open a revert
)

// New makes a client. It asks nothing of GitHub.
func New(o Options) (*Client, error) {
	if o.APIURL == "" {
		o.APIURL = defaultAPI
	}
	api, err := url.Parse(strings.TrimRight(o.APIURL, "/") + "/")
	if err != nil || api.Scheme != "https" && api.Scheme != "http" || api.Host == "" || api.User != nil {
		return nil, errors.New("make a GitHub client: the API's address must be http(s)://host without a user")
	}
	if o.AppID <= 0 || len(o.MarkKey) == 0 {
		return nil, errors.New("make a GitHub client: the app's id or the key for marks is missing")
	}
	key, err := jwt.ParseRSAPrivateKeyFromPEM(o.PrivateKey)
	if err != nil {
		return nil, errors.New("make a GitHub client: the app's private key is no RSA key in PEM")
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.CountFor == 0 {
		o.CountFor = countFor
	}
	if o.ListFor == 0 {
		o.ListFor = listFor
	}
	return &Client{
		o: o, api: api, signer: &keeping{Signer: ghinstallation.NewRSASigner(jwt.SigningMethodRS256, key)}, memory: newMemory(), clients: map[tenant]*http.Client{}, limits: map[int64]*limits{},
		login: o.Login, made: newRecent(1024),
	}, nil
}

// of is the client that may touch this repository and no other.
func (c *Client) of(repo bot.RepoRef) (*gh.Client, error) { return c.may(repo, usual) }

// ofActions is one that may start workflows there as well.
func (c *Client) ofActions(repo bot.RepoRef) (*gh.Client, error) { return c.may(repo, workflows) }

func (c *Client) may(repo bot.RepoRef, what purpose) (*gh.Client, error) {
	if repo.Installation <= 0 || repo.ID <= 0 || !validName(string(repo.Name)) {
		return nil, bot.Permanent{Err: fmt.Errorf("repository %s %q names no installation or is malformed", repo.Key(), repo.Name)}
	}
	t := tenant{repo.Installation, repo.ID, what}
	c.mu.Lock()
	defer c.mu.Unlock()
	h, ok := c.clients[t]
	if !ok {
		h = c.wrap(c.installed(t, c.limitsOf(t.installation)))
		c.clients[t] = h
	}
	c.use(t)
	return c.session(h), nil
}

// use notes that t was used now, and forgets whom nobody used for long.
func (c *Client) use(t tenant) {
	for i, o := range c.order {
		if o == t {
			c.order = append(c.order[:i], c.order[i+1:]...)
			break
		}
	}
	c.order = append(c.order, t)
	if len(c.order) > maxClients {
		delete(c.clients, c.order[0])
		c.order = c.order[1:]
	}
}

// forget drops a token.
func (c *Client) forget(repo bot.RepoRef, what purpose) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.clients, tenant{repo.Installation, repo.ID, what})
}

// limitsOf an installation lie below authentication, so that asking for a
// token waits too. The caller holds the lock.
func (c *Client) limitsOf(installation int64) *limits {
	l, ok := c.limits[installation]
	if !ok {
		if len(c.limits) >= maxLimits {
			c.forgetLimits()
		}
		l = newLimits(c.seenFor(installation), c.o.Now, c.api.Host == "api.github.com" || strings.HasSuffix(c.api.Host, ".ghe.com"))
		c.limits[installation] = l
	}
	return l
}

// wrap makes a client over an authenticating transport.
func (c *Client) wrap(auth http.RoundTripper) *http.Client {
	return &http.Client{Transport: auth, Timeout: timeout, CheckRedirect: stay}
}

// stay follows a redirect (a repository was renamed) only on the same host,
// which must not get our token elsewhere, and only if the request stays what
// it is: a POST that became a GET would look done.
func stay(req *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case len(via) > 3:
		return errors.New("too many redirects")
	case req.URL.Host != first.URL.Host || req.URL.Scheme != first.URL.Scheme:
		return errors.New("a redirect to another host is not followed")
	case req.Method != first.Method:
		return errors.New("a redirect that changes the method is not followed")
	}
	return nil
}
