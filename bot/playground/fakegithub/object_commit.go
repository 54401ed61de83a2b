package fakegithub

import "fmt"

func (s *Server) wireCommit(r *repo, c *commit) fields {
	own := fmt.Sprintf("%s/commits/%s", r.path(), c.sha)
	parents := []fields{}
	for _, p := range c.parents {
		parents = append(parents, fields{
			"sha": p.sha, "url": s.api(r.path() + "/commits/" + p.sha), "html_url": s.site("/" + r.full() + "/commit/" + p.sha),
		})
	}
	return fields{
		"sha": c.sha, "node_id": nodeID("C", int64(c.turn)), "url": s.api(own), "html_url": s.site("/" + r.full() + "/commit/" + c.sha),
		"comments_url": s.api(own + "/comments"), "author": s.drawUser(c.author), "committer": s.drawUser(c.author),
		"parents": parents,
		"commit": fields{
			"author": gitUser(c.author, c.at), "committer": gitUser(c.author, c.at), "message": c.message, "comment_count": 0,
			"url":          s.api(fmt.Sprintf("%s/git/commits/%s", r.path(), c.sha)),
			"tree":         fields{"sha": c.tree, "url": s.api(fmt.Sprintf("%s/git/trees/%s", r.path(), c.tree))},
			"verification": fields{"verified": false, "reason": "unsigned", "signature": nil, "payload": nil, "verified_at": nil},
		},
	}
}

// wireCommitFull also says what changed.
func (s *Server) wireCommitFull(r *repo, c *commit) fields {
	f := s.wireCommit(r, c)
	var parent *commit
	if len(c.parents) > 0 {
		parent = c.parents[0]
	}
	files := r.diff(parent, c)
	added, deleted := size(files)
	f["stats"] = fields{"additions": added, "deletions": deleted, "total": added + deleted}
	f["files"] = s.wireFiles(r, c, files)
	return f
}

// wireSimpleCommit is a commit as suites and merge groups have it.
func wireSimpleCommit(c *commit) fields {
	return fields{
		"id": c.sha, "tree_id": c.tree, "message": c.message, "timestamp": stamp(c.at),
		"author": gitUser(c.author, zero), "committer": gitUser(c.author, zero),
	}
}

// wirePushed is a commit as push events have it.
func (s *Server) wirePushed(r *repo, c *commit) fields {
	f := wireSimpleCommit(c)
	f["distinct"], f["url"] = true, s.site("/"+r.full()+"/commit/"+c.sha)
	who := gitUser(c.author, zero)
	who["username"] = c.author.login
	f["author"], f["committer"] = who, who
	added, removed, modified := []string{}, []string{}, []string{}
	var parent *commit
	if len(c.parents) > 0 {
		parent = c.parents[0]
	}
	for _, d := range r.diff(parent, c) {
		switch d.status {
		case "added":
			added = append(added, d.path)
		case "removed":
			removed = append(removed, d.path)
		case "renamed":
			added, removed = append(added, d.path), append(removed, d.was)
		default:
			modified = append(modified, d.path)
		}
	}
	f["added"], f["removed"], f["modified"] = added, removed, modified
	return f
}

func (s *Server) wireFiles(r *repo, at *commit, files []fileDiff) []fields {
	list := []fields{}
	for _, d := range files {
		f := fields{
			"sha": d.sha, "filename": d.path, "status": d.status, "additions": d.added, "deletions": d.deleted,
			"changes":  d.added + d.deleted,
			"blob_url": s.site(fmt.Sprintf("/%s/blob/%s/%s", r.full(), at.sha, d.path)),
			"raw_url":  s.site(fmt.Sprintf("/%s/raw/%s/%s", r.full(), at.sha, d.path)), "contents_url": s.api(fmt.Sprintf("%s/contents/%s?ref=%s", r.path(), d.path, at.sha)),
		}
		if d.patch != "" {
			f["patch"] = d.patch
		}
		if d.was != "" {
			f["previous_filename"] = d.was
		}
		list = append(list, f)
	}
	return list
}
