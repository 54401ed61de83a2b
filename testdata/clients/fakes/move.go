package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// wish is what the world is to do.
type wish struct {
	Do         string            `json:"do"`
	By         string            `json:"by"`
	Number     int               `json:"number"`
	ID         string            `json:"id"`
	Title      string            `json:"title"`
	Text       string            `json:"text"`
	Branch     string            `json:"branch"`
	Files      map[string]string `json:"files"`
	SHA        string            `json:"sha"`
	Check      string            `json:"check"`
	Status     string            `json:"status"`
	Conclusion string            `json:"conclusion"`
	TS         string            `json:"ts"`
	Action     string            `json:"action"`
}

func (w *world) move(rw http.ResponseWriter, r *http.Request) {
	var in wish
	err := json.NewDecoder(r.Body).Decode(&in)
	var out any
	if err == nil {
		out, err = w.do(r.Context(), in)
	}
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(out)
}

// do moves the world as people and the CI would, and answers what there is to
// know of it.
func (w *world) do(ctx context.Context, in wish) (any, error) {
	g := w.github
	switch in.Do {
	case "hooks": // where webhooks, commands and presses go
		g.SetURLs("", in.Text)
		w.slack.SetURLs("", in.Text, in.Text)
		return nil, nil
	case "open":
		return g.Open(repo, fakegithub.NewChange{Author: in.By, Title: in.Title, Body: in.Text, Branch: in.Branch, Files: in.Files})
	case "push":
		return g.Push(repo, in.Branch, in.By, in.Title, in.Files)
	case "comment":
		return g.Comment(repo, in.Number, in.By, in.Text)
	case "check":
		return g.Check(repo, in.SHA, in.Check, in.Status, in.Conclusion)
	case "label":
		return nil, g.Label(repo, in.Number, in.By, in.Text)
	case "merge":
		return g.Merge(repo, in.Number, in.By)
	case "redeliver":
		return nil, g.Redeliver(ctx, in.ID)
	case "deliveries":
		return g.Deliveries(), nil
	case "command":
		return w.slack.Command(ctx, w.people[in.By], w.shop, "/roundtrip", in.Text)
	case "press":
		return w.slack.Press(ctx, w.people[in.By], w.shop, in.TS, in.Action)
	case "messages":
		return w.slack.Messages(w.shop), nil
	case "thread":
		return w.slack.Thread(w.shop, in.TS), nil
	case "whispers":
		return w.slack.Ephemerals(w.people[in.By]), nil
	case "sockets":
		return w.slack.Sockets(), nil
	case "drop sockets":
		w.slack.DropSockets()
		return nil, nil
	}
	return nil, fmt.Errorf("the world cannot %q", in.Do)
}
