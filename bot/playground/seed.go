package playground

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// Names of what is in the world.
const (
	Repo       = "acme/shop"
	Staging    = "staging"
	Production = "production"
	stranger   = "mallory" // has no role in the repository and no login that the bot knows
)

// people of the world and their roles in the repository.
var people = []struct{ name, role string }{
	{"alice", "write"}, {"bob", "write"}, {"grace", "maintain"}, {"ann", "admin"}, {"rudi", "read"}, {stranger, ""},
}

// Found makes the repository with its file (none when it is empty), its
// people and channels, and what ran before the bot came: the first commit,
// in staging and in production.
func (w *World) Found(file string, more ...string) error {
	files := map[string]string{"README.md": "# The shop\n", "shop/prices.go": prices(40), "shop/cart.go": goFile("cart", 30)}
	if file != "" {
		files[".github/roundtrip.yml"] = file
	}
	for _, p := range people {
		w.GitHub.AddPerson(p.name)
		w.Slack.AddPerson(p.name)
	}
	w.GitHub.AddRepo(Repo, files)
	for _, p := range people {
		if p.role != "" {
			w.GitHub.SetRole(Repo, p.name, p.role)
		}
	}
	for _, channel := range []string{"shop", "shop-deploys", "eng-leads"} {
		w.Slack.AddChannel(channel)
	}
	head := w.GitHub.Branch(Repo, "main")
	if err := w.OpenShop(head, append([]string{Staging, Production}, more...)...); err != nil {
		return fmt.Errorf("open the shop: %w", err)
	}
	for _, environment := range []string{Staging, Production} {
		if err := w.GitHub.Deployed(Repo, head, environment, "ann", runsFor); err != nil {
			return err
		}
	}
	return nil
}

// runsFor is how long what runs when a world begins has run: it has soaked.
const runsFor = 24 * time.Hour

// prices of so many things, one a line: a change may take any out.
func prices(n int) string {
	var b strings.Builder
	b.WriteString("package shop\n\n")
	things := []string{"Mug", "Bowl", "Plate", "Scarf", "Lamp"}
	for i := range n {
		fmt.Fprintf(&b, "const price%s%d = %d\n", things[i%len(things)], i/len(things)+1, 400+35*i)
	}
	return b.String()
}

// Size is how large a change is.
type Size struct{ Added, Deleted, Files int }

// Edit makes an edit of a size: new lines in new files, and lines taken out
// of shop/prices.go as the branch has it.
func (w *World) Edit(branch, name string, s Size) (map[string]string, error) {
	files := map[string]string{}
	n := max(1, s.Files)
	if s.Deleted > 0 {
		old := strings.SplitAfter(w.GitHub.File(Repo, branch, "shop/prices.go"), "\n")
		if len(old) < s.Deleted+3 {
			return nil, fmt.Errorf("shop/prices.go has no %d lines to take out", s.Deleted)
		}
		files["shop/prices.go"] = strings.Join(append(old[:2:2], old[2+s.Deleted:]...), "")
		n = max(1, n-1)
	}
	for i := range n {
		lines := s.Added / n
		if i < s.Added%n {
			lines++
		}
		file, idea := name, name
		if n > 1 {
			idea = ideas[i%len(ideas)] + strings.Repeat("_again", i/len(ideas))
			file += "_" + idea
		}
		files["shop/"+file+".go"] = goFile(idea, lines)
	}
	return files, nil
}

// OpenChange opens a change of a size on a branch of its own.
func (w *World) OpenChange(c fakegithub.NewChange, s Size) (int, error) {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r == ' ':
			return '_'
		}
		return -1
	}, strings.ToLower(c.Title))
	files, err := w.Edit("main", name, s)
	if err != nil {
		return 0, err
	}
	c.Branch, c.Files = strings.ReplaceAll(name, "_", "-"), files
	return w.GitHub.Open(Repo, c)
}

// OpenTwo opens the two changes that wait for whoever looks: a good one, and
// one that fails every tenth request. Main takes only what passed all checks.
func (w *World) OpenTwo() error {
	issue := w.GitHub.OpenIssue(Repo, "grace", "Let people wrap gifts", "Asked for by many before the holidays.")
	good := fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping", Body: fmt.Sprintf("Closes #%d", issue)}
	first, err := w.OpenChange(good, Size{Added: 14, Deleted: 3})
	if err != nil {
		return err
	}
	n, err := w.OpenChange(fakegithub.NewChange{Author: "bob", Title: "Faster prices", Body: "Prices from a cache."}, Size{Added: 11})
	if err != nil {
		return err
	}
	c, err := w.GitHub.Change(Repo, n)
	if err != nil {
		return err
	}
	w.Prod.Teach(c.Head, fakeprod.Behaviour{FailEvery: 10})
	w.GitHub.Require(Repo, "main", append(slices.Clone(ciChecks), batch, mainCheck)...)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tour.good, w.tour.bad = first, n
	return nil
}
