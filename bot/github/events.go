package github

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Open makes an event of a delivery: the letter's Name is X-GitHub-Event and
// its Body the payload as sent. What we do not act on and what cannot be
// decoded becomes bot.Unknown with the reason; it never returns an error, and
// no bytes make it panic. appID is our own app's id, by which our own echoes
// are told from other people's doings.
func Open(appID int64) func(bot.Letter) (bot.Event, error) {
	o := opener{app: appID}
	return func(l bot.Letter) (bot.Event, error) {
		open, ok := o.table()[l.Name]
		if !ok {
			open = payload(func(envelope) (bot.Event, error) { return nil, notOurs("we do not act on it") })
		}
		env, e, err := open(l.Body)
		var skipped notOurs
		switch {
		case errors.As(err, &skipped):
			return unknown(l.Name, env.Action, string(skipped)), nil
		case err != nil:
			return unknown(l.Name, env.Action, "it cannot be decoded: "+brief(err)), nil
		}
		return e, nil
	}
}

type opener struct{ app int64 }

// table says what is made of each event, by X-GitHub-Event.
func (o opener) table() map[string]opening {
	return map[string]opening{
		"pull_request":              payload(o.pullRequest),
		"push":                      payload(o.push),
		"check_run":                 payload(o.checkRun),
		"check_suite":               payload(o.checkSuite),
		"status":                    payload(o.status),
		"issue_comment":             payload(o.issueComment),
		"merge_group":               payload(o.mergeGroup),
		"deployment_status":         payload(o.deploymentStatus),
		"installation":              payload(o.installation),
		"installation_repositories": payload(o.installationRepositories),
	}
}

// opening decodes a body, once, and makes an event of it.
type opening func(body []byte) (envelope, bot.Event, error)

// payload opens bodies of one form.
func payload[P interface{ self() envelope }](open func(P) (bot.Event, error)) opening {
	return func(body []byte) (envelope, bot.Event, error) {
		var p P
		if err := json.Unmarshal(body, &p); err != nil {
			return p.self(), nil, fmt.Errorf("decode payload: %w", err)
		}
		e, err := open(p)
		return p.self(), e, err
	}
}

// notOurs says why a delivery that was understood is not acted on.
type notOurs string

func (n notOurs) Error() string { return string(n) }

func unknown(name, action, why string) bot.Unknown {
	if action != "" {
		name += "." + action
	}
	return bot.Unknown{Source: "github", Name: cut(name, 100), Why: why}
}

// envelope is what most payloads have in common.
type envelope struct {
	Action       string        `json:"action"`
	Repository   wireRepo      `json:"repository"`
	Installation wireInstalled `json:"installation"`
	Sender       wireUser      `json:"sender"`
}

func (e envelope) self() envelope { return e }

type wireRepo struct {
	ID            int64  `json:"id"`
	FullName      string `json:"full_name"`
	DefaultBranch string `json:"default_branch"`
}

type wireInstalled struct {
	ID      int64    `json:"id"`
	Account wireUser `json:"account"`
}

type wireUser struct {
	Login string `json:"login"`
	Type  string `json:"type"`
}

func (u wireUser) bot() bool { return u.Type == "Bot" }

func (u wireUser) person() bot.Person { return bot.Person{Login: bot.Login(u.Login), Bot: u.bot()} }

type wireApp struct {
	ID int64 `json:"id"`
}

var (
	repoName = regexp.MustCompile(`^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$`)
	commitID = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)
)

// repo is the repository as the signed envelope names it. A payload without an
// installation was not sent to an app, and we could do nothing about it.
func (e envelope) repo() (bot.RepoRef, error) {
	if e.Installation.ID <= 0 {
		return bot.RepoRef{}, notOurs("it names no installation of the app")
	}
	return repoRef(e.Installation.ID, e.Repository)
}

func repoRef(installation int64, r wireRepo) (bot.RepoRef, error) {
	if r.ID <= 0 || !validName(r.FullName) {
		return bot.RepoRef{}, fmt.Errorf("repository %d %q is malformed", r.ID, cut(r.FullName, 100))
	}
	return bot.RepoRef{Installation: installation, ID: r.ID, Name: bot.RepoName(r.FullName)}, nil
}

// validName reports whether a name is fit for an API path.
func validName(full string) bool {
	owner, name, _ := strings.Cut(full, "/")
	dots := func(s string) bool { return strings.Trim(s, ".") == "" }
	return repoName.MatchString(full) && !dots(owner) && !dots(name)
}

func sha(s string) (bot.SHA, error) {
	if !commitID.MatchString(s) {
		return "", fmt.Errorf("commit id %q is malformed", cut(s, 70))
	}
	return bot.SHA(s), nil
}

func brief(err error) string { return cut(strings.ToValidUTF8(err.Error(), "?"), 200) }

// cut shortens s to at most n bytes, between characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
