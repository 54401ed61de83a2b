package playground

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

const recordPath = inspectorPath + "/record.jsonl"

// wholeRecord bounds how many of the bot's records are read for it.
const wholeRecord = 100_000

// recorded is a line of the record. Seq counts within its kind.
type recorded struct {
	Kind   string          `json:"kind"` // delivery, call, frame, effect or fact
	Seq    int64           `json:"seq"`
	At     time.Time       `json:"at"`
	What   string          `json:"what"`
	About  string          `json:"about,omitempty"` // the delivery's GUID, the stand-in, the effect's key, the fact's subject
	State  string          `json:"state,omitempty"`
	Cause  string          `json:"cause,omitempty"`
	By     string          `json:"by,omitempty"`
	Tries  int             `json:"tries,omitempty"`
	Error  string          `json:"error,omitempty"`
	Body   json.RawMessage `json:"body,omitempty"`
	Answer json.RawMessage `json:"answer,omitempty"`
}

// showRecord hands out all that the inspector knows, as JSON lines, oldest
// first within each kind: all of it, or an error and nothing.
func (w *World) showRecord(rw http.ResponseWriter, r *http.Request) {
	v := w.viewOf(r)
	if err := misnamed(r, v); err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	a := w.about(v.About)
	lines := append(w.recordedDeliveries(a), w.recordedCalls(a)...)
	lines = append(lines, w.recordedFrames(a)...)
	books, err := w.recordedBooks(r.Context(), a)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusServiceUnavailable)
		return
	}
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	for _, line := range append(lines, books...) {
		if err := out.Encode(line); err != nil {
			http.Error(rw, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	rw.Header().Set("Content-Type", "application/jsonl; charset=utf-8")
	rw.Header().Set("Content-Disposition", `attachment; filename="roundtrip-record.jsonl"`)
	rw.Header().Set("Cache-Control", "no-store")
	_, _ = b.WriteTo(rw) // who hung up has no use for it
}

func (w *World) recordedDeliveries(a about) (list []recorded) {
	for i, d := range w.GitHub.Deliveries() {
		if a.in(string(d.Body)) {
			state, _ := deliveryState(d)
			list = append(list, recorded{Kind: "delivery", Seq: int64(i + 1), At: d.Queued, What: (d.Event + " " + d.Action), About: d.ID, State: state, Tries: d.Tries, Error: d.Error, Body: asJSON(string(d.Body))})
		}
	}
	return list
}

func (w *World) recordedCalls(a about) (list []recorded) {
	for _, c := range w.Calls() {
		if c.about(a) {
			list = append(list, recorded{Kind: "call", Seq: int64(c.N), At: c.At, What: c.Method + " " + c.Path, About: c.Peer, State: fmt.Sprint(c.Status), Body: asJSON(c.Request.Text), Answer: asJSON(c.Answer.Text)})
		}
	}
	return list
}

func (w *World) recordedFrames(a about) (list []recorded) {
	for _, f := range w.Slack.Frames() {
		if a.in(string(f.Body)) {
			list = append(list, recorded{Kind: "frame", Seq: int64(f.N), At: f.At, What: f.What, About: f.ID, By: whoFramed(f), Body: asJSON(secretless(string(f.Body)))})
		}
	}
	return list
}

func (w *World) recordedBooks(ctx context.Context, a about) (list []recorded, err error) {
	books, err := w.openBooks()
	if err != nil {
		return nil, err
	}
	tasks, err := books.Tasks(ctx, "", wholeRecord)
	if err != nil {
		return nil, err
	}
	facts, err := books.Facts(ctx, bot.FactQuery{Last: wholeRecord})
	if err != nil {
		return nil, err
	}
	for _, t := range slices.Backward(tasks) {
		if a.in(t.Key + "\n" + t.Group + "\n" + string(t.Body)) {
			list = append(list, recorded{Kind: "effect", Seq: t.Seq, At: t.At, What: t.Kind, About: secretless(t.Key), State: t.State, Cause: t.Cause, Tries: t.Tries + t.Away, Error: secretless(t.Error), Body: asJSON(secretless(string(t.Body)))})
		}
	}
	for i, f := range facts {
		if a.in(f.Subject + "\n" + string(f.Data)) {
			list = append(list, recorded{Kind: "fact", Seq: int64(i + 1), At: f.At, What: f.Kind, About: f.Subject, Cause: f.Cause, By: f.By, Body: asJSON(secretless(string(f.Data)))})
		}
	}
	return list, nil
}

// asJSON is a body as it is if it is JSON, else as a string; nil when empty.
func asJSON(body string) json.RawMessage {
	if body == "" || json.Valid([]byte(body)) {
		return json.RawMessage(body)
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil
	}
	return text
}
