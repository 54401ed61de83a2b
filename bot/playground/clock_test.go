package playground

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestAnHourInAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := RunningClock()
		began := c.Now()
		passes := func(want time.Duration) {
			t.Helper()
			if got := c.Now().Sub(began); got.Round(time.Millisecond) != want {
				t.Errorf("%s have passed, not %s", got, want)
			}
		}
		time.Sleep(10 * time.Second)
		passes(10 * time.Second)
		c.SetSpeed(60)
		passes(10 * time.Second) // a change moves nothing
		time.Sleep(time.Minute)
		passes(time.Hour + 10*time.Second)
		c.SetSpeed(1)
		passes(time.Hour + 10*time.Second)
		time.Sleep(time.Second)
		passes(time.Hour + 11*time.Second)
		c.Skip(time.Minute)
		time.Sleep(time.Second)
		passes(time.Hour + 72*time.Second)
	})
}

func TestWaitsFollowTheSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := RunningClock()
		began := time.Now()
		go func() {
			time.Sleep(10 * time.Second)
			c.SetSpeed(60)
		}()
		c.Wait(t.Context(), 70*time.Second)
		if got := time.Since(began).Round(10 * time.Millisecond); got != 11*time.Second {
			t.Errorf("70 s, of which 60 at 60 a second, took %s", got)
		}
		began = time.Now()
		<-c.After(30 * time.Second)
		if got := time.Since(began); got != 500*time.Millisecond {
			t.Errorf("half a minute's idleness took %s", got)
		}
		began = time.Now()
		<-c.After(250 * time.Millisecond)
		if got := time.Since(began); got != shortest {
			t.Errorf("who is idle looked after %s", got)
		}
	})
}

func TestAClockThatStandsStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
		c := NewClock(at)
		time.Sleep(time.Hour)
		c.Set(at.Add(-time.Minute))
		if !c.Now().Equal(at) {
			t.Errorf("it moved to %s", c.Now())
		}
		go func() { // not before somebody waits
			synctest.Wait()
			c.Set(at.Add(time.Minute))
		}()
		c.Wait(t.Context(), time.Minute)
		if !c.Now().Equal(at.Add(time.Minute)) {
			t.Errorf("it is %s", c.Now())
		}
	})
}
