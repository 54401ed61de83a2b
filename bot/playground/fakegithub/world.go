package fakegithub

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Main is the name of every repository's default branch.
const Main = "main"

// RepoInfo names a repository and where the app is installed.
type RepoInfo struct {
	ID           int64
	Owner, Name  string
	Installation int64
	Head         string // SHA of main's first commit
}

// AddRepo makes a public repository, "acme/shop", with a first commit on main
// and the app installed. A repository that exists is answered as it is.
func (s *Server) AddRepo(name string, files map[string]string) RepoInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.findRepo(name)
	if r == nil {
		owner, short, _ := strings.Cut(name, "/")
		r = s.newRepo(s.addUser(owner, "Organization"), short)
		r.inst = s.install(r.owner)
		first := s.commit(r, s.addUser("octocat", "User"), "First commit", maps.Clone(files))
		s.move(r, Main, first, "branch_creation", first.author)
	}
	if r.inst == nil { // somebody's fork, where the app is installed only now
		r.inst = s.install(r.owner)
	}
	return RepoInfo{ID: r.id, Owner: r.owner.login, Name: r.name, Installation: r.inst.id, Head: r.branches[Main]}
}

func (s *Server) newRepo(owner *user, name string) *repo {
	r := &repo{
		id: s.nextID("repo"), owner: owner, name: name, made: s.now(), commits: map[string]*commit{},
		branches: map[string]string{}, roles: map[string]string{}, required: map[string][]string{},
		rulesets: map[string]*ruleset{}, labels: map[string]int64{}, groups: map[string]*group{}, diffs: map[string][]fileDiff{},
	}
	s.repos = append(s.repos, r)
	return r
}

func (s *Server) install(owner *user) *installation {
	for _, i := range s.insts {
		if i.account == owner {
			return i
		}
	}
	i := &installation{id: s.nextID("installation"), account: owner, made: s.now()}
	s.insts = append(s.insts, i)
	return i
}

// AddPerson makes somebody known. All who do something are made known anyway.
func (s *Server) AddPerson(login string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addUser(login, "User")
}

func (s *Server) addUser(login, kind string) *user {
	key := strings.ToLower(login)
	if u := s.users[key]; u != nil {
		return u
	}
	if strings.HasSuffix(login, "[bot]") {
		kind = "Bot"
	}
	u := &user{id: s.nextID("user"), login: login, kind: kind}
	s.users[key] = u
	return u
}

// person is somebody by login, made known if need be.
func (s *Server) person(login string) *user { return s.addUser(login, "User") }

// lookup finds who is known already; nil when nobody has the login.
func (s *Server) lookup(login string) *user { return s.users[strings.ToLower(login)] }

// SetRole gives a role in a repository: read, triage, write, maintain, admin
// or none. Who was given none has none.
func (s *Server) SetRole(repo, login, role string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.findRepo(repo); r != nil {
		r.roles[strings.ToLower(s.person(login).login)] = role
	}
}

func (r *repo) role(u *user) string {
	if role := r.roles[strings.ToLower(u.login)]; role != "" {
		return role
	}
	return "none"
}

// Require lets changes into a branch only when these checks passed: classic
// branch protection. Without names the branch is protected no more.
func (s *Server) Require(repo, branch string, checks ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.findRepo(repo); r != nil {
		r.required[branch] = slices.Clone(checks)
	}
}

// RequireByRuleset is Require by a ruleset of the repository. Both may name
// checks for one branch; all of them must pass.
func (s *Server) RequireByRuleset(repo, branch string, checks ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.findRepo(repo)
	if r == nil {
		return
	}
	if r.rulesets[branch] == nil {
		r.rulesets[branch] = &ruleset{id: s.nextID("ruleset")}
	}
	r.rulesets[branch].checks = slices.Clone(checks)
}

// requires is all checks that a branch asks for.
func (r *repo) requires(branch string) []string {
	list := slices.Clone(r.required[branch])
	if rs := r.rulesets[branch]; rs != nil {
		list = append(list, rs.checks...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (s *Server) findRepo(name string) *repo {
	for _, r := range s.repos {
		if strings.EqualFold(r.full(), name) {
			return r
		}
	}
	return nil
}

func (r *repo) full() string { return r.owner.login + "/" + r.name }

// repo finds a repository, or says that there is none.
func (s *Server) repo(name string) (*repo, error) {
	if r := s.findRepo(name); r != nil {
		return r, nil
	}
	return nil, fmt.Errorf("no repository %q", name)
}

// change finds a change, or says that there is none.
func (s *Server) change(repo string, number int) (*item, error) {
	r, err := s.repo(repo)
	if err != nil {
		return nil, err
	}
	it := r.item(number)
	if it == nil || it.change == nil {
		return nil, fmt.Errorf("no change %s#%d", repo, number)
	}
	return it, nil
}

// move puts a branch on a commit and writes it into the activity.
func (s *Server) move(r *repo, branch string, to *commit, kind string, by *user) (before string) {
	before = r.branches[branch]
	if before == "" {
		before, kind = none, "branch_creation"
	}
	r.branches[branch] = to.sha
	r.pushed = s.now()
	r.moves = append(r.moves, move{
		id: s.nextID("activity"), before: before, after: to.sha, branch: branch, kind: kind, actor: by, at: s.now(),
	})
	return before
}
