package deploy

import (
	"encoding/json"
	"math/rand"
	"reflect"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/judge"
)

// sees is a rollout that was shown so many windows, each as it is given.
func sees(w Watch, windows []bot.Window) Rollout {
	for i, window := range windows {
		window.From, window.To = begin.Add(time.Duration(i)*time.Minute), begin.Add(time.Duration(i+1)*time.Minute)
		w = w.with(Looked{Windows: map[string][]bot.Window{"errors": {window}}})
	}
	return Rollout{Watch: w, Stage: canary()}
}

// split is a window at a weight with so many bad events of each side.
func split(weight, canaryBad, stableBad float64) bot.Window {
	return bot.Window{CanaryTotal: 10 * weight, StableTotal: 10 * (100 - weight), CanaryBad: canaryBad, StableBad: stableBad}
}

// A shared outage in the first minute at a new weight is nobody's harm,
// however many windows came after it and whichever of them are still kept.
func TestASharedOutageAtAStepStaysShared(t *testing.T) {
	var windows []bot.Window
	for range 5 {
		windows = append(windows, split(5, 0, 1))
	}
	windows = append(windows, split(50, 50, 50))
	for len(windows) < 600 {
		windows = append(windows, split(50, 1, 1))
	}
	for _, n := range []int{239, 240, 241, 242, 500, 600} {
		v := sees(watched(), windows[:n]).Verdict()
		if got := v.Findings[0].Verdict; v.Fails() || got.Peak > 0.5 {
			t.Errorf("after %d windows: %s, peak %.2f", n, got.Outcome, got.Peak)
		}
	}
}

// Judging with what is kept is to the last bit judging with all, also when it
// was saved and read in between.
func TestThePastIsWeighedAsIfItWereKept(t *testing.T) {
	rnd := rand.New(rand.NewSource(4))
	var windows []bot.Window
	for i := range 3*keepWindows + 7 {
		w := split([]float64{1, 5, 25, 50}[i*4/800], float64(rnd.Intn(4)), float64(rnd.Intn(20)))
		if rnd.Intn(5) == 0 {
			w = bot.Window{Missing: "no answer"}
		}
		windows = append(windows, w)
	}
	probed := watched()
	probed.Metrics[0].Probe = &Probe{Allow: 0.05}
	for name, w := range map[string]Watch{"ratio": watched(), "probe": probed} {
		r, m := sees(w, windows), w.Metrics[0]
		if n := len(r.Watch.Windows["errors"]); n != keepWindows {
			t.Fatalf("%s: %d windows are kept", name, n)
		}
		written, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var read Rollout
		if err := json.Unmarshal(written, &read); err != nil {
			t.Fatal(err)
		}
		want := Past{}.with(m, windows, w.setting(m)).verdict(m, w.setting(m))
		for _, r := range []Rollout{r, read} {
			if got := r.Verdict().Findings[0].Verdict; !reflect.DeepEqual(got, want) || got.Windows == 0 {
				t.Errorf("%s: with what is kept\n%+v, with all\n%+v", name, got, want)
			}
		}
		if len(written) > 100_000 {
			t.Errorf("%s: a rollout takes %d bytes", name, len(written))
		}
	}
}

// A healthy release is blamed with at most the probability that the file
// allows, also after far more windows than are kept, over steps of the weight
// and with outages that strike both sides alike.
func TestFalseBlameOverManyWindowsAndSteps(t *testing.T) {
	if testing.Short() {
		t.Skip("it simulates")
	}
	const rollouts, looks = 1000, 400
	rnd := rand.New(rand.NewSource(20261126))
	blamed, m := 0, watched().Metrics[0]
	for range rollouts {
		w, s := watched(), watched().setting(m)
		for i := range looks {
			weight := []float64{5, 25, 50, 90}[i*4/looks]
			rate := 0.002
			if rnd.Intn(40) == 0 || i%100 == 0 {
				rate = 0.1 // an outage, also in the first minute of each weight
			}
			window := split(weight, poisson(rnd, 10*weight*rate), poisson(rnd, 10*(100-weight)*rate))
			w.Windows = map[string][]bot.Window{m.Name: append(w.Windows[m.Name], window)}
			w.forget(m.Name)
		}
		if w.all(m).verdict(m, s).Outcome == judge.Fail {
			blamed++
		}
	}
	if share := float64(blamed) / rollouts; share > watched().Judge.FalseBlame {
		t.Errorf("%d of %d healthy rollouts were blamed", blamed, rollouts)
	}
}

// poisson draws how many events come where so many are expected: waits add up.
func poisson(rnd *rand.Rand, expected float64) (n float64) {
	for left := rnd.ExpFloat64(); left < expected; left += rnd.ExpFloat64() {
		n++
	}
	return n
}
