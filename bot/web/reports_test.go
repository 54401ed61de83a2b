package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var till = bot.RepoRef{Installation: shop.Installation, ID: shop.ID + 1, Name: "acme/till"}

// besides the shop there is another repository.
func besides(t *testing.T, s *shelf) {
	t.Helper()
	s.put(t, "settings/"+till.Key(), fileDoc{Repo: till, At: began})
}

// TestEachPageLeadsToTheReport: to that of its repository, or to a list where
// there are several or none.
func TestEachPageLeadsToTheReport(t *testing.T) {
	one, two, none := world(t), world(t), &shelf{at: began}
	besides(t, two)
	for _, c := range []struct {
		s          *shelf
		path, want string
	}{
		{one, "/", "/report/acme/shop"}, {two, "/", "/report"}, {none, "/", "/report"}, {one, "/nowhere", "/report"},
		{two, "/changes/acme/shop/12", "/report/acme/shop"}, {two, "/rollouts/42/7/shop/production/4", "/report/acme/shop"},
	} {
		html := see(t, c.s, c.path).Body.String()
		if !strings.Contains(html, `<a href="`+c.want+`">Report</a><a href="/deliveries">Deliveries</a></nav>`) || !strings.Contains(html, `<a href="/"`) {
			t.Errorf("%s does not lead to %s and home:\n%s", c.path, c.want, html)
		}
	}
	if html := see(t, two, "/report/acme/shop").Body.String(); !strings.Contains(html, `aria-current="page">Report</a>`) {
		t.Error("the report does not say that it is here")
	}
}

func TestReports(t *testing.T) {
	one, two := world(t), world(t)
	besides(t, two)
	if w := see(t, one, "/report"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/report/acme/shop" {
		t.Errorf("of one repository: status %d, to %q", w.Code, w.Header().Get("Location"))
	}
	golden(t, "reports.html", see(t, two, "/report").Body.String())
	golden(t, "reports_none.html", see(t, &shelf{at: began}, "/report").Body.String())
}
