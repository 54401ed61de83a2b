package fakegithub

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
)

func (s *Server) getRepo(c *call) answer { return ok(s.wireRepoFull(c.repo)) }

// getContents is a file, raw or in JSON, or what a folder holds.
func (s *Server) getContents(c *call) answer {
	ref := c.URL.Query().Get("ref")
	if ref == "" {
		ref = Main
	}
	at := c.repo.resolve(ref)
	if at == nil {
		return refuse(http.StatusNotFound, "No commit found for the ref "+ref)
	}
	name := strings.Trim(c.PathValue("path"), "/")
	content, isFile := at.files[name]
	if !isFile {
		return s.folder(c, at, name, ref)
	}
	if c.wants("raw") {
		return answer{status: http.StatusOK, raw: []byte(content)}
	}
	f := s.wireEntry(c.repo, name, "file", ref)
	f["sha"], f["size"], f["encoding"] = blobSHA(content), len(content), "base64"
	f["content"] = base64.StdEncoding.EncodeToString([]byte(content))
	return ok(f)
}

func (s *Server) folder(c *call, at *commit, name, ref string) answer {
	prefix := name + "/"
	if name == "" {
		prefix = ""
	}
	list := []fields{}
	var folders []string
	for _, p := range sorted(at.files) {
		rest, inside := strings.CutPrefix(p, prefix)
		if !inside {
			continue
		}
		if sub, _, deeper := strings.Cut(rest, "/"); deeper {
			if !slices.Contains(folders, sub) {
				folders = append(folders, sub)
				f := s.wireEntry(c.repo, prefix+sub, "dir", ref)
				f["sha"], f["size"], f["download_url"] = digest("folder %s %s", at.tree, prefix+sub), 0, nil
				list = append(list, f)
			}
			continue
		}
		f := s.wireEntry(c.repo, p, "file", ref)
		f["sha"], f["size"] = blobSHA(at.files[p]), len(at.files[p])
		list = append(list, f)
	}
	if len(list) == 0 {
		return notFound()
	}
	return ok(list)
}

func (s *Server) wireEntry(r *repo, name, kind, ref string) fields {
	own := s.api(fmt.Sprintf("%s/contents/%s?ref=%s", r.path(), name, ref))
	page := s.site(fmt.Sprintf("/%s/blob/%s/%s", r.full(), ref, name))
	git := s.api(fmt.Sprintf("%s/git/blobs/%s", r.path(), digest("%s", name)))
	return fields{
		"name": path.Base(name), "path": name, "type": kind, "url": own, "html_url": page, "git_url": git,
		"download_url": s.site(fmt.Sprintf("/%s/raw/%s/%s", r.full(), ref, name)),
		"_links":       fields{"self": own, "html": page, "git": git},
	}
}

func (s *Server) getBranch(c *call) answer {
	name := c.PathValue("branch")
	head := c.repo.head(name)
	if head == nil {
		return refuse(http.StatusNotFound, "Branch not found")
	}
	own := s.api(fmt.Sprintf("%s/branches/%s", c.repo.path(), name))
	classic := c.repo.required[name]
	level := "off"
	if len(classic) > 0 {
		level = "non_admins"
	}
	checks := []fields{}
	for _, n := range classic {
		checks = append(checks, fields{"context": n, "app_id": nil})
	}
	return ok(fields{
		"name": name, "commit": s.wireCommit(c.repo, head), "protected": len(c.repo.requires(name)) > 0,
		"_links": fields{"self": own, "html": s.site(fmt.Sprintf("/%s/tree/%s", c.repo.full(), name))}, "protection_url": own + "/protection",
		"protection": fields{"enabled": len(classic) > 0, "required_status_checks": fields{
			"enforcement_level": level, "contexts": append([]string{}, classic...), "checks": checks,
		}},
	})
}

func (s *Server) getRules(c *call) answer {
	list := []fields{}
	if rs := c.repo.rulesets[c.PathValue("branch")]; rs != nil && len(rs.checks) > 0 {
		checks := []fields{}
		for _, n := range rs.checks {
			checks = append(checks, fields{"context": n})
		}
		list = append(list, fields{
			"type": "required_status_checks", "ruleset_source_type": "Repository", "ruleset_source": c.repo.full(), "ruleset_id": rs.id,
			"parameters": fields{
				"required_status_checks": checks, "strict_required_status_checks_policy": false, "do_not_enforce_on_create": false,
			},
		})
	}
	from, to := s.page(c, len(list))
	return ok(list[from:to])
}

func (s *Server) getRef(c *call) answer {
	name := c.PathValue("ref")
	head := c.repo.resolve("refs/" + name)
	branch, isBranch := strings.CutPrefix(name, "heads/")
	if head == nil || isBranch && c.repo.branches[branch] == "" || !strings.Contains(name, "/") {
		return notFound()
	}
	return ok(fields{
		"ref": "refs/" + name, "node_id": nodeID("REF", int64(head.turn)), "url": s.api(fmt.Sprintf("%s/git/refs/%s", c.repo.path(), name)),
		"object": fields{"type": "commit", "sha": head.sha, "url": s.api(fmt.Sprintf("%s/git/commits/%s", c.repo.path(), head.sha))},
	})
}

func (s *Server) listActivity(c *call) answer {
	ref := strings.TrimPrefix(c.URL.Query().Get("ref"), "refs/heads/")
	kind := c.URL.Query().Get("activity_type")
	var all []move
	for _, m := range slices.Backward(c.repo.moves) {
		if (ref == "" || m.branch == ref) && (kind == "" || m.kind == kind) {
			all = append(all, m)
		}
	}
	if c.URL.Query().Get("direction") == "asc" {
		slices.Reverse(all)
	}
	from, to := s.cursor(c, "after", len(all))
	list := []fields{}
	for _, m := range all[from:to] {
		list = append(list, fields{
			"id": m.id, "node_id": nodeID("PSH", m.id), "before": m.before, "after": m.after, "ref": "refs/heads/" + m.branch,
			"timestamp": stamp(m.at), "activity_type": m.kind, "actor": s.drawUser(m.actor),
		})
	}
	return ok(list)
}
