package config

import (
	"reflect"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Server is what the operator decides: addresses, accounts and secrets, and
// which endpoints, commands and hosts a repository's file may name.
type Server struct {
	Listen        string // host:port of hooks and pages
	AdminListen   string // host:port of /metrics and pprof
	AdminActions  bool   // whoever reaches that may press buttons
	URL           string // how people reach us, without a slash at its end
	PagesURL      string // how people reach our pages, without a slash at its end; empty: they do not
	Database      Database
	Keep          time.Duration // what was sent with a delivery is kept for so long after it was done
	Observe       bool          // nothing unsolicited is written anywhere
	GitHub        GitHub
	Slack         Slack
	OAuth         OAuth
	EncryptionKey Secret
	SMTPURL       Secret
	Endpoints     map[string]Endpoint
	Commands      map[string]Command
	Hosts         []string     // that a repository's addresses may have; *.example.com for all below
	People        []bot.Person // who is who in Slack and on GitHub
}

// GitHub is the app and where GitHub's API is.
type GitHub struct {
	APIURL           string // ends in a slash
	AppID            int64
	PrivateKey       Secret // PEM of an RSA key
	WebhookSecret    Secret
	WebhookSecretOld Secret // accepted too, while the secret is being changed
	Events           string // webhook | poll
	PollEvery        time.Duration
}

// Polls reports whether we ask GitHub what it sent, so that nobody need reach
// us.
func (g GitHub) Polls() bool { return g.Events == poll }

const poll = "poll"

// Slack is the Slack app. Without a bot token there is no Slack.
type Slack struct {
	APIURL        string // ends in a slash
	BotToken      Secret
	SigningSecret Secret
	AppToken      Secret // Socket Mode when set
}

// On reports whether there is Slack.
func (s Slack) On() bool { return !s.BotToken.IsZero() }

// OAuth is how people sign in to our pages.
type OAuth struct {
	ClientID     string
	ClientSecret Secret
}

// Endpoint is a host that the operator lets some repositories use by name.
type Endpoint struct {
	Name         string
	Type         string // http | scrape | prometheus
	URL          string
	Secret       Secret   // signs what we send, or is a bearer's token
	Stable       []string // addresses to scrape
	Canary       []string // addresses to scrape
	Repositories []string // globs of owner/name
	Timeout      time.Duration
}

// MayUse reports whether a repository may name the endpoint.
func (e Endpoint) MayUse(repo bot.RepoName) bool { return mayUse(e.Repositories, repo) }

// Command is a program of the server that the operator lets some repositories
// run by name.
type Command struct {
	Name         string
	Run          []string // the program and its arguments
	Repositories []string // globs of owner/name
	Timeout      time.Duration
}

// MayUse reports whether a repository may name the command.
func (c Command) MayUse(repo bot.RepoName) bool { return mayUse(c.Repositories, repo) }

func mayUse(globs []string, repo bot.RepoName) bool {
	for _, g := range globs {
		// A glob that cannot be read opens nothing; LoadServer has told of it.
		if ok, err := doublestar.Match(strings.ToLower(g), strings.ToLower(string(repo))); ok && err == nil {
			return true
		}
	}
	return false
}

// LoadServer reads the operator's settings from the environment, which wins,
// and from a YAML file with the same names, if file is not empty. It finds all
// mistakes at once; if there is any, the Server must not be used. Secrets do
// not appear in mistakes.
func LoadServer(environ map[string]string, file string, readFile func(string) ([]byte, error)) (Server, []bot.Mistake) {
	l := loader{walker: newWalker(file), environ: environ, readFile: readFile, origins: map[string]origin{}}
	l.same = func(known, written string) bool { return plainKey(known) == plainKey(written) }
	l.readSettings(file)
	l.settle()
	l.misspelt()
	s := l.compile()
	if mistakes := l.found(); len(mistakes) > 0 {
		return Server{}, mistakes
	}
	return s, nil
}

// plainKey is a key in no style: GITHUB_APP_ID, githubAppId and github-app-id
// are one, with or without ROUNDTRIP_ before it.
func plainKey(s string) string {
	s = strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(s))
	return strings.TrimPrefix(s, "roundtrip")
}

// readSettings reads the file into the shape.
func (l *loader) readSettings(file string) {
	if file == "" {
		return
	}
	text, err := l.readFile(file)
	if err != nil {
		l.note(place{}, "", "cannot be read: "+err.Error(), "name a readable file with --config, or leave it out")
		return
	}
	tree, m := parseTree(file, text)
	if m != nil {
		// The parser's words may quote the file, and with it a secret.
		m.Message, _, _ = strings.Cut(m.Message, ":")
		l.mistakes = append(l.mistakes, *m)
		return
	}
	l.spots[""] = spot{place{1, 1}, startOf(tree)}
	l.value("", tree, reflect.ValueOf(&l.shape).Elem(), rule{}, 0)
}
