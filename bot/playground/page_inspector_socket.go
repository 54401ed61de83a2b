package playground

import (
	"context"
	"fmt"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// frameRows lists what went over connections of Socket Mode, newest first.
func (w *World) frameRows(_ context.Context, a about) (rows []inspected, sums []string, _ error) {
	for _, f := range slices.Backward(w.Slack.Frames()) {
		if !a.in(string(f.Body)) {
			continue
		}
		row := inspected{Key: fmt.Sprint("frame-", f.N), At: f.At, What: f.What, Note: fmt.Sprintf("connection %d", f.Socket), State: whoFramed(f)}
		if f.ID != "" {
			row.Note += ", " + f.ID
		}
		if len(f.Body) > 0 {
			row.Bodies = []inspectedBody{{Name: "Frame", text: func() string { return pretty([]byte(secretless(string(f.Body)))) }}}
		}
		rows = append(rows, row)
	}
	return rows, []string{fmt.Sprintf("Open connections: %d", w.Slack.Sockets())}, nil
}

func whoFramed(f fakeslack.Frame) string {
	if f.FromUs {
		return "Slack"
	}
	return "the bot"
}
