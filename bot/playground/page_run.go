package playground

import (
	"net/http"
	"strconv"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// runPath is where GitHub has its check runs: what the bot calls the log of a
// check that failed is there.
const runPath = "/" + Repo + "/runs/"

// checkRun is a check run with a page of its own.
type checkRun struct {
	look
	Run fakegithub.RunView
}

func (w *World) showRun(rw http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		http.NotFound(rw, r)
		return
	}
	run, err := w.GitHub.CheckRun(Repo, id)
	if err != nil {
		http.NotFound(rw, r)
		return
	}
	f := w.frame(r, pullPath, run.Name+" on "+short(run.SHA))
	render(rw, "run", checkRun{look: look{frame: f}, Run: run})
}

// Checks is where the checks of a change are, seen by the same person.
func (c checkRun) Checks(number int) string {
	return c.View.address(pullPath+strconv.Itoa(number)+"/checks", false)
}
