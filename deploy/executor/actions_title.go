package executor

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// runTitle names a run: the key, the fence, the verb and the weight. It is the
// input deploy_id, with which a workflow's run-name ends.
func runTitle(o bot.StageOrder, verb string) string {
	return fmt.Sprintf("%s:%d:%s:%d", o.Key, o.Fence, verb, o.Weight)
}

var titled = regexp.MustCompile(`(?:^|\s)([^\s:]+):([0-9]{1,9}):(start|weight|finish|abort):([0-9]{1,3})$`)

// parseTitle finds such a name as the last word of a title: what stands before
// it may be made of other inputs.
func parseTitle(title string) (r run, fence int, ok bool) {
	m := titled.FindStringSubmatch(title)
	if m == nil {
		return r, 0, false
	}
	fence, _ = strconv.Atoi(m[2]) // digits, and few enough
	weight, _ := strconv.Atoi(m[4])
	return run{Key: m[1], Verb: m[3], Weight: weight}, fence, true
}
