package playground

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// starts counts how often the deploy target really began each order.
func (s Seen) starts() map[string]int {
	n := map[string]int{}
	for _, c := range s.Calls {
		if c.Op == fakeprod.OpStart && c.Changed {
			n[c.Key]++
		}
	}
	return n
}

// rolloutOf is the rollout whose mirror a deployment of GitHub's is; empty:
// it is not the bot's.
func rolloutOf(d fakegithub.DeploymentView) string {
	body, err := json.Marshal(d.Payload)
	if err != nil {
		return ""
	}
	var p struct {
		Roundtrip string `json:"roundtrip"`
	}
	if json.Unmarshal(body, &p) != nil {
		return "" // somebody else's, of another shape
	}
	return p.Roundtrip
}

func stateOf(d fakegithub.DeploymentView) string {
	if len(d.Statuses) == 0 {
		return ""
	}
	return d.Statuses[len(d.Statuses)-1].State
}

// command tells whether it is a line that ends with an answer.
func (a Accepted) command() bool {
	return a.says("deploy", "promote", "rollback", "abort", "status", "help", "good", "main")
}

// order tells whether it is a line after which something may be begun.
func (a Accepted) order() bool { return a.says("deploy", "promote", "rollback", "abort") }

func (a Accepted) says(verbs ...string) bool {
	line, command := strings.CutPrefix(strings.TrimSpace(a.Comment), "/")
	verb, _, _ := strings.Cut(line, " ")
	return command && slices.Contains(verbs, verb)
}

func notLost(s Seen) Invariant {
	i := Invariant{Name: "No deploy is lost", How: "each command that was accepted ends with a 🚀, 👎 or 😕, unless a stranger has heard enough, a webhook that was lost is fetched within the hour, and what GitHub shows as running was begun at the deploy target"}
	answered, asked, begun := map[int64]bool{}, 0, s.starts()
	for _, c := range s.Changes {
		for _, m := range c.Comments {
			answered[m.ID] = m.Reactions[bot.Rocket]+m.Reactions[bot.Nope]+m.Reactions[bot.Puzzle] > 0
		}
	}
	for _, a := range s.Accepted {
		if !a.command() {
			continue
		}
		if asked++; !answered[a.CommentID] && !a.Silent {
			i.pending(s.Quiet, "%q was accepted and never answered", a.Comment)
		}
	}
	for _, l := range s.Lost {
		i.pending(s.Quiet && l.Overdue, "%s %s was lost, and not fetched within the hour", l.Event, l.ID)
	}
	shown := 0
	for _, d := range s.Deployments {
		key := rolloutOf(d)
		if key == "" {
			continue
		}
		shown++
		if state := stateOf(d); (state == "in_progress" || state == "success") && begun[key] == 0 {
			i.wrong("GitHub shows %s as %s, and it was never begun", key, state)
		}
	}
	i.Number = fmt.Sprintf("%s accepted, %s begun, %d shown", many(asked, "command"), many(len(begun), "rollout"), shown)
	return i
}

func notDoubled(s Seen) Invariant {
	i := Invariant{Name: "No deploy is doubled", How: "the deploy target began each order once, there are no more orders than people asked for, and GitHub has one Deployment for each"}
	begun, asked := s.starts(), s.Asked
	for key, n := range begun {
		if n > 1 {
			i.wrong("%s was begun %d times", key, n)
		}
	}
	for _, a := range s.Accepted {
		if a.order() {
			asked++
		}
	}
	if len(begun) > asked {
		i.wrong("%d orders were begun, and %d things were asked for", len(begun), asked)
	}
	shown := map[string]int{}
	for _, d := range s.Deployments {
		if key := rolloutOf(d); key != "" {
			if shown[key]++; shown[key] == 2 {
				i.wrong("GitHub has more than one Deployment for %s", key)
			}
		}
	}
	i.Number = fmt.Sprintf("%d begun, %d asked for", len(begun), asked)
	return i
}

func oneActive(s Seen) Invariant {
	i := Invariant{Name: "One rollout at a time in a slot", How: "the deploy target never had to throw one version out because another began"}
	for _, d := range s.Targets {
		if strings.HasPrefix(d.Message, "replaced by") {
			i.wrong("%s was %s", d.Key, d.Message)
		}
	}
	i.Number = many(len(s.Targets), "rollout")
	return i
}

func agree(s Seen) Invariant {
	i := Invariant{Name: "GitHub shows what runs", How: "in each environment the bot's Deployment in state success is of the commit that is stable, the canary's is in progress, and what ended has ended; looked at when the bot is at rest"}
	for env, stable := range s.Stable {
		canary := s.Canary[env] == ""
		for _, d := range s.Deployments {
			if d.Environment != env || rolloutOf(d) == "" {
				continue
			}
			state := stateOf(d)
			if state == "success" && d.SHA != stable {
				i.pending(s.Quiet, "GitHub shows %s as live in %s, where %s is", short(d.SHA), env, short(stable))
			}
			canary = canary || d.SHA == s.Canary[env] && state == "in_progress"
		}
		if !canary {
			i.pending(s.Quiet, "GitHub does not show %s in %s, where it is the canary", short(s.Canary[env]), env)
		}
	}
	s.followed(&i)
	i.Number = many(len(s.Stable), "environment")
	return i
}

// followed: what ended at the deploy target has ended on GitHub, and what came
// last has succeeded there, or people were told that the bot does not know.
func (s Seen) followed(i *Invariant) {
	shown := map[string]string{}
	newest := map[string]string{} // key by environment
	env := map[string]string{}
	for _, d := range s.Deployments {
		shown[rolloutOf(d)], env[rolloutOf(d)] = stateOf(d), d.Environment
	}
	for _, c := range s.Calls {
		if c.Op == fakeprod.OpFinish && c.Changed {
			newest[env[c.Key]] = c.Key
		}
	}
	for _, d := range s.Targets {
		state := shown[d.Key]
		switch {
		case state == "":
			i.pending(s.Quiet, "GitHub does not show %s, which is %s", d.Key, d.State)
		case (d.State == fakeprod.Aborted || d.State == fakeprod.Failed) && slices.Contains([]string{"queued", "in_progress", "pending", "success"}, state):
			i.pending(s.Quiet, "GitHub shows %s as %s, which is %s", d.Key, state, d.State)
		case d.State == fakeprod.Finished && newest[env[d.Key]] == d.Key && state != "success" && state != "error":
			i.pending(s.Quiet, "GitHub shows %s as %s, which has all the traffic", d.Key, state)
		}
	}
}
