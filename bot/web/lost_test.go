package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// TestWhatWasGivenUpIsShown: the count, and the newest with what they are,
// whose, how old, and the line to look into them.
func TestWhatWasGivenUpIsShown(t *testing.T) {
	s := &shelf{at: began}
	for i, l := range []bot.Letter{
		{ID: "github/72d3", Kind: "push", Event: []byte(`{"repo":{"name":"acme/shop"}}`), Error: "panic: index out of range"},
		{ID: "timer/judge/7", Kind: "judge.due", Event: []byte(`{"ref":{"repo":{"name":"acme/tea"}}}`)},
		{ID: "github/x", Kind: "change.closed", Event: []byte(`{"change":{"ref":{"repo":{"name":"acme/cup"}}}}`)},
		{ID: "github/'; id #", Name: "watch", Body: []byte(`{"repository":{"full_name":"acme/<b>"}}`)},
		{ID: "slack/1", Source: "slack", Event: []byte(`[]`), Body: []byte("payload=x")},
		{ID: "old", Kind: "sixth"},
	} {
		l.At = began.Add(-time.Duration(i+1) * time.Hour)
		s.lost = append(s.lost, l)
	}
	html := see(t, s, "/").Body.String()
	for _, want := range []string{
		"6 deliveries could not be handled", "push of <bdi>acme/shop</bdi>", "60 min ago", "panic: index out of range", "<code>roundtrip replay github/72d3</code>",
		"judge.due of <bdi>acme/tea</bdi>", "change.closed of <bdi>acme/cup</bdi>", "watch of <bdi>acme/&lt;b&gt;</bdi>", "roundtrip replay &#39;github/&#39;\\&#39;&#39;; id #&#39;", "slack <span",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("home does not say %q", want)
		}
	}
	if strings.Contains(html, "sixth") {
		t.Error("more than the newest are listed")
	}
	if html := see(t, &shelf{at: began}, "/").Body.String(); strings.Contains(html, "given up") {
		t.Error("nothing was given up, and home says so")
	}
}

func TestAWordOfAShell(t *testing.T) {
	for in, want := range map[string]string{"github/72d3-e": "github/72d3-e", "": "''", "-x": "'-x'", "a b": "'a b'", "a'$(id)": `'a'\''$(id)'`, "judge/42/9#3": "'judge/42/9#3'"} {
		if got := shellWord(in); got != want {
			t.Errorf("%s is %s, want %s", fmt.Sprintf("%q", in), got, want)
		}
	}
}
