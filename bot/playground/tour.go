package playground

import (
	"fmt"
	"strconv"
)

// act is a quarter of the tour. Its steps are done in order; what is done
// stays done.
type act struct {
	Title string
	Steps []step
	End   string // said when all is done
}

// step is one thing to do, or to wait for. Line or Do is set where the coach
// itself helps.
type step struct {
	Say   string
	On    int    // the change that it is about; 0: the one in view
	Line  string // to write as a comment
	Do    string // a move of the world, by a button
	Label string // of its button
	done  func(scene) bool
}

// acts of the tour, told about the world as it is.
func acts(s scene) []act {
	return []act{actGood(s), actBad(s), actBig(s), actRed(s)}
}

func actGood(s scene) act {
	n := s.good.Number
	return act{
		Title: "A good change", End: fmt.Sprintf("The loop is closed: #%d is live everywhere and on main. Act as mallory and write /rollback production: strangers are told why not.", n),
		Steps: []step{
			{Say: fmt.Sprintf("The bot is the real one; GitHub, Slack, CI and the shop are stand-ins. Its two checks appear beside CI's on #%d.", n), On: n, done: func(s scene) bool { return s.good.green() }},
			{Say: "All is green. Bring it to staging.", On: n, Line: "/deploy", done: func(s scene) bool { return s.staging == s.good.Head || s.stable == s.good.Head }},
			{Say: "It is live in staging. Now let it meet a quarter of production's traffic.", On: n, Line: "/deploy canary", done: func(s scene) bool { return s.canary == s.good.Head || s.stable == s.good.Head }},
			{Say: "The curves part: stable and canary. After ten seconds at 25 % and ten at 50 %, both judged each second, the bot offers to promote.", On: n, done: func(s scene) bool { return s.promote || s.stable == s.good.Head }},
			{Say: "It is healthy. Press Promote in the chat, or write it here.", On: n, Line: "/promote", done: func(s scene) bool { return s.stable == s.good.Head }},
			{Say: "It has all the traffic. Press Merge below the conversation.", On: n, done: func(s scene) bool { return s.good.Merged }},
		},
	}
}

func actBad(s scene) act {
	n := s.bad.Number
	return act{
		Title: "A bad one", End: "Nobody had to watch: the pull request says which number decided, the chat has it in a thread, and this commit is refused until somebody says why it is good.",
		Steps: []step{
			{Say: fmt.Sprintf("#%d passes every check, but one request in ten will fail. Bring it to staging.", n), On: n, Line: "/deploy", done: func(s scene) bool { return s.staging == s.bad.Head }},
			{Say: "Staging has no visitors, so nothing shows. Let production see it.", On: n, Line: "/deploy canary", done: func(s scene) bool { return s.canary == s.bad.Head }},
			{Say: "Do nothing. Watch the canary's errors climb, until the judge is sure that it is no accident.", On: n, done: func(s scene) bool { return s.canary != s.bad.Head && s.stable != s.bad.Head }},
		},
	}
}

func actBig(s scene) act {
	return act{
		Title: "Too big", End: "The limits stand in the repository's own file; a team begins with observe, where nothing is blocked.",
		Steps: []step{
			{Say: "Small changes are easy to judge and to take back. Open one of 900 lines.", Do: "big", Label: "Open a 900-line change", done: func(s scene) bool { return s.big.Number != 0 }},
			{Say: "The check says by how much it is too big and what to do; Merge is blocked.", On: s.big.Number, done: func(s scene) bool { return s.big.outcome(batch) == "failure" }},
			{Say: "Too big: open the check named roundtrip / batch, it says what to do. Then propose one idea of it alone.", On: s.big.Number, Do: "part", Label: "Open one idea of it, 18 lines", done: func(s scene) bool { return s.part.outcome(batch) == "success" }},
		},
	}
}

func actRed(s scene) act {
	return act{
		Title: "Main turns red", End: "Main is green, and all who waited may merge again. The chat has how long it took.",
		Steps: []step{
			{Say: "A broken main stops everybody, so it is everybody's business.", Do: "break", Label: "Let main's unit check fail", done: func(s scene) bool { return s.waiting > 0 }},
			{Say: fmt.Sprintf("%s: it is not their failure, so the check is in progress and not red. The chat in #shop says what broke. %s.", changes(s.waiting), repairing(s)), On: s.back.Number, Do: "repair", Label: "Open a repair of 6 lines", done: func(s scene) bool { return s.repair.Number != 0 || s.mended() }},
			{Say: "CI runs on the repair. Because it passes what fails on main, it alone may merge.", On: s.repair.Number, done: func(s scene) bool { return s.repair.outcome(mainCheck) == "success" || s.mended() }},
			{Say: "It may merge. Press Merge: alice and grace may, mallory may not.", On: s.repair.Number, done: scene.mended},
			{Say: "CI runs on main once more.", On: s.repair.Number, done: func(s scene) bool { return s.waiting == 0 && s.red.IsZero() }},
		},
	}
}

// repairing are the ways to a green main: a direct push is not taken back by a
// button, and what the button opened is there to be merged.
func repairing(s scene) string {
	switch {
	case s.back.Number != 0:
		return fmt.Sprintf("#%d takes it back and may merge: press Merge there. Or open a repair", s.back.Number)
	case s.revert:
		return "Open a repair, or press Open revert there and merge that"
	}
	return "Open a repair"
}

func changes(n int) string {
	if n == 1 {
		return "One open change waits"
	}
	return strconv.Itoa(n) + " open changes wait"
}
