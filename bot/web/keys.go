package web

import (
	"encoding/json"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// numberIn is the number of the change that a fact is about; 0: none.
func numberIn(f bot.Fact) int {
	var d struct {
		Number int `json:"number"`
	}
	_ = json.Unmarshal(f.Data, &d) // what cannot be read names none
	return d.Number
}

// changeKey is where handlers keep a change.
func changeKey(repo bot.RepoRef, number int) string {
	return "change/" + bot.ChangeRef{Repo: repo, Number: number}.Key()
}

// headKey is where handlers keep the commit that is a change's head.
func headKey(c bot.Change) string { return "head/" + c.Ref.Repo.Key() + "/" + string(c.Head) }

// parts of a slot's key: "42/7/shop/production". A service has no slash; an
// environment may.
func parts(slot string) (service, environment string) {
	p := strings.SplitN(slot, "/", 4)
	if len(p) < 4 {
		return slot, ""
	}
	return p[2], p[3]
}
