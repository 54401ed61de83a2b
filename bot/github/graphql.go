package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// gqlFault is an error of GitHub's GraphQL API, which answers 200 to what it
// did not do.
type gqlFault struct {
	Type    string `json:"type"` // FORBIDDEN, NOT_FOUND, UNPROCESSABLE, RATE_LIMITED…
	Message string `json:"message"`
}

// graphQL sends one document and decodes its data into v. What GitHub refuses
// is bot.Permanent; a limit is bot.RetryAfter.
func graphQL(ctx context.Context, client *gh.Client, document string, variables map[string]any, v any) error {
	answer := struct {
		Data   any        `json:"data"`
		Errors []gqlFault `json:"errors"`
	}{Data: v}
	req, err := client.NewRequest(http.MethodPost, graphQLAddress(client.BaseURL.String()), map[string]any{"query": document, "variables": variables})
	if err != nil {
		return err
	}
	if _, err := client.Do(ctx, req, &answer); err != nil {
		return err
	}
	if len(answer.Errors) == 0 {
		return nil
	}
	first := answer.Errors[0]
	err = fmt.Errorf("GitHub answered: %s: %s", harmless(first.Type), harmless(first.Message))
	switch first.Type {
	case "RATE_LIMITED":
		return bot.RetryAfter{After: unsaid, Err: err}
	case "FORBIDDEN", "INSUFFICIENT_SCOPES":
		return bot.Permanent{Err: fmt.Errorf("%w: %w", err, errForbidden)}
	case "NOT_FOUND", "UNPROCESSABLE":
		return bot.Permanent{Err: err}
	}
	return err
}

// errForbidden marks what the app may not do.
var errForbidden = errors.New("the app may not")

// graphQLAddress is below the API, or beside it on an enterprise's server.
func graphQLAddress(api string) string {
	if host, enterprise := strings.CutSuffix(api, "/api/v3/"); enterprise {
		return host + "/api/graphql"
	}
	return api + "graphql"
}
