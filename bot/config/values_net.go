package config

import (
	"net/mail"
	"net/url"
	"regexp"
	"strings"
)

// address is an http or https URL without a name or a password in it.
type address string

func (a *address) setText(s string) error {
	if err := checkURL(s); err != nil {
		return err
	}
	*a = address(s)
	return nil
}

func checkURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil, u.Host == "", u.Scheme != "http" && u.Scheme != "https", len(s) > 2048:
		return fault{"is not an http or https address", "write it whole: https://shop.example.com/health"}
	case u.User != nil:
		return fault{"holds a name or a password", "leave them out of the address"}
	}
	return nil
}

// channel is where people talk in Slack: #name, or the id of a channel.
type channel string

func (c *channel) setText(s string) error {
	if !regexp.MustCompile(channelPattern).MatchString(s) {
		return fault{quote(s) + " is not a Slack channel", `write "#name", in quotes: without them # begins a comment`}
	}
	*c = channel(s)
	return nil
}

const channelPattern = `^(#[^\s#@A-Z,]{1,80}|[CG][A-Z0-9]{6,20})$`

// mention is whom a page calls: @group or @person.
type mention string

func (m *mention) setText(s string) error {
	if !regexp.MustCompile(mentionPattern).MatchString(s) {
		return fault{quote(s) + " names nobody", `write "@group" or "@person", in quotes`}
	}
	*m = mention(s)
	return nil
}

const mentionPattern = `^@[^\s@#]{1,80}$`

// recipient is where a report goes: slack:#channel or mail:address.
type recipient string

func (r *recipient) setText(s string) error {
	kind, to, _ := strings.Cut(s, ":")
	switch kind {
	case "slack":
		if err := new(channel).setText(to); err != nil {
			return err
		}
	case "mail":
		if a, err := mail.ParseAddress(to); err != nil || a.Address != to {
			return fault{quote(to) + " is not a mail address", "write mail:leads@example.com"}
		}
	default:
		return fault{quote(s) + " does not say how to reach whom", `write "slack:#channel" or "mail:leads@example.com"`}
	}
	*r = recipient(s)
	return nil
}

// login is an account on GitHub; apps end in [bot].
type login string

const loginPattern = `^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9_])?(?:\[bot\])?$`

func (l *login) setText(s string) error {
	if !regexp.MustCompile(loginPattern).MatchString(s) {
		return fault{quote(s) + " is not an account on GitHub", "write it without @; apps end in [bot]"}
	}
	*l = login(s)
	return nil
}
