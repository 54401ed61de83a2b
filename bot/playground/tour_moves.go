package playground

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// tour is how far the tour is, and what it made.
type tour struct {
	good, bad, big, part, repair int       // numbers of changes; 0: not opened
	done                         [4]int    // steps of each act
	broken                       string    // the commit of main whose unit check fails
	red                          time.Time // since when
	healed                       bool      // main was broken, and what repaired it is on it
}

// formTour makes a move of the tour and shows the change that it opened.
func (w *World) formTour(r *http.Request, v *view) error {
	n, err := w.Move(r.FormValue("do"))
	if n != 0 {
		v.Change = strconv.Itoa(n)
	}
	if r.FormValue("do") == "break" {
		v.Channel = "shop" // where main's news are told
	}
	return err
}

// Move makes something of the tour happen: "big" opens a change of 900 lines,
// "part" one idea of it, "break" lets main's unit check fail, "repair" opens
// what repairs it. It answers the number of the change that it opened.
func (w *World) Move(name string) (int, error) {
	switch name {
	case "big":
		return w.openOnce(&w.tour.big, fakegithub.NewChange{Author: "alice", Title: "Everything at once", Body: "Wrapping, vouchers, a new basket, and the prices too."}, Size{Added: 900, Files: 12})
	case "part":
		return w.openOnce(&w.tour.part, fakegithub.NewChange{Author: "alice", Title: "Vouchers alone", Body: "One idea of it."}, Size{Added: 18})
	case "repair":
		return w.openOnce(&w.tour.repair, fakegithub.NewChange{Author: "alice", Title: "Repair the unit test", Body: "The test counted days by a clock of its own."}, Size{Added: 6})
	case "break":
		return 0, w.BreakMain()
	}
	return 0, fmt.Errorf("there is no move %q", name)
}

// openOnce opens a change of the tour, or finds the one that is open already.
func (w *World) openOnce(number *int, c fakegithub.NewChange, s Size) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if *number != 0 {
		return *number, nil
	}
	n, err := w.OpenChange(c, s)
	if err == nil {
		*number = n
	}
	return n, err
}

// BreakMain lets the unit check of main's newest commit fail.
func (w *World) BreakMain() error {
	w.mu.Lock()
	if w.tour.broken != "" {
		w.mu.Unlock()
		return errors.New("main is red already")
	}
	w.tour.broken, w.tour.red, w.tour.healed = w.GitHub.Branch(Repo, "main"), w.Now(), false
	w.mu.Unlock()
	return w.Report("unit", "main", "failure")
}

// outcome of a check of CI's on a commit.
func (w *World) outcome(check, sha string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if check == "unit" && sha == w.tour.broken {
		return "failure"
	}
	return "success"
}
