package main

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// plain is a visitor whose browser runs no script: what a page shows, its links
// and its forms as they stand there, and loading it again. The first act is
// gone through so in a real browser (testdata/browser).
type plain struct {
	*testing.T
	at   *url.URL
	page string
}

// TestTheTourWithoutScript goes through acts two to four.
func TestTheTourWithoutScript(t *testing.T) {
	t.Parallel()
	base, _ := begin(t)
	p := &plain{T: t}
	p.open(base + "/?act=2")
	p.submits("speed-10", nil)
	p.actBad()
	p.follows("next")
	p.actBig()
	p.follows("next")
	p.actRed()
}

// actBad: the line is filled in by a link, and sent by its box's own button.
func (p *plain) actBad() {
	p.comesTo("one request in ten will fail")
	p.comesTo("4 of 4 passed") // sooner it would be refused
	for _, line := range []string{"/deploy", "/deploy canary"} {
		p.comesTo("Fill in <code>" + line + "</code>")
		p.follows("fill")
		p.submits("body", nil)
		p.comesTo("<p>" + line + "</p>")
	}
	p.comesTo("Nobody had to watch")
	p.comesTo("Rolled back: shop in canary")
}

func (p *plain) actBig() {
	p.comesTo("Open one of 900 lines")
	p.submits("do", nil)
	p.comesTo("900 lines - the limit here is 400")
	p.comesTo("ship one idea with its test first") // what the check says, though it is folded
	p.comesTo("roundtrip / batch is failing")
	p.submits("do", nil)
	p.comesTo("The limits stand in the repository")
}

func (p *plain) actRed() {
	p.comesTo("A broken main stops everybody")
	p.submits("do", nil)
	p.comesTo("open changes wait")
	p.comesTo("Main has been red for")
	p.comesTo("main is red in acme/shop")
	p.submits("do", nil)
	p.comesTo("It may merge. Press Merge")
	p.submits("as", url.Values{"as": {"grace"}})
	p.submits("merge-button", nil)
	p.comesTo("grace merged it as")
	p.comesTo("all who waited may merge again")
}

// comesTo loads the page again until it shows something.
func (p *plain) comesTo(want string) {
	p.Helper()
	wait(p.T, want, func() bool {
		if !strings.Contains(p.page, want) {
			p.open(p.at.String())
		}
		return strings.Contains(p.page, want)
	})
}

// follows the link that has an id.
func (p *plain) follows(id string) {
	p.Helper()
	m := regexp.MustCompile(`id="` + id + `" href="([^"]*)"`).FindStringSubmatch(p.page)
	if m == nil {
		p.Fatalf("no link %s at %s", id, p.at)
	}
	p.open(must[*url.URL](p.T)(p.at.Parse(html.UnescapeString(m[1]))).String())
}

var (
	formTag   = regexp.MustCompile(`<form[^>]*method="(get|post)" action="([^"]*)"`)
	inputTag  = regexp.MustCompile(`<(?:input|button)[^>]*>`)
	nameAttr  = regexp.MustCompile(` name="([^"]*)"`)
	valueAttr = regexp.MustCompile(` value="([^"]*)"`)
)

// submits the form that holds an element with an id: with all that its fields
// have, the button's own value if that is the element, and what is chosen.
func (p *plain) submits(id string, chosen url.Values) {
	p.Helper()
	here := strings.Index(p.page, `id="`+id+`"`)
	if here < 0 {
		p.Fatalf("nothing has the id %s at %s", id, p.at)
	}
	begins := strings.LastIndex(p.page[:here], "<form")
	whole, _, _ := strings.Cut(p.page[max(0, begins):], "</form>")
	form := formTag.FindStringSubmatch(whole)
	if form == nil || begins+len(whole) < here {
		p.Fatalf("%s stands in no form", id)
	}
	values := url.Values{}
	for _, tag := range inputTag.FindAllString(whole, -1) {
		name, value := nameAttr.FindStringSubmatch(tag), valueAttr.FindStringSubmatch(tag)
		if button := strings.HasPrefix(tag, "<button"); name == nil || value == nil || button && !strings.Contains(tag, `id="`+id+`"`) {
			continue
		}
		values.Set(html.UnescapeString(name[1]), html.UnescapeString(value[1]))
	}
	for name := range chosen {
		values.Set(name, chosen.Get(name))
	}
	to := must[*url.URL](p.T)(p.at.Parse(html.UnescapeString(form[2])))
	if form[1] == "get" {
		to.RawQuery = values.Encode()
		p.open(to.String())
		return
	}
	resp, err := http.PostForm(to.String(), values)
	p.arrived(resp, err)
	if resp.StatusCode != http.StatusOK {
		p.Fatalf("%s with %v was answered %s", to, values, resp.Status)
	}
}

func (p *plain) open(address string) {
	p.Helper()
	resp, err := http.Get(address)
	p.arrived(resp, err)
}

// arrived where the answer led.
func (p *plain) arrived(resp *http.Response, err error) {
	p.Helper()
	p.page = bodyOf(p.T, resp, err)
	p.at = resp.Request.URL
}
