package handlers

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

var changeName = regexp.MustCompile(`^([A-Za-z0-9._-]+/[A-Za-z0-9._-]+)?#([0-9]{1,9})$`)
var repoName = regexp.MustCompile(`^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$`)

// fromChat finds out who a chat member is on GitHub and which repository and
// change is meant: a name in the command, else the repository whose file
// names the channel.
func (h *Handlers) fromChat(ctx context.Context, a *asked) error {
	a.by.Login = h.People[a.by.Slack]
	name, number := "", 0
	var rest []string
	for _, arg := range a.args {
		if m := changeName.FindStringSubmatch(arg); m != nil && number == 0 {
			name, a.named = m[1], arg
			number, _ = strconv.Atoi(m[2])
			continue
		}
		if repoName.MatchString(arg) && name == "" {
			name, a.named = arg, arg
			continue
		}
		rest = append(rest, arg)
	}
	a.args = rest
	repo, err := h.repoOfChat(ctx, name, a.d.Event.Channel)
	if err != nil {
		return err
	}
	a.repo = repo
	if number > 0 {
		a.ref = bot.ChangeRef{Repo: repo, Number: number}
	}
	return nil
}

// repoOfChat is the repository that is named, else the one whose file names
// the channel. Only repositories that this channel stands for, or whose full
// name is given, can be meant.
func (h *Handlers) repoOfChat(ctx context.Context, name, channel string) (bot.RepoRef, error) {
	keys, err := h.Store.Keys(ctx, "settings/")
	if err != nil {
		return bot.RepoRef{}, err
	}
	var fit []bot.RepoRef
	for _, key := range keys {
		var d settingsDoc
		if _, err := h.Store.Doc(ctx, key, &d); err != nil {
			return bot.RepoRef{}, err
		}
		notify := h.inForce(d).Notify
		stands := channel != "" && (notify.Channel == channel || notify.Deploys == channel)
		if strings.EqualFold(name, string(d.Repo.Name)) || name == "" && stands {
			fit = append(fit, d.Repo)
		}
	}
	switch {
	case len(fit) == 1:
		return fit[0], nil
	case len(fit) > 1:
		return bot.RepoRef{}, bot.Refusal{Message: fmt.Sprintf("this channel stands for %d repositories, and a command needs one", len(fit)), Advice: fmt.Sprintf("/status %s", fit[0].Name), Puzzled: true}
	case name != "":
		return bot.RepoRef{}, bot.Refusal{Message: fmt.Sprintf("I know no repository %s: I learn of one by the first pull request in it", words.Code(clip(name, 100))), Advice: "Install the app on it, and open a pull request there."}
	}
	return bot.RepoRef{}, bot.Refusal{Message: "this channel stands for no repository", Advice: "Name it, as in `/roundtrip status acme/shop`, or put the channel into its file under `notify:`.", Puzzled: true}
}
