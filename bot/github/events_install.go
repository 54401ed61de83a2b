package github

import (
	"errors"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func (o opener) installation(env envelope, body []byte) (bot.Event, error) {
	var p struct {
		Repositories []wireRepo `json:"repositories"`
	}
	if err := decode(body, &p); err != nil {
		return nil, err
	}
	repos, err := refs(env, p.Repositories)
	if err != nil {
		return nil, err
	}
	e := installed(env)
	switch env.Action {
	case "created":
		e.Added = repos
	case "deleted":
		e.Removed = repos
	}
	return e, nil
}

func (o opener) installationRepositories(env envelope, body []byte) (bot.Event, error) {
	var p struct {
		Added   []wireRepo `json:"repositories_added"`
		Removed []wireRepo `json:"repositories_removed"`
	}
	if err := decode(body, &p); err != nil {
		return nil, err
	}
	e := installed(env)
	var err error
	if e.Added, err = refs(env, p.Added); err != nil {
		return nil, err
	}
	e.Removed, err = refs(env, p.Removed)
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
