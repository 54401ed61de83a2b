package trace

import "testing"

// What people or programs named is not told, least of all Slack's addresses,
// which are secrets.
func TestRoutes(t *testing.T) {
	for path, want := range map[string]string{
		"/repos/acme/shop/check-runs/17":                     "/repos/{}/{}/check-runs/{}",
		"/repos/acme/shop/collaborators/alice/permission":    "/repos/{}/{}/collaborators/{}/permission",
		"/repos/acme/shop/branches/main":                     "/repos/{}/{}/branches/{}",
		"/repos/acme/shop/actions/workflows/deploy.yml/runs": "/repos/{}/{}/actions/workflows/{}/runs",
		"/deploys/thisisnotforyou":                           "/{}/{}",
		"/api/v3/repos/repos/shop/issues":                    "/api/v3/repos/{}/{}/issues",
		"/app/installations/7001/access_tokens":              "/app/installations/{}/access_tokens",
		"/actions/T024BE7LD/1337/gxmk4RmqS8NbBrDk0IDAXAbl":   "/actions/{}/{}/{}",
		"/api/chat.postMessage":                              "/api/chat.postMessage", "/api/chat.update": "/api/chat.update",
		"/hooks/3c4f2f9e0b": "/{}/{}",
		"/webhook/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": "/{}/{}",
		"": "",
	} {
		if got := Route(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}
