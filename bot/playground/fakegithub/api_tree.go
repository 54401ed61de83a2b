package fakegithub

import "path"

// getTree lists all files and folders of a commit. Only the recursive form is
// known here.
func (s *Server) getTree(c *call) answer {
	at := c.repo.resolve(c.PathValue("tree_sha"))
	if at == nil {
		return notFound()
	}
	entries, folders := []fields{}, map[string]bool{}
	for _, name := range sorted(at.files) {
		for dir := path.Dir(name); dir != "." && !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
			id := digest("folder %s %s", at.tree, dir)
			entries = append(entries, fields{"path": dir, "mode": "040000", "type": "tree", "sha": id, "url": s.api(c.repo.path() + "/git/trees/" + id)})
		}
		id := blobSHA(at.files[name])
		entries = append(entries, fields{
			"path": name, "mode": "100644", "type": "blob", "sha": id, "size": len(at.files[name]), "url": s.api(c.repo.path() + "/git/blobs/" + id),
		})
	}
	return ok(fields{"sha": at.sha, "url": s.api(c.repo.path() + "/git/trees/" + at.sha), "tree": entries, "truncated": false})
}
