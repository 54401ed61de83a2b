package fakegithub

import (
	"fmt"
	"strings"
)

// Review reviews a change: state is "approve", "request_changes" or "comment".
func (s *Server) Review(repo string, number int, by, state, body string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, err := s.change(repo, number)
	if err != nil {
		return fmt.Errorf("review: %w", err)
	}
	word := map[string]string{"approve": "APPROVED", "request_changes": "CHANGES_REQUESTED", "comment": "COMMENTED"}[state]
	if word == "" {
		return fmt.Errorf("review %s#%d: no state %q", repo, number, state)
	}
	rv := &review{id: s.nextID("review"), author: s.person(by), state: word, body: body, commit: it.change.head, made: s.now()}
	it.change.reviews = append(it.change.reviews, rv)
	f := s.wireReview(it, rv)
	f["state"] = strings.ToLower(word) // webhooks have it in lower case
	s.queue(it.repo, "pull_request_review", rv.author, fields{"action": "submitted", "review": f, "pull_request": s.wireChange(it)})
	return nil
}

func (s *Server) wireReview(it *item, rv *review) fields {
	own := s.api(fmt.Sprintf("%s/pulls/%d", it.repo.path(), it.number))
	page := s.site(fmt.Sprintf("/%s/pull/%d#pullrequestreview-%d", it.repo.full(), it.number, rv.id))
	return fields{
		"id": rv.id, "node_id": nodeID("PRR", rv.id), "user": s.drawUser(rv.author), "body": rv.body, "state": rv.state,
		"html_url": page, "pull_request_url": own, "commit_id": rv.commit.sha, "submitted_at": stamp(rv.made), "updated_at": stamp(rv.made),
		"author_association": it.repo.association(rv.author),
		"_links":             fields{"html": fields{"href": page}, "pull_request": fields{"href": own}},
	}
}

func (s *Server) listReviews(c *call) answer {
	it := c.pull()
	if it == nil {
		return notFound()
	}
	all := it.change.reviews
	from, to := s.page(c, len(all))
	list := []fields{}
	for _, rv := range all[from:to] {
		list = append(list, s.wireReview(it, rv))
	}
	return ok(list)
}
