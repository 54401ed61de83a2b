package fakegithub

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"time"
)

// fields is a JSON object. Go writes its members sorted, so that equal things
// are equal bytes.
type fields map[string]any

var zero time.Time

// stamp is a time as GitHub writes it; null when there is none.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}

// orNull is a text, or null when it is empty.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// given is an optional text.
func given(text *string) any {
	if text == nil {
		return nil
	}
	return *text
}

func nodeID(kind string, id int64) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s%d", kind, id))
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// wireUser is a person, a bot or an organization; null for nobody.
func (s *Server) wireUser(u *user) any {
	if u == nil {
		return nil
	}
	return s.drawUser(u)
}

func (s *Server) userFields(u *user) fields {
	own := s.api("/users/" + u.login)
	return fields{
		"login": u.login, "id": u.id, "node_id": nodeID("U", u.id), "avatar_url": s.site(fmt.Sprintf("/avatars/u/%d", u.id)),
		"gravatar_id": "", "url": own, "html_url": s.site("/" + u.login), "followers_url": own + "/followers",
		"following_url": own + "/following{/other_user}", "gists_url": own + "/gists{/gist_id}",
		"starred_url": own + "/starred{/owner}{/repo}", "subscriptions_url": own + "/subscriptions",
		"organizations_url": own + "/orgs", "repos_url": own + "/repos", "events_url": own + "/events{/privacy}",
		"received_events_url": own + "/received_events", "type": u.kind, "site_admin": false, "user_view_type": "public",
	}
}

// wireOrg is the organization of a webhook.
func (s *Server) wireOrg(u *user) fields {
	own := s.api("/orgs/" + u.login)
	return fields{
		"login": u.login, "id": u.id, "node_id": nodeID("O", u.id), "url": own, "repos_url": own + "/repos",
		"events_url": own + "/events", "hooks_url": own + "/hooks", "issues_url": own + "/issues",
		"members_url": own + "/members{/member}", "public_members_url": own + "/public_members{/member}",
		"avatar_url": s.site(fmt.Sprintf("/avatars/u/%d", u.id)), "description": "",
	}
}

// gitUser is who made a commit, as git knows people.
func gitUser(u *user, at time.Time) fields {
	f := fields{"name": u.login, "email": u.email()}
	if !at.IsZero() {
		f["date"] = stamp(at)
	}
	return f
}

func (u *user) email() string { return fmt.Sprintf("%d+%s@users.noreply.github.com", u.id, u.login) }
