package config

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/when"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// minSecret is the shortest secret that signs something, in bytes.
const minSecret = 32

// compile checks what was settled and makes a Server of it.
func (l *loader) compile() Server {
	s := l.shape
	out := Server{
		Listen: l.listen("listen", s.Listen), AdminListen: l.listen("admin_listen", s.AdminListen), AdminActions: l.actions(),
		Database: l.database(), Keep: l.keep(), Observe: l.observe(), GitHub: l.github(), Slack: l.slack(), OAuth: l.oauth(),
		EncryptionKey: l.long("encryption_key", s.EncryptionKey), SMTPURL: l.smtp(),
		Endpoints: l.endpoints(), Commands: l.commands(), Hosts: texts(s.Hosts), People: l.people(),
	}
	if out.Listen == out.AdminListen && !strings.HasSuffix(out.Listen, ":0") {
		l.mistaken("admin_listen", "is the same as listen", "choose another port")
	}
	out.URL = "http://" + out.Listen
	if s.URL != "" {
		out.URL = strings.TrimRight(l.url("url", s.URL), "/")
	}
	out.PagesURL = l.pages()
	return out
}

// pages have links of their own that know of no path before them.
func (l *loader) pages() string {
	given := l.shape.PagesURL
	if given == "" {
		return ""
	}
	address := strings.TrimRight(l.url("pages_url", given), "/")
	if u, err := url.Parse(address); err == nil && u.Path != "" {
		l.mistaken("pages_url", "has a path", "give the pages a host of their own: https://deploys.example.com")
	}
	return address
}

func (l *loader) listen(name string, given setting) string {
	_, port, err := net.SplitHostPort(string(given))
	n, portErr := strconv.Atoi(port)
	if err != nil || portErr != nil || n < 0 || n > 65535 {
		l.mistaken(name, quote(string(given))+" is not host:port", "write 127.0.0.1:8080, or :8080 for all addresses")
	}
	return string(given)
}

func (l *loader) url(name string, given setting) string {
	if err := checkURL(string(given)); err != nil {
		l.mistaken(name, err.Error(), "write it whole: https://roundtrip.example.com")
	}
	return string(given)
}

// base is an address below which others are, with its slash.
func (l *loader) base(name string, given setting) string {
	return strings.TrimRight(l.url(name, given), "/") + "/"
}

func (l *loader) keep() time.Duration {
	d, err := when.ParseDuration(string(l.shape.KeepDeliveries))
	if err != nil {
		l.mistaken("keep_deliveries", err.Error(), durationHint)
	}
	return d
}

func (l *loader) actions() bool {
	given := string(l.shape.AdminActions)
	if given != "on" && given != "off" {
		l.mistaken("admin_actions", quote(given)+" is neither on nor off", words.DidYouMean(given, []string{"on", "off"}))
	}
	return given == "on"
}

func (l *loader) observe() bool {
	mode := string(l.shape.Mode)
	if mode != "enforce" && mode != "observe" {
		l.mistaken("mode", quote(mode)+" is not a mode", words.DidYouMean(mode, []string{"enforce", "observe"}))
	}
	return mode == "observe"
}

func (l *loader) github() GitHub {
	s := l.shape
	g := GitHub{APIURL: l.base("github_api_url", s.GithubAPIURL), WebhookSecret: s.GithubWebhookSecret, WebhookSecretOld: s.GithubWebhookSecretOld, Events: string(s.GithubEvents)}
	g.AppID = l.appID()
	g.PrivateKey = l.privateKey()
	if l.needed("github_webhook_secret", g.WebhookSecret, "choose one, for instance with: openssl rand -hex 32") {
		l.long("github_webhook_secret", g.WebhookSecret)
	}
	if !g.WebhookSecretOld.IsZero() {
		l.long("github_webhook_secret_old", g.WebhookSecretOld)
	}
	switch g.Events {
	case "webhook", poll:
	default:
		l.mistaken("github_events", quote(g.Events)+" is not a way to hear", words.DidYouMean(g.Events, []string{"webhook", poll}))
	}
	g.PollEvery = l.pollEvery()
	return g
}

func (l *loader) pollEvery() time.Duration {
	d, err := when.ParseDuration(string(l.shape.GithubPollEvery))
	switch {
	case err != nil:
		l.mistaken("github_poll_every", err.Error(), durationHint)
	case d < time.Second || d > 10*time.Minute:
		l.mistaken("github_poll_every", "is not between 1s and 10m", "write 8s")
	}
	return d
}

