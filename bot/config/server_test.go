package config_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
)

const (
	hookSecret = "hook-secret-0123456789abcdef-0123"
	cdSecret   = "deploy-secret-0123456789abcdef-01"
	secretFile = "/run/secrets/cd"
)

func TestTheLeastThatAServerNeeds(t *testing.T) {
	s, mistakes := load(t, least(t), "")
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	if s.Listen != "127.0.0.1:8080" || s.AdminListen != "127.0.0.1:8081" || s.URL != "http://127.0.0.1:8080" ||
		s.Database.Reveal() != "sqlite:roundtrip.db" || s.Observe || s.Slack.On() || s.GitHub.AppID != 42 ||
		s.GitHub.APIURL != "https://api.github.com/" || s.Slack.APIURL != "https://slack.com/api/" || s.GitHub.Events != "webhook" {
		t.Errorf("%+v", s)
	}
	if s.GitHub.WebhookSecret.Reveal() != hookSecret {
		t.Error("the webhook secret is not what was set")
	}
}

const wholeFile = `
listen: ":9090"
github_app_id: 7
githubApiUrl: https://github.example.com/api/v3
ROUNDTRIP_MODE: observe
slack-bot-token: xoxb-1
slack_signing_secret: signing
endpoints:
  shop-cd:
    type: http
    url: https://cd.example.com/deploy
    secret_file: /run/secrets/cd
    repositories: ["Acme/*"]
    timeout: 30s
  shop:
    type: scrape
    stable: http://127.0.0.1:9101/metrics
    canary: ["http://127.0.0.1:9102/metrics", "http://127.0.0.1:9103/metrics"]
    repositories: [acme/shop]
commands:
  migrate: {run: [/usr/local/bin/migrate, up], repositories: [acme/shop]}
hosts: [shop.example.com, "*.example.org:8443"]
people:
  - {slack: U0ALICE001, github: alice}
`

func TestTheEnvironmentWinsOverTheFile(t *testing.T) {
	env := least(t)
	s, mistakes := load(t, env, wholeFile)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	if s.GitHub.AppID != 42 || s.Listen != ":9090" || !s.Observe || !s.Slack.On() || s.GitHub.APIURL != "https://github.example.com/api/v3/" {
		t.Errorf("%+v", s)
	}
	cd := s.Endpoints["shop-cd"]
	if cd.Secret.Reveal() != cdSecret || cd.Timeout != 30*time.Second || !cd.MayUse("acme/shop") || cd.MayUse("acme/shop/x") || cd.MayUse("evil/shop") {
		t.Errorf("%+v", cd)
	}
	if len(s.Endpoints["shop"].Stable) != 1 || len(s.Endpoints["shop"].Canary) != 2 || s.Endpoints["shop"].Timeout != 10*time.Second {
		t.Errorf("%+v", s.Endpoints["shop"])
	}
	if s.Commands["migrate"].MayUse("acme/other") || !s.Commands["migrate"].MayUse("acme/shop") {
		t.Errorf("%+v", s.Commands)
	}
	if diff := cmp.Diff([]bot.Person{{Slack: "U0ALICE001", Login: "alice"}}, s.People); diff != "" {
		t.Error(diff)
	}
}

func TestServerMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		env  map[string]string
		file string
		want string
	}{
		"listen":                {env: set("LISTEN", "8080"), want: `environment: ROUNDTRIP_LISTEN: "8080" is not host:port; write`},
		"port":                  {env: set("LISTEN", ":99999"), want: "is not host:port"},
		"same port":             {env: set("ADMIN_LISTEN", "127.0.0.1:8080"), want: "ROUNDTRIP_ADMIN_LISTEN: is the same as listen"},
		"url":                   {env: set("URL", "roundtrip.example.com"), want: "ROUNDTRIP_URL: is not an http or https address"},
		"admin actions":         {env: set("ADMIN_ACTIONS", "yes"), want: "ROUNDTRIP_ADMIN_ACTIONS: \"yes\" is neither on nor off"},
		"pages url":             {env: set("PAGES_URL", "roundtrip.example.com"), want: "ROUNDTRIP_PAGES_URL: is not an http or https address"},
		"pages url's path":      {env: set("PAGES_URL", "https://example.com/deploys"), want: "ROUNDTRIP_PAGES_URL: has a path"},
		"api url":               {env: set("GITHUB_API_URL", "file:///etc"), want: "ROUNDTRIP_GITHUB_API_URL: is not an http"},
		"short hook secret":     {env: set("GITHUB_WEBHOOK_SECRET", "short"), want: "ROUNDTRIP_GITHUB_WEBHOOK_SECRET: has 5 bytes; at least 32 are needed; choose one"},
		"no hook secret":        {env: set("GITHUB_WEBHOOK_SECRET", ""), want: "ROUNDTRIP_GITHUB_WEBHOOK_SECRET: is not set"},
		"no key":                {env: set("GITHUB_PRIVATE_KEY", ""), want: "ROUNDTRIP_GITHUB_PRIVATE_KEY: is not set"},
		"key is not PEM":        {env: set("GITHUB_PRIVATE_KEY", "SHA256:abc"), want: "is not PEM"},
		"key is not RSA":        {env: set("GITHUB_PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), want: "is not an RSA private key"},
		"no app id":             {env: set("GITHUB_APP_ID", ""), want: "ROUNDTRIP_GITHUB_APP_ID: is not set; copy App ID"},
		"client id for app id":  {env: set("GITHUB_APP_ID", "Iv1.8a61f9b3a7aba766"), want: "is not a positive number"},
		"negative app id":       {env: set("GITHUB_APP_ID", "-1"), want: "is not a positive number"},
		"mode":                  {env: set("MODE", "obsrve"), want: "did you mean observe?"},
		"keep":                  {env: set("KEEP_DELIVERIES", "for ever"), want: "ROUNDTRIP_KEEP_DELIVERIES: \"for ever\" is not a duration"},
		"keep too long":         {env: set("KEEP_DELIVERIES", "1000d"), want: "is longer than 90d"},
		"a broken address":      {env: set("DATABASE_URL", "postgres://u:hunter2%@db/x"), want: "ROUNDTRIP_DATABASE_URL: is not the address of a database; write sqlite:"},
		"another database":      {env: set("DATABASE_URL", "mysql://u:hunter2@db/x"), want: "or postgres://name:password@host:5432/database"},
		"database's file":       {env: set("DATABASE_URL_FILE", "/nowhere"), want: "ROUNDTRIP_DATABASE_URL_FILE: the file cannot be read"},
		"database":              {env: set("DATABASE_URL", "roundtrip.db"), want: "is not the address of a database"},
		"poll":                  {env: set("GITHUB_EVENTS", "pol"), want: "did you mean poll?"},
		"poll every":            {env: set("GITHUB_POLL_EVERY", "often"), want: "ROUNDTRIP_GITHUB_POLL_EVERY: \"often\" is not a duration"},
		"poll too often":        {env: set("GITHUB_POLL_EVERY", "1h"), want: "is not between 1s and 10m"},
		"events":                {env: set("GITHUB_EVENTS", "webhok"), want: "did you mean webhook?"},
		"token without signing": {env: set("SLACK_BOT_TOKEN", "xoxb-1"), want: "ROUNDTRIP_SLACK_SIGNING_SECRET: is not set; copy Signing Secret"},
		"signing without token": {env: set("SLACK_SIGNING_SECRET", "x"), want: "ROUNDTRIP_SLACK_BOT_TOKEN: is not set"},
		"secret twice":          {env: set("GITHUB_WEBHOOK_SECRET_FILE", "/x"), want: "is set beside ROUNDTRIP_GITHUB_WEBHOOK_SECRET_FILE"},
		"secret's file":         {env: set("ENCRYPTION_KEY_FILE", "/nowhere"), want: "ROUNDTRIP_ENCRYPTION_KEY_FILE: the file cannot be read"},
		"short encryption key":  {env: set("ENCRYPTION_KEY", "x"), want: "ROUNDTRIP_ENCRYPTION_KEY: has 1 bytes"},
		"oauth":                 {env: set("OAUTH_CLIENT_ID", "x"), want: "ROUNDTRIP_OAUTH_CLIENT_SECRET: is not set"},
		"smtp":                  {env: set("SMTP_URL", "mail.example.com"), want: "ROUNDTRIP_SMTP_URL: is not the address of a mail server"},
		"unknown key":           {file: "lisen: ':1'\n", want: "server.yml:1:1: lisen: unknown key; did you mean listen?"},
		"key in two styles":     {file: "listen: ':1'\nLISTEN: ':2'\n", want: "server.yml:2:1: LISTEN: this key is there twice; keep one; the first is on line 1"},
		"bad value in the file": {file: "\nlisten: nowhere\n", want: `server.yml:2:9: listen: "nowhere" is not host:port`},
		"not YAML":              {file: "listen: {\n", want: "server.yml:1:9: this is not YAML; check"},
		"endpoint's type":       {file: "endpoints: {cd: {type: htp, repositories: ['*/*']}}", want: "endpoints.cd.type: \"htp\" is not one of its words; did you mean http?"},
		"endpoint for nobody":   {file: "endpoints: {p: {type: prometheus, url: 'http://p:9090'}}", want: "endpoints.p.repositories: is missing"},
		"unsigned endpoint":     {file: "endpoints: {cd: {type: http, url: 'http://cd', repositories: ['*/*']}}", want: "type http needs secret or secret_file"},
		"short endpoint secret": {file: "endpoints: {cd: {type: http, url: 'http://cd', secret: hunter2, repositories: ['*/*']}}", want: "endpoints.cd.secret: has 7 bytes"},
		"scrape needs arms":     {file: "endpoints: {s: {type: scrape, stable: 'http://s', repositories: ['*/*']}}", want: "type scrape needs canary"},
		"scrape has no secret":  {file: "endpoints: {s: {type: scrape, secret: hunter2, stable: 'http://s', canary: 'http://c', repositories: ['*/*']}}", want: "endpoints.s.secret: means nothing for type scrape"},
		"scrape has no url":     {file: "endpoints: {s: {type: scrape, url: 'http://s', stable: 'http://s', canary: 'http://c', repositories: ['*/*']}}", want: "endpoints.s.url: means nothing for type scrape"},
		"shell":                 {file: "commands: {m: {run: [migrate], repositories: ['*/*']}}", want: "the program is not named by its whole path"},
		"host":                  {file: "hosts: ['https://shop.example.com/x']", want: "is not a host"},
		"people":                {file: "people: [{slack: '@alice', github: alice}, {slack: U01, github: a}, {slack: U01, github: b}]", want: `people[2].slack: "U01" is there twice`},
	} {
		t.Run(name, func(t *testing.T) {
			env := least(t)
			for k, v := range c.env {
				env[k] = v
			}
			s, mistakes := load(t, env, c.file)
			var all []string
			for _, m := range mistakes {
				all = append(all, m.String())
				if m.Hint == "" {
					t.Errorf("no remedy: %v", m)
				}
			}
			text := strings.Join(all, "\n")
			if !strings.Contains(text, c.want) {
				t.Errorf("%s\nwant %s", text, c.want)
			}
			if strings.Contains(text, "hunter2") {
				t.Errorf("a secret is told: %s", text)
			}
			if s.Listen != "" {
				t.Error("settings with mistakes could be used")
			}
		})
	}
}

func TestAllServerMistakesAtOnce(t *testing.T) {
	_, mistakes := load(t, set("LISTEN", "x", "MODE", "x", "SLACK_BOT_TOKEN", "x"), "lisen: 1\nhosts: ['/']\n")
	if len(mistakes) != 8 { // app id, key, hook secret, listen, mode, signing secret; two in the file
		t.Errorf("%d: %v", len(mistakes), mistakes)
	}
}

func TestAFileThatCannotBeRead(t *testing.T) {
	env := least(t)
	_, mistakes := config.LoadServer(env, "gone.yml", func(string) ([]byte, error) { return nil, fs.ErrNotExist })
	if len(mistakes) != 1 || mistakes[0].File != "gone.yml" || mistakes[0].Hint == "" {
		t.Errorf("%v", mistakes)
	}
}

func TestSecretsAreNeverSeen(t *testing.T) {
	env := least(t)
	for _, k := range []string{"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "ENCRYPTION_KEY", "OAUTH_CLIENT_SECRET"} {
		env["ROUNDTRIP_"+k] = "hunter2-hunter2-hunter2-hunter2-hunter2"
	}
	env["ROUNDTRIP_OAUTH_CLIENT_ID"] = "id"
	env["ROUNDTRIP_DATABASE_URL"] = "postgres://me:hunter2@db.example.com/x"
	env["ROUNDTRIP_SMTP_URL"] = "smtp://me:hunter2@mail.example.com"
	s, mistakes := load(t, env, wholeFile)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	hidden := struct{ s config.Server }{s}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", &s)
		fmt.Fprintf(&out, verb+"\n", hidden)
		fmt.Fprintf(&out, verb+"\n", s.GitHub.PrivateKey)
		fmt.Fprintf(&out, verb+"\n", s.Endpoints)
	}
	for _, h := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		slog.New(h).Info("x", "server", s, "secret", s.GitHub.WebhookSecret, "hidden", hidden)
	}
	if err := json.NewEncoder(&out).Encode(s); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"hunter2", hookSecret, cdSecret, "BEGIN", fmt.Sprintf("%x", hookSecret), fmt.Sprintf("%x", "hunter2")} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q is seen in %s", secret, out.String())
		}
	}
	if !strings.Contains(out.String(), "[secret]") {
		t.Error("nothing says that there is a secret")
	}
}

