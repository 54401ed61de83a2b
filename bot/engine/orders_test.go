package engine_test

import (
	"errors"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var start = bot.StartStage{Order: bot.StageOrder{Key: "s/1", Repo: repo}}

func TestInterruptedOrderIsConfirmed(t *testing.T) {
	for name, tc := range map[string]struct {
		acted bool
		want  int
	}{"it took place": {true, 1}, "it did not": {false, 1}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "stage.start", true)
			w.does(start)
			w.peer.confirm = func(key string) (bool, error) { return w.peer.done[key] > 0, nil }
			if tc.acted {
				w.peer.lose = errors.New("the connection was cut")
			} else {
				w.peer.fail = func(job bot.Job) error {
					if job.Attempt == 1 {
						return errors.New("the connection was cut")
					}
					return nil
				}
			}
			w.hear("d1", "3 a")
			w.work()
			w.peer.lose = nil
			w.clock.Pass(time.Minute)
			w.work()
			w.expect("done", w.peer.done["s/1"], tc.want)
			w.expect("heard", w.seen, "[a settled done ]")
		})
	}
}

func TestOrderThatNobodyCanConfirmIsDoubtful(t *testing.T) {
	w := newWorld(t, "stage.start", false)
	w.does(start)
	w.peer.lose = errors.New("the connection was cut")
	w.hear("d1", "3 a")
	w.work()
	w.clock.Pass(time.Hour)
	w.work()
	w.expect("done", w.peer.done["s/1"], 1)
	tasks, err := w.store.Tasks(t.Context(), bot.TaskDoubtful, 10)
	w.expect("doubtful", len(tasks), 1)
	w.expect("error", err, nil)
}

// Who is asked whether an interrupted order took place and cannot tell, says
// nothing about the order: a question that fails is put again, and in the end
// a person decides. Only that it was refused ends an order as failed.
func TestOrderIsNeverCalledFailedWhileNobodyKnows(t *testing.T) {
	gone := bot.Permanent{Err: errors.New("the endpoint is no longer in the settings")}
	for name, tc := range map[string]struct {
		confirm, again error
		asked          int
		heard          string
	}{
		"the question is refused":     {confirm: gone, asked: 1, heard: "[a settled doubtful ask whether order s/1 took place: " + gone.Error() + "]"},
		"no answer ever comes":        {confirm: errors.New("502"), asked: 29, heard: "[a settled doubtful 502]"},
		"not done, and never answers": {again: errors.New("reset"), asked: 29, heard: "[a settled doubtful reset]"},
		"not done, and is refused":    {again: gone, asked: 1, heard: "[a settled failed " + gone.Error() + "]"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newLongWorld(t, "stage.start", true)
			w.does(start)
			asked := 0
			w.peer.confirm = func(string) (bool, error) { asked++; return false, tc.confirm }
			w.peer.fail = func(job bot.Job) error {
				if job.Attempt == 1 {
					return errors.New("the connection was cut")
				}
				return tc.again
			}
			w.hear("d1", "3 a")
			w.pass(12 * time.Hour)
			w.expect("asked", asked, tc.asked)
			w.expect("heard", w.seen, tc.heard)
			w.expect("done", w.peer.done["s/1"], 0)
		})
	}
}

// renamed is an order of a release that called it something else.
type renamed struct{ bot.StartStage }

func (renamed) Kind() string { return "stage.begin" }

func TestOrderThatNobodyCanReadAnyMoreIsDoubtfulOnceBegun(t *testing.T) {
	for state, begun := range map[string]int{bot.TaskFailed: 0, bot.TaskDoubtful: 1} {
		t.Run(state, func(t *testing.T) {
			w := newWorld(t, renamed{}.Kind(), true)
			w.does(renamed{start})
			w.hear("d1", "3 a")
			w.sort()
			w.sort() // it is handled
			w.die(begun, time.Minute)
			w.work()
			tasks, err := w.store.Tasks(t.Context(), state, 10)
			w.expect(state, len(tasks), 1)
			w.expect("error", err, nil)
		})
	}
}
