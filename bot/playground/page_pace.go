package playground

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// speeds that people may choose: at the last, an hour takes a minute.
var speeds = []int{1, 10, 60}

// pace is the world's time and how fast it passes.
type pace struct {
	Now    time.Time
	Speed  int
	Speeds []int
}

func (w *World) pace() pace {
	return pace{Now: w.Now(), Speed: int(w.clock.Speed()), Speeds: speeds}
}

// formSpeed changes how fast time passes from now on.
func (w *World) formSpeed(r *http.Request) error {
	n, err := strconv.Atoi(r.FormValue("speed"))
	if err != nil || !slices.Contains(speeds, n) {
		return fmt.Errorf("speed must be one of %v, not %q", speeds, r.FormValue("speed"))
	}
	w.clock.SetSpeed(float64(n))
	return nil
}