func TestADatabaseIsShownWithoutItsPassword(t *testing.T) {
	for address, want := range map[string]string{
		"sqlite:/var/lib/roundtrip.db":                             "sqlite:/var/lib/roundtrip.db",
		"postgres://me:hunter2@db:5432/bot?sslmode=require":        "postgres://me@db:5432/bot",
		"postgresql://me@db/bot?password=hunter2":                  "postgresql://me@db/bot",
		"postgres:///bot?host=/run/postgresql&password=hunter2":    "postgres:///bot",
		"postgres://me:hunter2hunter2%40@[::1]:5433/b?sslkey=/a.b": "postgres://me@[::1]:5433/b",
	} {
		env := least(t)
		env["ROUNDTRIP_DATABASE_URL"] = address
		s, mistakes := load(t, env, "")
		if len(mistakes) > 0 || s.Database.Name != want || s.Database.Reveal() != address {
			t.Errorf("%s is shown as %q (%v)", address, s.Database.Name, mistakes)
		}
		if wanted := strings.Contains(address, "hunter2"); wanted == s.Database.Password.IsZero() {
			t.Errorf("%s: its password is not known", address)
		}
	}
}

func FuzzLoadServer(f *testing.F) {
	f.Add("listen: :1\n", ":1")
	f.Add(wholeFile, "x")
	f.Fuzz(func(t *testing.T, file, word string) {
		config.LoadServer(map[string]string{"ROUNDTRIP_MODE": word, "ROUNDTRIP_LISTEN": word, "ROUNDTRIP_SLACK_BOT_TOKEN": word, "ROUNDTRIP_" + word: word}, "f", func(string) ([]byte, error) { return []byte(file), nil })
	})
}

// set makes an environment of names and values.
func set(pairs ...string) map[string]string {
	env := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		env["ROUNDTRIP_"+pairs[i]] = pairs[i+1]
	}
	return env
}

func least(t *testing.T) map[string]string {
	t.Helper()
	return set("GITHUB_APP_ID", "42", "GITHUB_WEBHOOK_SECRET", hookSecret, "GITHUB_PRIVATE_KEY", key(t))
}

// key is a fresh private key on one line, as files of environment variables hold it.
func key(t *testing.T) string {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(k)})
	return strings.ReplaceAll(string(text), "\n", `\n`)
}

func load(t *testing.T, env map[string]string, file string) (config.Server, []bot.Mistake) {
	t.Helper()
	name := ""
	if file != "" {
		name = "server.yml"
	}
	return config.LoadServer(env, name, func(path string) ([]byte, error) {
		switch path {
		case name:
			return []byte(file), nil
		case secretFile:
			return []byte(cdSecret + "\n"), nil
		}
		return nil, fs.ErrNotExist
	})
}
