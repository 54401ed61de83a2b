package dial_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/dial"
)

func get(t *testing.T, o dial.Options, address string) (*http.Response, error) {
	t.Helper()
	o.Timeout = 2 * time.Second
	c := dial.New(o)
	t.Cleanup(c.CloseIdleConnections)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := dial.Do(c, r)
	if err == nil {
		t.Cleanup(func() { _ = resp.Body.Close() })
	}
	return resp, err
}

func TestWhatIsNeverDialled(t *testing.T) {
	for _, host := range []string{
		"169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "[64:ff9b::169.254.169.254]",
		"[fd00:ec2::254]", "100.100.100.200", "168.63.129.16", "192.0.0.192",
		"[::ffff:100.100.100.200]", "[::ffff:0.0.0.0]", "224.0.0.1", "[ff02::1]", "255.255.255.255", "0.0.0.0", "[::]", "0.1.2.3",
	} {
		_, err := get(t, dial.Options{Operator: true}, "http://"+host+":80/")
		if !errors.As(err, &dial.Refused{}) {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestARepositorysAddressMustBeNamed(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer s.Close()
	u, _ := url.Parse(s.URL)
	local := "http://localhost:" + u.Port()
	for name, c := range map[string]struct {
		hosts   []string
		address string
		ok      bool
	}{
		"nobody named it":             {nil, s.URL, false},
		"named with its port":         {[]string{u.Host}, s.URL, true},
		"named with another port":     {[]string{"127.0.0.1:1"}, s.URL, false},
		"named without its port":      {[]string{"127.0.0.1"}, s.URL, false},
		"localhost, named":            {[]string{"LOCALHOST:" + u.Port()}, local, true},
		"localhost is not 127.0.0.1":  {[]string{u.Host}, local, false},
		"a star alone names nobody":   {[]string{"*:" + u.Port(), "*"}, s.URL, false},
		"a domain is not what it has": {[]string{"*.0.0.1:" + u.Port()}, s.URL, false},
	} {
		_, err := get(t, dial.Options{Hosts: c.hosts}, c.address)
		if (err == nil) != c.ok || err != nil && !errors.As(err, &dial.Refused{}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := get(t, dial.Options{}, s.URL); !errors.As(err, &dial.Refused{}) {
		t.Errorf("the zero options dial: %v", err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "http://169.254.169.254/latest", http.StatusFound)
	}))
	defer s.Close()
	resp, err := get(t, dial.Options{Operator: true}, s.URL)
	if err != nil || resp.StatusCode != http.StatusFound || asked != 1 {
		t.Errorf("%v, %v, asked %d times", resp, err, asked)
	}
}

func TestErrorsKeepSecrets(t *testing.T) {
	s := httptest.NewServer(nil)
	address := strings.Replace(s.URL, "://", "://me:hunter2@", 1) + "/deploy?token=hunter2"
	s.Close()
	_, err := get(t, dial.Options{Operator: true}, address)
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "/deploy") {
		t.Errorf("error %v", err)
	}
}

func TestReadIsBounded(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/cut" {
			w.Header().Set("Content-Length", "99")
		}
		_, _ = w.Write([]byte("0123456789"))
	}))
	defer s.Close()
	for _, c := range []struct {
		path  string
		limit int64
		ok    bool
	}{{"/", 10, true}, {"/", 9, false}, {"/cut", 99, false}} {
		resp, err := get(t, dial.Options{Operator: true}, s.URL+c.path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := dial.Read(resp, c.limit)
		if (err == nil) != c.ok || c.ok && string(body) != "0123456789" {
			t.Errorf("%s up to %d: %q, %v", c.path, c.limit, body, err)
		}
		if c.limit == 9 && !errors.Is(err, dial.ErrTooLarge) {
			t.Errorf("error %v", err)
		}
	}
}

// Over another transport nothing is dialled, and redirects are followed as little.
func TestOverAWorldInThisProcess(t *testing.T) {
	over := overFunc(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusFound, Header: http.Header{"Location": {"http://other/"}}, Body: http.NoBody, Request: r}, nil
	})
	resp, err := get(t, dial.Options{Over: over}, "http://world.test/")
	if err != nil || resp.StatusCode != http.StatusFound || resp.Request.URL.Host != "world.test" {
		t.Errorf("%+v (%v)", resp, err)
	}
}

type overFunc func(*http.Request) (*http.Response, error)

func (f overFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
