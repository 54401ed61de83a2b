package main

import (
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// TestWhatCannotBeOpenedIsToldAtOnce: both addresses are taken and the
// database has no folder.
func TestWhatCannotBeOpenedIsToldAtOnce(t *testing.T) {
	taken := must[net.Listener](t)(net.Listen("tcp", "127.0.0.1:0"))
	defer taken.Close()
	too := must[net.Listener](t)(net.Listen("tcp", "127.0.0.1:0"))
	defer too.Close()
	w := live(t, playground.LiveFile)
	environ := w.Settings("sqlite:" + filepath.Join(t.TempDir(), "no", "folder", "x.db"))
	environ["ROUNDTRIP_LISTEN"], environ["ROUNDTRIP_ADMIN_LISTEN"] = taken.Addr().String(), too.Addr().String()
	status, _, stderr := runWith(t, environ, "serve")
	if status != 2 {
		t.Errorf("exit status %d, want 2", status)
	}
	for _, want := range []string{"ROUNDTRIP_LISTEN: ", "ROUNDTRIP_ADMIN_LISTEN: ", "ROUNDTRIP_DATABASE_URL: ", "no such file", "free host:port", "sqlite:/var/lib"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("stderr lacks %q:\n%s", want, stderr)
		}
	}
}
