package web

import (
	"cmp"
	"errors"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// repoView is what is known of a repository.
type repoView struct {
	Repo   bot.RepoRef
	File   fileDoc
	Builds []policies.Build
	Places []place
	Recent []touched
}

// byRepo are repositories by key: whatever speaks of one first brings it.
type byRepo map[string]*repoView

func (m byRepo) of(r bot.RepoRef) *repoView {
	if m[r.Key()] == nil {
		m[r.Key()] = &repoView{Repo: r}
	}
	return m[r.Key()]
}

// repoViews are all that we know something of, by name.
func (l look) repoViews() (all []repoView, err error) {
	known := byRepo{}
	for _, add := range []func(byRepo) error{l.addFiles, l.addBuilds, l.addPlaces} {
		if err := add(known); err != nil {
			return nil, err
		}
	}
	for _, r := range known {
		if r.Recent, err = l.recent(r.Repo); err != nil {
			return nil, err
		}
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b repoView) int { return byName(a.Repo, b.Repo) })
	return all, nil
}

// repos are the repositories whose file was read or whose branch was seen, by
// name.
func (l look) repos() (all []bot.RepoRef, err error) {
	known := byRepo{}
	if err := errors.Join(l.addBuilds(known), l.addFiles(known)); err != nil {
		return nil, err
	}
	for _, r := range known {
		all = append(all, r.Repo)
	}
	slices.SortFunc(all, byName)
	return all, nil
}

func byName(a, b bot.RepoRef) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key(), b.Key()))
}

func (l look) addFiles(known byRepo) error {
	files, err := l.files()
	for _, f := range files {
		known.of(f.Repo).File = f
	}
	return err
}

func (l look) addBuilds(known byRepo) error {
	builds, err := l.builds()
	for _, b := range builds {
		r := known.of(b.Repo)
		r.Builds = append(r.Builds, b)
	}
	return err
}

func (l look) addPlaces(known byRepo) error {
	slots, err := l.slots()
	if err != nil {
		return err
	}
	for _, s := range slots {
		p, repo, err := l.place(s)
		if err != nil {
			return err
		}
		if repo.ID != 0 {
			r := known.of(repo)
			r.Places = append(r.Places, p)
		}
	}
	return nil
}
