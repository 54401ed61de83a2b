package memory

import (
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Exercise(t, func(_ *testing.T, c *storetest.Clock) storetest.Store { return New(c.Now) })
}
