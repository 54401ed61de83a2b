package bot

import "context"

// Priority says what goes first, and what may spend the rest, where not all
// can be done at once: GitHub counts what we ask of it.
type Priority int

// Priorities, the most pressing first.
const (
	// Urgent is what holds merges back, moves production or takes it back, and
	// what somebody asked for and waits for.
	Urgent Priority = iota
	// Usual is what people work by: verdicts, answers, messages.
	Usual
	// Cosmetic is what nobody misses for an hour: signs, what is shown again as
	// it changes, and what is looked for in case it was lost.
	Cosmetic
)

// PriorityOf an effect or an event; Usual where nothing else is said here.
func PriorityOf(v any) Priority {
	switch v := v.(type) {
	case StartStage, SetWeight, FinishStage, AbortStage, OpenRevert, RunAgain:
		return Urgent
	case SetCheck:
		if v.Status != Completed { // main is red: until this is there, it may be merged into
			return Urgent
		}
	case MirrorRollout:
		if v.Task == MirrorRollback || v.State == "failure" || v.State == "error" || v.State == "inactive" { // it is not there
			return Urgent
		}
	case React:
		if v.Reaction != Eyes { // that one says that we heard
			return Cosmetic
		}
	case CommandGiven, ButtonPressed, StageSettled, RolloutDue, JudgeAllDue, RedDue, BuildDue, RerunSettled, RevertSettled:
		return Urgent
	case CatchUpDue, CompareDue, ScheduleDue:
		return Cosmetic
	}
	return Usual
}

type priorityKey struct{}

// WithPriority is ctx for work of that priority.
func WithPriority(ctx context.Context, p Priority) context.Context {
	return context.WithValue(ctx, priorityKey{}, p)
}

// PriorityIn is the priority of the work that ctx is for; Usual when nobody
// said.
func PriorityIn(ctx context.Context) Priority {
	if p, ok := ctx.Value(priorityKey{}).(Priority); ok {
		return p
	}
	return Usual
}
