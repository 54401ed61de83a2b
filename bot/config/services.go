package config

import (
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// service is a deployable of the repository.
type service struct {
	Paths      []glob            `yaml:"paths" jsonschema_description:"Globs of what it is made of; everything unless given."`
	Version    *version          `yaml:"version" jsonschema_description:"How we see which commit really runs."`
	Parameters map[name][]string `yaml:"parameters" jsonschema_description:"What /deploy may be given, with the allowed values. Data only, never part of a command line."`
}

type version struct {
	URL  address `yaml:"url" jsonschema:"required" jsonschema_description:"Address that says it; its host is on the server's list."`
	JSON string  `yaml:"json" jsonschema_description:"The field that holds the commit."`
}

type commands struct {
	Forks string `yaml:"forks" jsonschema:"enum=never,enum=approved" jsonschema_description:"Whether a change from a fork may be deployed; never unless given."`
	Dots  bool   `yaml:"dots" jsonschema_description:"Also read .deploy, .lock and so on."`
}

type notify struct {
	Channel channel `yaml:"channel" jsonschema_description:"Hears what happens to main. Quote it: # begins a comment."`
	Deploys channel `yaml:"deploys" jsonschema_description:"Hears of rollouts; channel unless given."`
	Page    mention `yaml:"page" jsonschema_description:"Is called when it burns."`
}

// services lists them in the file's order; without any, the repository is one
// service whose name the caller fills in.
func (r *reader) services() []deploy.Service {
	var all []deploy.Service
	for _, n := range r.order["services"] {
		s := r.shape.Services[name(n)]
		r.variables("services." + n + ".parameters")
		all = append(all, deploy.Service{Name: n, Paths: texts(s.Paths), Parameters: parameters(s.Parameters)})
	}
	if len(all) == 0 {
		all = []deploy.Service{{}}
	}
	return all
}

// variables says which parameters a program could not tell apart in its
// environment.
func (r *reader) variables(path string) {
	owner := map[string]string{}
	for _, n := range r.order[path] {
		v := deploy.Variable(n)
		if o, taken := owner[v]; taken {
			r.wrongKey(path+"."+n, fmt.Sprintf("cannot be told from %s: to a program both are %s", o, v), "give it a name that differs in more than case, - and _")
			continue
		}
		owner[v] = n
	}
}

func parameters(given map[name][]string) map[string][]string {
	if len(given) == 0 {
		return nil
	}
	all := map[string][]string{}
	for n, values := range given {
		all[string(n)] = values
	}
	return all
}

func (r *reader) notify() bot.Notify {
	n := r.shape.Notify
	return bot.Notify{Channel: string(n.Channel), Deploys: string(n.Deploys), Page: string(n.Page)}
}
