package github

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"

	"github.com/bradleyfalzon/ghinstallation/v2"
	gh "github.com/google/go-github/v60/github"
)

// maxAnswer bounds an answer, in bytes.
const maxAnswer = 32 << 20

// plain makes answers fit for go-github v60, which cannot read a repository
// with a custom property of several values: the field is taken out, in the
// answer to a token request too. It bounds answers as well, and says on every
// request who asks and in which version of the API.
type plain struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (p plain) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("X-GitHub-Api-Version", apiVersion)
	if strings.Contains(req.Header.Get("Accept"), "-preview") { // v60 asks for previews that have ended
		req.Header.Set("Accept", "application/vnd.github+json")
	}
	resp, err := p.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if kind != "application/json" || resp.Body == nil { // a file as it is, or nothing
		return resp, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	_ = resp.Body.Close()
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the answer: %w", err)
	case len(body) > maxAnswer:
		return nil, fmt.Errorf("the answer is larger than %d bytes", maxAnswer)
	}
	body = without(body, `"custom_properties"`)
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Del("Content-Length")
	return resp, nil
}

// installation authenticates as an installation for one repository. When
// GitHub no longer knows the token, a new one is minted, once.
type installation struct {
	mint func() *ghinstallation.Transport
	mu   sync.Mutex
	now  *ghinstallation.Transport
}

// installed is the transport for t. Each has an app's transport of its own:
// ghinstallation writes to it under a lock that only one of them holds.
func (c *Client) installed(t tenant, below http.RoundTripper) *installation {
	mint := func() *ghinstallation.Transport {
		app, _ := ghinstallation.NewAppsTransportWithOptions(below, c.o.AppID, ghinstallation.WithSigner(c.signer)) // it fails without a signer alone
		app.BaseURL = strings.TrimRight(c.api.String(), "/")
		tr := ghinstallation.NewFromAppsTransport(app, t.installation)
		tr.InstallationTokenOptions = &gh.InstallationTokenOptions{RepositoryIDs: []int64{t.repo}, Permissions: t.permissions()}
		return tr
	}
	return &installation{mint: mint, now: mint()}
}

// RoundTrip implements http.RoundTripper.
func (i *installation) RoundTrip(req *http.Request) (*http.Response, error) {
	i.mu.Lock()
	used := i.now
	i.mu.Unlock()
	resp, err := used.RoundTrip(req)
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	again, ok := replay(req)
	if !ok {
		return resp, nil
	}
	_ = resp.Body.Close()
	return i.renewed(used).RoundTrip(again)
}

// renewed replaces the transport whose token was refused, if nobody has yet.
func (i *installation) renewed(refused *ghinstallation.Transport) *ghinstallation.Transport {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.now == refused {
		i.now = i.mint()
	}
	return i.now
}

func replay(req *http.Request) (*http.Request, bool) {
	again := req.Clone(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return again, true
	}
	if req.GetBody == nil {
		return nil, false
	}
	body, err := req.GetBody()
	again.Body = body
	return again, err == nil
}
