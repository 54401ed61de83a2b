package bot

import (
	"context"
	"testing"
)

// Each effect and each event has the priority that stands here; one that is
// added is added here too.
func TestPriorities(t *testing.T) {
	want := map[string]Priority{
		"check":       Urgent, // holds a merge back while it is in progress, as one that says nothing is
		"stage.start": Urgent, "stage.weight": Urgent, "stage.finish": Urgent, "stage.abort": Urgent, "revert": Urgent,
		"comment": Usual, "deployment": Usual, "message": Usual, "whisper": Usual, "reaction": Cosmetic,
		"command.given": Urgent, "button.pressed": Urgent, "stage.settled": Urgent, "rollout.due": Urgent,
		"changes.judge": Urgent, "red.due": Urgent, "revert.settled": Urgent,
		"build.due": Urgent, "rerun.settled": Urgent, "rerun": Urgent,
		"change.updated": Usual, "change.closed": Usual, "pushed": Usual, "check.reported": Usual, "check.pressed": Usual, "recheck.asked": Usual,
		"group.checked": Usual, "deployment.reported": Usual, "installation.changed": Usual, "start.due": Usual,
		"change.judge": Usual, "incident.due": Usual, "delivery.stuck": Usual, "unknown": Usual,
		"schedule.due": Cosmetic, "catch-up.due": Cosmetic, "compare.due": Cosmetic,
	}
	got := map[string]Priority{}
	for _, e := range effects() {
		got[e.Kind()] = PriorityOf(e)
	}
	for _, k := range events() {
		got[k.kind] = PriorityOf(k.event)
	}
	if len(got) != len(want) {
		t.Errorf("%d kinds, %d of them stand here", len(got), len(want))
	}
	for kind, p := range got {
		if w, ok := want[kind]; !ok || p != w {
			t.Errorf("%s: %d, want %d", kind, p, w)
		}
	}
}

func TestPrioritiesByContent(t *testing.T) {
	for name, tc := range map[string]struct {
		effect Effect
		want   Priority
	}{
		"main is red":       {SetCheck{Status: InProgress}, Urgent},
		"a verdict":         {SetCheck{Status: Completed, Conclusion: Success}, Usual},
		"it goes back":      {MirrorRollout{Task: MirrorRollback}, Urgent},
		"it is not there":   {MirrorRollout{State: "failure"}, Urgent},
		"it goes on":        {MirrorRollout{Task: "deploy"}, Usual},
		"we heard":          {React{Reaction: Eyes}, Usual},
		"it was successful": {React{Reaction: Hooray}, Cosmetic},
	} {
		if got := PriorityOf(tc.effect); got != tc.want {
			t.Errorf("%s: %d, want %d", name, got, tc.want)
		}
	}
}

func TestPriorityOfWork(t *testing.T) {
	ctx := context.Background()
	if got := PriorityIn(ctx); got != Usual {
		t.Errorf("nobody said: %d", got)
	}
	if got := PriorityIn(WithPriority(ctx, Urgent)); got != Urgent {
		t.Errorf("urgent: %d", got)
	}
}