func (l *loader) appID() int64 {
	given := string(l.shape.GithubAppID)
	n, err := strconv.ParseInt(given, 10, 64)
	switch {
	case given == "":
		l.mistaken("github_app_id", "is not set", "copy App ID from the app's settings page on GitHub")
	case err != nil || n <= 0:
		l.mistaken("github_app_id", quote(given)+" is not a positive number", "copy App ID from the app's settings page on GitHub, not its Client ID")
	}
	return n
}

func (l *loader) privateKey() Secret {
	key := l.shape.GithubPrivateKey
	const hint = "generate a private key on the app's settings page and set the whole file, with its BEGIN and END lines"
	if !l.needed("github_private_key", key, hint) {
		return key
	}
	// A file of environment variables holds one line a variable.
	text := strings.ReplaceAll(key.Reveal(), `\n`, "\n")
	if err := checkRSA(text); err != nil {
		l.mistaken("github_private_key", err.Error(), hint)
	}
	return NewSecret(text)
}

func checkRSA(text string) error {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return fault{message: "is not PEM"}
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		any, other := x509.ParsePKCS8PrivateKey(block.Bytes)
		var ok bool
		if key, ok = any.(*rsa.PrivateKey); other != nil || !ok {
			return fault{message: "is not an RSA private key"}
		}
	}
	if key.N.BitLen() < 2048 {
		return fault{message: fmt.Sprintf("is an RSA key of %d bits; at least 2048 are needed", key.N.BitLen())}
	}
	return nil
}

// needed reports whether a secret is there. Where it was named and could not
// be had, that was told already.
func (l *loader) needed(name string, s Secret, hint string) bool {
	if s.IsZero() && l.origins[name].variable == variable(name) {
		l.mistaken(name, "is not set", hint)
	}
	return !s.IsZero()
}

// long asks for a secret that nobody can guess.
func (l *loader) long(name string, s Secret) Secret {
	if n := len(s.Reveal()); n > 0 && n < minSecret {
		l.mistaken(name, fmt.Sprintf("has %d bytes; at least %d are needed", n, minSecret), "choose one, for instance with: openssl rand -hex 32")
	}
	return s
}

func (l *loader) slack() Slack {
	s := l.shape
	out := Slack{APIURL: l.base("slack_api_url", s.SlackAPIURL), BotToken: s.SlackBotToken, SigningSecret: s.SlackSigningSecret, AppToken: s.SlackAppToken}
	switch {
	case out.On() && !out.AppToken.IsZero(): // Socket Mode: nobody posts to us, so nobody signs
	case out.On():
		l.needed("slack_signing_secret", out.SigningSecret, "copy Signing Secret from the Slack app's Basic Information page, or set slack_app_token for Socket Mode")
	case !out.SigningSecret.IsZero() || !out.AppToken.IsZero():
		l.needed("slack_bot_token", out.BotToken, "copy Bot User OAuth Token from the Slack app, or leave all of Slack out")
	}
	return out
}

func (l *loader) oauth() OAuth {
	o := OAuth{ClientID: string(l.shape.OauthClientID), ClientSecret: l.shape.OauthClientSecret}
	if o.ClientID != "" {
		l.needed("oauth_client_secret", o.ClientSecret, "copy a client secret from the app's settings page on GitHub")
	} else if !o.ClientSecret.IsZero() {
		l.mistaken("oauth_client_id", "is not set, and the client's secret is", "copy Client ID from the app's settings page on GitHub")
	}
	return o
}

func (l *loader) smtp() Secret {
	s := l.shape.SMTPURL
	u, err := url.Parse(s.Reveal())
	if !s.IsZero() && (err != nil || u.Host == "" || u.Scheme != "smtp" && u.Scheme != "smtps") {
		l.mistaken("smtp_url", "is not the address of a mail server", "write smtps://name:password@mail.example.com:465")
	}
	return s
}

func (l *loader) people() []bot.Person {
	var all []bot.Person
	seen := map[memberID]bool{}
	for i, p := range l.shape.People {
		if seen[p.Slack] && p.Slack != "" {
			l.wrong(item("people", i)+".slack", quote(string(p.Slack))+" is there twice", "keep one: a Slack member is one person on GitHub")
		}
		seen[p.Slack] = true
		all = append(all, p.compile())
	}
	return all
}

func (l *loader) commands() map[string]Command {
	all := map[string]Command{}
	for n, c := range l.shape.Commands {
		if len(c.Run) > 0 && !strings.HasPrefix(c.Run[0], "/") {
			l.wrong("commands."+string(n)+".run", "the program is not named by its whole path", "begin with a slash: [/usr/local/bin/deploy]")
		}
		all[string(n)] = Command{Name: string(n), Run: c.Run, Repositories: texts(c.Repositories), Timeout: span(c.Timeout, 20*time.Minute)}
	}
	return all
}
