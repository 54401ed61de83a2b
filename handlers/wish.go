package handlers

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// wish is what the words of a deploy command say.
type wish struct {
	service, stage, commit string
	params                 map[string]string
}

var paramName = regexp.MustCompile(`^([a-z][a-z0-9_-]{0,63})=(.{0,256})$`)

func (a *asked) wish() (w wish, err error) {
	for _, arg := range a.args {
		param := paramName.FindStringSubmatch(arg)
		switch {
		case commitName.MatchString(arg) && w.commit == "":
			w.commit = arg[1:]
		case param != nil:
			if w.params == nil {
				w.params = map[string]string{}
			}
			if _, twice := w.params[param[1]]; twice {
				return w, bot.Refusal{Message: fmt.Sprintf("parameter %s is given twice", words.Code(param[1])), Advice: a.cmd.Usage}
			}
			w.params[param[1]] = param[2]
		case arg == "to" || arg == "in" || arg == "on":
		case w.stage == "" && !strings.ContainsAny(arg, "@="):
			w.stage = arg
		default:
			return w, bot.Refusal{Message: "I do not understand " + words.Code(clip(arg, 40)), Advice: a.cmd.Usage, Puzzled: true}
		}
	}
	w.service, w.stage = placeOf(w.stage)
	return w, nil
}

// checkParams: data only, declared in the file, from its list of values.
func checkParams(s deploy.Service, params map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(params)) {
		value := params[name]
		allowed, ok := s.Parameters[name]
		if !ok {
			return bot.Refusal{Message: fmt.Sprintf("the file declares no parameter %s for %s", words.Code(clip(name, 40)), words.Code(s.Name)), Advice: "Leave it out, or declare it under `services: … parameters:`."}
		}
		if !slices.Contains(allowed, value) {
			return bot.Refusal{Message: fmt.Sprintf("%s may be %s", words.Code(name), strings.Join(allowed, " or ")), Advice: fmt.Sprintf("/deploy %s=%s", name, allowed[0])}
		}
	}
	return nil
}
