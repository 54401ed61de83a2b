package fakegithub

import (
	"fmt"
	"net/http"
)

// graphQL answers GitHub's other API, as far as it is told here: the mutation
// revertPullRequest, and a pull request by its number. What goes wrong is
// answered with 200 and errors, as GitHub does.
func (s *Server) graphQL(c *call) answer {
	var in struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables"`
	}
	if a := c.read(&in); a != nil {
		return *a
	}
	if in.Query == "" {
		return refuse(http.StatusBadRequest, "A query attribute must be specified and must be a string.")
	}
	op, err := readGraphQL(in.Query, in.Variables)
	if err != nil {
		return ok(fields{"errors": []fields{{"message": "Parse error: " + err.Error(), "locations": gqlPlace}}})
	}
	if errs := undefined(rootOf(op.kind), op.kind, op.fields); len(errs) > 0 {
		return ok(fields{"errors": errs})
	}
	data, errs := fields{}, []fields{}
	for _, f := range op.fields {
		v, e := s.resolve(c, f)
		if e != nil {
			e["path"], e["locations"] = []string{f.key()}, gqlPlace
			errs = append(errs, e)
		}
		data[f.key()] = v
	}
	if len(errs) > 0 {
		return ok(fields{"data": data, "errors": errs})
	}
	return ok(fields{"data": data})
}

var gqlPlace = []fields{{"line": 1, "column": 1}}

func rootOf(kind string) string {
	if kind == "mutation" {
		return "Mutation"
	}
	return "Query"
}

// gqlTypes are the fields of the types that we know, and the type of each;
// empty for what has no fields.
var gqlTypes = map[string]map[string]string{
	"Query":                    {"repository": "Repository", "viewer": "User"},
	"Mutation":                 {"revertPullRequest": "RevertPullRequestPayload"},
	"RevertPullRequestPayload": {"clientMutationId": "", "pullRequest": "PullRequest", "revertPullRequest": "PullRequest"},
	"Repository":               {"id": "", "name": "", "nameWithOwner": "", "pullRequest": "PullRequest"},
	"User":                     {"login": ""},
	"PullRequest": {
		"id": "", "number": "", "title": "", "body": "", "url": "", "state": "", "isDraft": "", "merged": "",
		"headRefName": "", "headRefOid": "", "baseRefName": "",
	},
}

// undefined says in GitHub's words which fields do not exist.
func undefined(typeName, path string, list []gqlField) (errs []fields) {
	for _, f := range list {
		below, known := gqlTypes[typeName][f.name]
		switch {
		case f.name == "__typename":
		case !known:
			errs = append(errs, fields{
				"path": []string{path, f.key()}, "locations": gqlPlace, "message": fmt.Sprintf("Field '%s' doesn't exist on type '%s'", f.name, typeName),
				"extensions": fields{"code": "undefinedField", "typeName": typeName, "fieldName": f.name},
			})
		case below != "":
			errs = append(errs, undefined(below, path+"."+f.key(), f.below)...)
		}
	}
	return errs
}

// resolve answers one field of the root; an error has its type and message.
func (s *Server) resolve(c *call, f gqlField) (any, fields) {
	switch f.name {
	case "viewer":
		return pick("User", fields{"login": s.bot.user.login}, f.below), nil
	case "revertPullRequest":
		in, _ := f.args["input"].(map[string]any)
		return s.revertPullRequest(c, f, in)
	}
	owner, _ := f.args["owner"].(string)
	name, _ := f.args["name"].(string)
	r := s.findRepo(owner + "/" + name)
	if r == nil || c.token == nil || !c.token.reaches(r) {
		return nil, gqlError("NOT_FOUND", fmt.Sprintf("Could not resolve to a Repository with the name '%s/%s'.", owner, name))
	}
	v := fields{"id": nodeID("R", r.id), "name": r.name, "nameWithOwner": r.full()}
	var wrong fields
	for _, below := range f.below {
		if below.name == "pullRequest" {
			number, _ := below.args["number"].(float64)
			it := r.item(int(number))
			if it == nil || it.change == nil {
				v["pullRequest"], wrong = nil, gqlError("NOT_FOUND", fmt.Sprintf("Could not resolve to a PullRequest with the number of %d.", int(number)))
				continue
			}
			v["pullRequest"] = s.gqlPull(it)
		}
	}
	return pick("Repository", v, f.below), wrong
}

func gqlError(kind, message string) fields { return fields{"type": kind, "message": message} }

// pick leaves of an object what was selected.
func pick(typeName string, v any, list []gqlField) any {
	from, is := v.(fields)
	if !is {
		return v
	}
	out := fields{}
	for _, f := range list {
		if f.name == "__typename" {
			out[f.key()] = typeName
			continue
		}
		out[f.key()] = pick(gqlTypes[typeName][f.name], from[f.name], f.below)
	}
	return out
}

func (s *Server) gqlPull(it *item) fields {
	state := map[bool]string{true: "OPEN", false: "CLOSED"}[it.open]
	if it.change.merged != nil {
		state = "MERGED"
	}
	return fields{
		"id": nodeID("PR", it.change.id), "number": it.number, "title": it.title, "body": it.body,
		"url": s.site(fmt.Sprintf("/%s/pull/%d", it.repo.full(), it.number)), "state": state, "isDraft": it.change.draft,
		"merged": it.change.merged != nil, "headRefName": it.change.branch, "headRefOid": it.change.head.sha, "baseRefName": it.change.baseRef,
	}
}
