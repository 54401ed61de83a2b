package config

import (
	"fmt"
	"net/url"
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
