package fakegithub_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v4"
	"github.com/google/go-github/v60/github"
)

func TestTokensAreNarrow(t *testing.T) {
	w := newWorld(t)
	other := w.AddRepo("acme/other", map[string]string{"a": "1\n"})
	w.AddRepo("evil/shop", map[string]string{"a": "1\n"})
	v := w.open("ann")
	narrow := w.token(&github.InstallationTokenOptions{
		RepositoryIDs: []int64{w.repo.ID}, Permissions: &github.InstallationPermissions{PullRequests: github.String("read")},
	})
	wide := w.token(nil)
	pull := fmt.Sprintf("/repos/acme/shop/pulls/%d", v.Number)
	for _, c := range []struct {
		name, token, method, path, body string
		want                            int
	}{
		{"its repository", narrow, "GET", pull, "", 200},
		{"another of the installation", narrow, "GET", "/repos/acme/other", "", 404},
		{"another, with a wide token", wide, "GET", "/repos/acme/other", "", 200},
		{"another installation's", wide, "GET", "/repos/evil/shop", "", 404},
		{"what nobody has", wide, "GET", "/repos/acme/none", "", 404},
		{"no such path", wide, "GET", "/nothing", "", 404},
		{"a permission it lacks", narrow, "POST", "/repos/acme/shop/check-runs", `{"name":"a","head_sha":"` + v.Head + `"}`, 403},
		{"a level it lacks", narrow, "POST", fmt.Sprintf("/repos/acme/shop/issues/%d/comments", v.Number), `{"body":"x"}`, 403},
		{"no token", "", "GET", pull, "", 401},
		{"an unknown token", "ghs_unknown", "GET", pull, "", 401},
		{"a JWT where a token is due", w.jwt(nil), "GET", pull, "", 401},
		{"a token where a JWT is due", wide, "GET", "/app", "", 401},
	} {
		if resp, body := w.call(c.method, c.token, c.path, c.body); resp.StatusCode != c.want {
			t.Errorf("%s: %d %s, want %d", c.name, resp.StatusCode, body, c.want)
		}
	}
	resp, body := w.call("POST", w.jwt(nil), fmt.Sprintf("/app/installations/%d/access_tokens", w.repo.Installation), fmt.Sprintf(`{"repository_ids":[%d,99]}`, other.ID))
	if resp.StatusCode != 422 {
		t.Errorf("a token for a strange repository: %d %s", resp.StatusCode, body)
	}
	resp, body = w.call("POST", w.jwt(nil), fmt.Sprintf("/app/installations/%d/access_tokens", w.repo.Installation), `{"permissions":{"administration":"write"}}`)
	if resp.StatusCode != 422 {
		t.Errorf("a token for more than is granted: %d %s", resp.StatusCode, body)
	}
}

func TestTokensExpire(t *testing.T) {
	w := newWorld(t)
	token := w.token(nil)
	w.wait(59*time.Minute + 59*time.Second)
	if resp, _ := w.get(token, "/repos/acme/shop"); resp.StatusCode != http.StatusOK {
		t.Errorf("within the hour: %d", resp.StatusCode)
	}
	w.wait(time.Second)
	if resp, _ := w.get(token, "/repos/acme/shop"); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("after an hour: %d", resp.StatusCode)
	}
}

func TestJWTs(t *testing.T) {
	w := newWorld(t)
	now := start.Unix()
	for name, change := range map[string]func(jwt.MapClaims){
		"another app's": func(c jwt.MapClaims) { c["iss"] = "43" },
		"over":          func(c jwt.MapClaims) { c["exp"] = now },
		"too long":      func(c jwt.MapClaims) { c["exp"] = now + 601 },
		"from tomorrow": func(c jwt.MapClaims) { c["iat"] = now + 60 },
	} {
		if resp, body := w.get(w.jwt(change), "/app"); resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", name, resp.StatusCode, body)
		}
	}
	unsigned, err := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"iss": 42, "iat": now, "exp": now + 60}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	w.must(err)
	weak, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"iss": 42, "iat": now, "exp": now + 60}).SignedString([]byte("x"))
	w.must(err)
	for _, token := range []string{unsigned, weak, "no.jwt.atall"} {
		if resp, _ := w.get(token, "/app"); resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%.12s: %d", token, resp.StatusCode)
		}
	}
	if resp, body := w.get(w.jwt(func(c jwt.MapClaims) { c["iss"] = 42 }), "/app"); resp.StatusCode != http.StatusOK {
		t.Errorf("the app's number as a number: %d %s", resp.StatusCode, body)
	}
}

func TestSuspended(t *testing.T) {
	w := newWorld(t)
	token := w.token(nil)
	w.must(w.Announce(shop, "suspend", "bob"))
	if resp, _ := w.get(token, "/repos/acme/shop"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("while suspended: %d", resp.StatusCode)
	}
	w.open("ann")
	if got := names(w.deliver()); got != "installation.suspend" {
		t.Errorf("while suspended it sends %q", got)
	}
}
