package main

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Of each kind of page so many are looked at; and never more than so many in
// all, for a link that leads on for ever must be seen as such.
const (
	perKind  = 2
	allPages = 400
)

// kindsOfPages must all be led to from the first page. Those after "own" stand
// on the address of the bot's own pages.
var kindsOfPages = []string{
	"/", "/acme/shop/pull/*", "/acme/shop/pull/*/checks", "/acme/shop/pull/*/files", "/acme/shop/issues/*", "/acme/shop/runs/*", "/chat", "/metrics-lab",
	"/inspector", "/inspector/calls", "/inspector/socket", "/inspector/effects", "/inspector/audit", "/break-it", "/gallery",
	"own/", "own/changes/acme/shop/*", "own/rollouts/*/*/shop/staging/*", "own/rollouts/*/*/shop/production/*", "own/report/acme/shop",
}

// crawl follows links as a visitor may.
type crawl struct {
	*testing.T
	home  string
	kinds map[string]int
	paths map[string]bool // kinds without what is asked of them
	from  map[string]string
	next  []string
}

// followTheLinks from the first page: each is there, stays on this machine, and
// has a title and a way back.
func followTheLinks(t *testing.T, base string) {
	t.Helper()
	c := &crawl{T: t, home: must[*url.URL](t)(url.Parse(base)).Host, kinds: map[string]int{}, paths: map[string]bool{}, from: map[string]string{}, next: []string{base + "/"}}
	n, began := 0, time.Now()
	for ; len(c.next) > 0 && n < allPages; n++ {
		address := c.next[0]
		c.next = c.next[1:]
		c.visit(address)
	}
	if n == allPages {
		t.Errorf("more than %d pages; of the last kinds: %v", allPages, c.next)
	}
	for _, kind := range kindsOfPages {
		if !c.paths[kind] {
			t.Errorf("nothing leads to %s", kind)
		}
	}
	t.Logf("%d pages of %d kinds in %.1f s", n, len(c.kinds), time.Since(began).Seconds())
}

func (c *crawl) visit(address string) {
	resp, err := http.Get(address)
	if err != nil {
		c.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		c.Errorf("%s answers %s (%v); %s leads there", address, resp.Status, err, c.from[address])
		return
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		return
	}
	at, page := resp.Request.URL, string(body)
	if m := regexp.MustCompile(`<title>([^<]*)</title>`).FindStringSubmatch(page); m == nil || strings.HasPrefix(strings.TrimSpace(m[1]), "·") {
		c.Errorf("%s has no title", address)
	}
	back := false
	for _, to := range linksIn(at, page) {
		back = back || to.Host == at.Host && (to.Path == "/" || strings.HasPrefix(at.Path, "/gallery/page/") && to.Path == "/gallery")
		c.follow(at, to)
	}
	if !back {
		c.Errorf("%s has no way back", address)
	}
}

// follow a link later, if it is not one of many of its kind.
func (c *crawl) follow(at, to *url.URL) {
	if host := to.Hostname(); to.Scheme != "http" || host != "127.0.0.1" {
		c.Errorf("%s leads to another machine: %s", at, to)
		return
	}
	if strings.HasPrefix(to.Path, "/shop/") {
		return // what is deployed here: it knows nothing of us, and fails now and then as it should
	}
	path, asked := c.kindOf(to)
	c.paths[path] = true
	if kind := path + "?" + asked; c.kinds[kind] < perKind && c.from[to.String()] == "" {
		c.kinds[kind]++
		c.from[to.String()] = at.String()
		c.next = append(c.next, to.String())
	}
}

// kindOf a page: its path with what counts left out, and what is asked.
func (c *crawl) kindOf(to *url.URL) (path, asked string) {
	parts := strings.Split(to.Path, "/")
	for i, part := range parts {
		if strings.ContainsAny(part, "0123456789") || i == 3 && parts[1] == "gallery" {
			parts[i] = "*"
		}
	}
	path = strings.Join(parts, "/")
	if to.Host != c.home {
		path = "own" + path
	}
	var names []string
	for name := range to.Query() {
		names = append(names, name)
	}
	slices.Sort(names)
	return path, strings.Join(names, "&")
}

var (
	tagsThatLead = regexp.MustCompile(`<(?:a|link|script|img|form)\b[^>]*>`)
	leads        = regexp.MustCompile(`\b(?:href|src|action)="([^"]*)"`)
)

// linksIn a page, but those within it, and forms that do something.
func linksIn(at *url.URL, page string) (list []*url.URL) {
	for _, tag := range tagsThatLead.FindAllString(page, -1) {
		m := leads.FindStringSubmatch(tag)
		if m == nil || strings.HasPrefix(m[1], "#") || strings.HasPrefix(m[1], "data:") || strings.Contains(tag, `method="post"`) {
			continue
		}
		to, err := at.Parse(html.UnescapeString(m[1]))
		if err != nil {
			to = &url.URL{Opaque: m[1]} // leads nowhere
		}
		to.Fragment = ""
		list = append(list, to)
	}
	return list
}
