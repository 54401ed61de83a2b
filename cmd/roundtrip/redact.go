package main

import (
	"cmp"
	"encoding/base64"
	"io"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/config"
)

const struckOut = "[secret]"

// secretsOf are the texts that must never be seen, for striking them out of
// errors and logs: every Secret of the settings, whoever adds one, in the forms
// in which it may be quoted. A key of several lines is struck out line by line
// too: a log may break it.
func secretsOf(s config.Server) (texts []string) {
	for _, text := range secretsIn(reflect.ValueOf(s)) {
		parts := []string{text}
		if u, err := url.Parse(text); err == nil && u.User != nil {
			password, _ := u.User.Password()
			parts = append(parts, password)
		}
		if lines := strings.Split(strings.TrimSpace(text), "\n"); len(lines) > 2 {
			parts = append(parts, lines[1:len(lines)-1]...)
		}
		for _, part := range parts {
			if len(part) >= 8 { // less is not told from a word
				texts = append(texts, formsOf(part)...)
			}
		}
	}
	return texts
}

func secretsIn(v reflect.Value) (texts []string) {
	if !v.CanInterface() {
		return nil // what the settings keep to themselves nobody else can print
	}
	if d, ok := v.Interface().(config.Database); ok && d.Reveal() == d.Name {
		return nil // an address without a password is what an operator looks for in a log
	}
	if secret, ok := v.Interface().(config.Secret); ok {
		return []string{secret.Reveal()}
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			texts = append(texts, secretsIn(v.Field(i))...)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			texts = append(texts, secretsIn(v.Index(i))...)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			texts = append(texts, secretsIn(v.MapIndex(key))...)
		}
	}
	return texts
}

// formsOf a text as it may stand in an address, a header or a log.
func formsOf(text string) []string {
	quoted := strconv.Quote(text)
	return []string{
		text, url.QueryEscape(text), url.PathEscape(text), quoted[1 : len(quoted)-1],
		base64.RawStdEncoding.EncodeToString([]byte(text)), base64.RawURLEncoding.EncodeToString([]byte(text)),
	}
}

// issued are secrets that others give us and no setting has: installations'
// tokens, the app's own JWT, whatever an Authorization header holds, and the
// addresses at which Slack takes answers.
var issued = regexp.MustCompile(`gh[pousr]_[A-Za-z0-9_]{16,}|github_pat_\w{16,}|eyJ[\w-]+\.[\w-]+\.[\w-]+|xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|https://hooks\.slack\.com/[^\s"']+`)

var header = regexp.MustCompile(`(?i)\b(bearer|basic|token)\s+[A-Za-z0-9._~+/=-]{16,}`)

// striker strikes secrets out of texts.
func striker(secrets []string) func(string) string {
	var pairs []string
	// The longest first: of two that begin alike the rest of one must not stay.
	for _, s := range slices.SortedFunc(slices.Values(secrets), func(a, b string) int { return cmp.Compare(len(b), len(a)) }) {
		pairs = append(pairs, s, struckOut)
	}
	known := strings.NewReplacer(pairs...)
	return func(text string) string {
		return header.ReplaceAllString(issued.ReplaceAllString(known.Replace(text), struckOut), "$1 "+struckOut)
	}
}

// striking is a log without secrets, whatever somebody wrote into it. It gets
// whole lines.
type striking struct {
	to     io.Writer
	strike func(string) string
}

// Write implements io.Writer.
func (s striking) Write(p []byte) (int, error) {
	if _, err := io.WriteString(s.to, s.strike(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
