package fakegithub

import "time"

// The world as we keep it. Everything is reached with the lock held.

type user struct {
	id    int64
	login string
	kind  string // User, Bot, Organization
	look  userLook
}

type app struct {
	id   int64
	slug string
	user *user
	made time.Time
}

type installation struct {
	id        int64
	account   *user
	made      time.Time
	suspended bool
	hour      time.Time // of which used are the requests
	used      int
}

type repo struct {
	id          int64
	owner       *user
	name        string
	parent      *repo // of a fork
	inst        *installation
	made        time.Time
	pushed      time.Time
	commits     map[string]*commit
	branches    map[string]string // name → SHA of its head
	roles       map[string]string // by login in lower case
	required    map[string][]string
	rulesets    map[string]*ruleset
	labels      map[string]int64
	items       []*item // issues and changes; number n is at n-1
	runs        []*checkRun
	suites      []*suite
	reruns      []int64 // runs of the CI that the bot asked for again
	statuses    []*status
	deployments []*deployment
	workflows   []*workflowRun
	moves       []move
	groups      map[string]*group // merge groups by SHA
	diffs       map[string][]fileDiff
	look        repoLook
}

type ruleset struct {
	id     int64
	checks []string
}

type commit struct {
	sha, tree string
	turn      int // later than its parents'
	parents   []*commit
	author    *user
	message   string
	at        time.Time
	files     map[string]string // path → content; never changed
}

// item is an issue, or a change where change is set.
type item struct {
	repo      *repo
	number    int
	id        int64 // of the issue
	title     string
	body      string
	author    *user
	open      bool
	labels    []string
	made      time.Time
	updated   time.Time
	closed    time.Time
	closedBy  *user
	comments  []*comment
	reactions []*reaction
	change    *change
}

type change struct {
	id      int64
	from    *repo // the fork, or the repository itself
	branch  string
	head    *commit
	baseRef string
	base    *commit // the head of the base when the change last moved
	draft   bool
	merged  *commit
	by      *user
	at      time.Time
	reviews []*review
}

type review struct {
	id     int64
	author *user
	state  string // APPROVED, CHANGES_REQUESTED, COMMENTED
	body   string
	commit *commit
	made   time.Time
}

type comment struct {
	id        int64
	item      *item
	author    *user
	body      string
	made      time.Time
	edited    time.Time
	reactions []*reaction
}

type reaction struct {
	id      int64
	user    *user
	content string
	made    time.Time
}

type suite struct {
	id       int64
	repo     *repo
	app      *app
	head     *commit
	branch   string // empty for a fork's
	made     time.Time
	updated  time.Time
	reported string // the state last told in a webhook
	asked    bool   // its app was asked to run a check again, and began none since
}

type checkRun struct {
	id                   int64
	suite                *suite
	name                 string
	status, conclusion   string
	externalID, details  string
	title, summary, text *string
	started, completed   time.Time
	annotations          []annotation
	actions              []runAction
}

type status struct {
	id          int64
	sha         string
	context     string
	state       string
	description *string
	target      *string
	creator     *user
	made        time.Time
}

type deployment struct {
	id          int64
	repo        *repo
	head        *commit
	ref, task   string
	environment string
	description *string
	payload     any
	transient   bool
	production  bool
	creator     *user
	app         *app
	made        time.Time
	statuses    []*deploymentStatus
}

type deploymentStatus struct {
	id                  int64
	state, description  string
	environment         string
	target, log, envURL string
	creator             *user
	app                 *app
	made                time.Time
}

// move is an entry of the repository's activity.
type move struct {
	id            int64
	before, after string
	branch        string
	kind          string // push, force_push, branch_creation, pr_merge, merge_queue_merge
	actor         *user
	at            time.Time
}

type group struct {
	base    string
	ref     string
	head    *commit
	onto    *commit
	numbers []int
}
