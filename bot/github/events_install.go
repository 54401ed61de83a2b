package github

import (
	"errors"

	"github.com/roundtrip-bot/roundtrip/bot"
)

type installationPayload struct {
	envelope
	Repositories []wireRepo `json:"repositories"`
}

func (o opener) installation(p installationPayload) (bot.Event, error) {
	repos, err := refs(p.envelope, p.Repositories)
	if err != nil {
		return nil, err
	}
	e := installed(p.envelope)
	switch p.Action {
	case "created":
		e.Added = repos
	case "deleted":
		e.Removed = repos
	}
	return e, nil
}

type repositoriesPayload struct {
	envelope
	Added   []wireRepo `json:"repositories_added"`
	Removed []wireRepo `json:"repositories_removed"`
}

func (o opener) installationRepositories(p repositoriesPayload) (bot.Event, error) {
	e := installed(p.envelope)
	var err error
	if e.Added, err = refs(p.envelope, p.Added); err != nil {
		return nil, err
	}
	e.Removed, err = refs(p.envelope, p.Removed)
	return e, err
}

func installed(env envelope) bot.InstallationChanged {
	return bot.InstallationChanged{Action: env.Action, ID: env.Installation.ID, Account: env.Installation.Account.Login}
}

func refs(env envelope, repos []wireRepo) (list []bot.RepoRef, err error) {
	if env.Installation.ID <= 0 {
		return nil, errors.New("the installation has no id")
	}
	for _, r := range repos {
		ref, err := repoRef(env.Installation.ID, r)
		if err != nil {
			return nil, err
		}
		list = append(list, ref)
	}
	return list, nil
}
