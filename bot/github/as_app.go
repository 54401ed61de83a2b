package github

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/bradleyfalzon/ghinstallation/v2"
	"github.com/golang-jwt/jwt/v4"
	gh "github.com/google/go-github/v60/github"
)

// asApp reads one answer into v as the app itself, which alone sees its hook's
// deliveries; no installation's token does. With a tag, an answer that is still
// what it was is an error of the status 304.
func (c *Client) asApp(ctx context.Context, path, tag string, v any) (*gh.Response, error) {
	app, err := c.appClient()
	if err != nil {
		return nil, err
	}
	client := c.session(app)
	req, err := client.NewRequest(http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	if tag != "" {
		req.Header.Set("If-None-Match", tag)
	}
	return client.Do(ctx, req, v)
}

func (c *Client) appClient() (*http.Client, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.app == nil {
		tr, err := ghinstallation.NewAppsTransportWithOptions(c.limitsOf(0), c.o.AppID, ghinstallation.WithSigner(c.signer))
		if err != nil {
			return nil, fmt.Errorf("sign in as the app: %w", err)
		}
		tr.BaseURL = strings.TrimRight(c.api.String(), "/")
		c.app = c.wrap(tr)
	}
	return c.app, nil
}

// keeping signs anew only once a minute: what is signed holds for a minute and
// a half, and GitHub knows an answer again only for who asks with the same.
type keeping struct {
	ghinstallation.Signer
	mu     sync.Mutex
	signed string
	at     time.Time
}

// Sign is what was signed less than a minute before, or else is signed now.
func (k *keeping) Sign(claims jwt.Claims) (string, error) {
	now := time.Time{}
	if r, ok := claims.(*jwt.RegisteredClaims); ok && r.IssuedAt != nil {
		now = r.IssuedAt.Time
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if age := now.Sub(k.at); k.signed != "" && age >= 0 && age < time.Minute {
		return k.signed, nil
	}
	signed, err := k.Signer.Sign(claims)
	if err == nil {
		k.signed, k.at = signed, now
	}
	return signed, err
}
