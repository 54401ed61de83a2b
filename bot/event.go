package bot

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// events lists every event by the kind under which it is saved.
func events() []kindOf {
	return []kindOf{
		{"change.updated", ChangeUpdated{}},
		{"change.closed", ChangeClosed{}},
		{"pushed", Pushed{}},
		{"check.reported", CheckReported{}},
		{"recheck.asked", RecheckAsked{}},
		{"check.pressed", CheckPressed{}},
		{"command.given", CommandGiven{}},
		{"group.checked", GroupFormed{}},
		{"deployment.reported", DeploymentReported{}},
		{"installation.changed", InstallationChanged{}},
		{"button.pressed", ButtonPressed{}},
		{"stage.settled", StageSettled{}},
		{"rollout.due", RolloutDue{}},
		{"start.due", StartDue{}},
		{"change.judge", JudgeDue{}},
		{"changes.judge", JudgeAllDue{}},
		{"red.due", RedDue{}},
		{"build.due", BuildDue{}},
		{"rerun.settled", RerunSettled{}},
		{"incident.due", IncidentDue{}},
		{"revert.settled", RevertSettled{}},
		{"schedule.due", ScheduleDue{}},
		{"delivery.stuck", DeliveryStuck{}},
		{"catch-up.due", CatchUpDue{}},
		{"compare.due", CompareDue{}},
		{unknownKind, Unknown{}},
	}
}

const unknownKind = "unknown"

type kindOf struct {
	kind  string
	event Event
}

// EventKind is the kind under which e is saved.
func EventKind(e Event) string {
	for _, k := range events() {
		if reflect.TypeOf(k.event) == reflect.TypeOf(e) {
			return k.kind
		}
	}
	return "unknown"
}

// EncodeEvent saves e; DecodeEvent reads it again.
func EncodeEvent(e Event) (kind string, body []byte, err error) {
	body, err = json.Marshal(e)
	return EventKind(e), body, err
}

// DecodeEvent reads an event of a kind as EncodeEvent saved it.
func DecodeEvent(kind string, body []byte) (Event, error) {
	for _, k := range events() {
		if k.kind != kind {
			continue
		}
		p := reflect.New(reflect.TypeOf(k.event))
		if err := json.Unmarshal(body, p.Interface()); err != nil {
			return nil, fmt.Errorf("decode event %s: %w", kind, err)
		}
		return p.Elem().Interface().(Event), nil
	}
	return nil, fmt.Errorf("decode event: no event of kind %q", kind)
}

// Unknown is a delivery that we do not understand or do not act on. It is
// kept, counted and shown; it is nobody's mistake.
type Unknown struct {
	Source string `json:"source"`
	Name   string `json:"name"` // "watch.started"
	Why    string `json:"why,omitempty"`
}

// Subject of what we do not act on.
func (Unknown) Subject() string { return "" }
