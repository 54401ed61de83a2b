package fakegithub

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

func (c *call) issue() *item { return c.repo.item(int(c.number("issue_number"))) }

func (s *Server) getIssue(c *call) answer {
	it := c.issue()
	if it == nil {
		return notFound()
	}
	return ok(s.wireIssueFull(it))
}

func (s *Server) listComments(c *call) answer {
	it := c.issue()
	if it == nil {
		return notFound()
	}
	since, _ := time.Parse(time.RFC3339, c.URL.Query().Get("since"))
	var all []*comment
	for _, k := range it.comments {
		if !k.edited.Before(since) {
			all = append(all, k)
		}
	}
	from, to := s.page(c, len(all))
	list := []fields{}
	for _, k := range all[from:to] {
		list = append(list, s.wireComment(k))
	}
	return ok(list)
}

// body of a comment as the bot gives it; GitHub refuses what is blank or too
// long.
func (c *call) commentBody() (string, *answer) {
	var in struct {
		Body *string `json:"body"`
	}
	if a := c.read(&in); a != nil {
		return "", a
	}
	var refused answer
	switch {
	case in.Body == nil:
		refused = unprocessable("Invalid request.\n\n\"body\" wasn't supplied.")
	case strings.TrimSpace(*in.Body) == "":
		refused = invalid("IssueComment", "data", "unprocessable", "Body cannot be blank")
	case utf8.RuneCountInString(*in.Body) > MaxBody:
		refused = invalid("IssueComment", "body", "custom", "body is too long (maximum is 65536 characters)")
	default:
		return *in.Body, nil
	}
	return "", &refused
}

func (s *Server) createComment(c *call) answer {
	it := c.issue()
	if it == nil {
		return notFound()
	}
	body, refused := c.commentBody()
	if refused != nil {
		return *refused
	}
	return created(s.wireComment(s.comment(it, s.bot.user, body)))
}

func (c *call) theComment() *comment { return c.repo.comment(c.number("comment_id")) }

func (s *Server) getComment(c *call) answer {
	k := c.theComment()
	if k == nil {
		return notFound()
	}
	return ok(s.wireComment(k))
}

func (s *Server) updateComment(c *call) answer {
	k := c.theComment()
	if k == nil {
		return notFound()
	}
	body, refused := c.commentBody()
	if refused != nil {
		return *refused
	}
	c.idle = k.body == body
	s.editComment(k, s.bot.user, body)
	return ok(s.wireComment(k))
}

func (s *Server) removeComment(c *call) answer {
	k := c.theComment()
	if k == nil {
		return notFound()
	}
	s.deleteComment(k, s.bot.user)
	return gone()
}

func (s *Server) listReactions(c *call) answer {
	k := c.theComment()
	if k == nil {
		return notFound()
	}
	return s.reactionList(c, k.reactions)
}

func (s *Server) listItemReactions(c *call) answer {
	it := c.issue()
	if it == nil {
		return notFound()
	}
	return s.reactionList(c, it.reactions)
}

func (s *Server) reactionList(c *call, all []*reaction) answer {
	content := c.URL.Query().Get("content")
	all = slices.Clone(all)
	all = slices.DeleteFunc(all, func(r *reaction) bool { return content != "" && r.content != content })
	from, to := s.page(c, len(all))
	list := []fields{}
	for _, r := range all[from:to] {
		list = append(list, s.wireReaction(r))
	}
	return ok(list)
}

func (s *Server) createReaction(c *call) answer {
	k := c.theComment()
	if k == nil {
		return notFound()
	}
	return s.react(c, &k.reactions)
}

func (s *Server) createItemReaction(c *call) answer {
	it := c.issue()
	if it == nil {
		return notFound()
	}
	return s.react(c, &it.reactions)
}

// react adds the bot's reaction; the same one twice is one.
func (s *Server) react(c *call, to *[]*reaction) answer {
	var in struct {
		Content string `json:"content"`
	}
	if a := c.read(&in); a != nil {
		return *a
	}
	if !slices.Contains(reactionContents, in.Content) {
		return invalid("Reaction", "content", "invalid", "")
	}
	for _, r := range *to {
		if r.user == s.bot.user && r.content == in.Content {
			c.idle = true
			return ok(s.wireReaction(r))
		}
	}
	r := &reaction{id: s.nextID("reaction"), user: s.bot.user, content: in.Content, made: s.now()}
	*to = append(*to, r)
	return created(s.wireReaction(r))
}

func (s *Server) deleteReaction(c *call) answer {
	k := c.theComment()
	if k == nil {
		return notFound()
	}
	i := slices.IndexFunc(k.reactions, func(r *reaction) bool { return r.id == c.number("reaction_id") })
	switch {
	case i < 0:
		return notFound()
	case k.reactions[i].user != s.bot.user:
		return refuse(http.StatusForbidden, "Resource not accessible by integration")
	}
	k.reactions = slices.Delete(k.reactions, i, i+1)
	return gone()
}
