package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// asMain makes this test binary be roundtrip: tests run it as a process of its
// own, to kill it or to interrupt it.
const asMain = "ROUNDTRIP_TEST_AS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func runWith(t *testing.T, environ map[string]string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	var variables []string
	for name, value := range environ {
		variables = append(variables, name+"="+value)
	}
	status = run(t.Context(), args, variables, &out, &errs)
	return status, out.String(), errs.String()
}

func TestWrongFlagsAndSettings(t *testing.T) {
	for name, c := range map[string]struct {
		args    []string
		environ map[string]string
		want    []string
	}{
		"no such command":  {[]string{"serv"}, nil, []string{`"serv"`, "did you mean serve?"}},
		"letters swapped":  {[]string{"plaground"}, nil, []string{`"plaground"`, "did you mean playground?"}},
		"a bench like it":  {[]string{"bench", "apii"}, nil, []string{`"apii"`, "did you mean api?"}},
		"no such flag":     {[]string{"serve", "--port", "1"}, nil, []string{"--port", "known: config"}},
		"no such flags":    {[]string{"serve", "--config", "/nope", "--confgi=1", "--foo"}, nil, []string{"--confgi", "did you mean config?", "--foo", "/nope", "ROUNDTRIP_GITHUB_APP_ID"}},
		"flags and others": {[]string{"playground", "now", "--addr", "nonsense", "--story", "/nope", "--zzz"}, nil, []string{`"now"`, "--addr", "--story", "--zzz"}},
		"a flag of none":   {[]string{"version", "--brief"}, nil, []string{"--brief"}},
		"no file":          {[]string{"check", "--quiet"}, nil, []string{"--quiet", "takes 1 argument", "roundtrip check .github/roundtrip.yml"}},
		"an argument":      {[]string{"serve", "now"}, nil, []string{`"now"`}},
		"a misspelt name":  {[]string{"serve"}, map[string]string{"ROUNDTRIP_MOD": "observe"}, []string{"ROUNDTRIP_MOD", "did you mean ROUNDTRIP_MODE?"}},
		"nothing set":      {[]string{"serve"}, nil, []string{"ROUNDTRIP_GITHUB_APP_ID", "ROUNDTRIP_GITHUB_PRIVATE_KEY", "ROUNDTRIP_GITHUB_WEBHOOK_SECRET", "openssl rand -hex 32"}},
		"all at once":      {[]string{"serve"}, map[string]string{"ROUNDTRIP_GITHUB_APP_ID": "x", "ROUNDTRIP_GITHUB_WEBHOOK_SECRET": "short", "ROUNDTRIP_MODE": "watch"}, []string{"APP_ID", "WEBHOOK_SECRET", "MODE", "PRIVATE_KEY"}},
		"an open address":  {[]string{"playground", "--addr", "0.0.0.0:7080"}, nil, []string{"--addr", "127.0.0.1:7080"}},
		"three at once":    {[]string{"playground", "--addr", "x", "--story", "nowhere.txt"}, nil, []string{"--addr", "--story", "nowhere.txt"}},
		"update of what":   {[]string{"playground", "--update"}, nil, []string{"--update", "--story"}},
		"no such line":     {[]string{"sim", "--seeds", "1", "--from", "7", "--only", "1,999"}, nil, []string{"--only", "no line 999", "seed 7 has lines 1 to "}},
		"lines of several": {[]string{"sim", "--seeds", "2", "--only", "1", "--within=-1s"}, nil, []string{"--only", "one seed's script", "--within", "-1s"}},
		"a week like that": {[]string{"report", "--week", "2026-99"}, nil, []string{"--week", "2026-99"}},
	} {
		t.Run(name, func(t *testing.T) {
			status, stdout, stderr := runWith(t, c.environ, c.args...)
			if status != 2 {
				t.Errorf("exit status %d, want 2", status)
			}
			if stdout != "" {
				t.Errorf("on stdout: %q", stdout)
			}
			for _, want := range c.want {
				if !strings.Contains(stderr, want) {
					t.Errorf("stderr lacks %q:\n%s", want, stderr)
				}
			}
			if strings.Contains(stderr, "short") {
				t.Error("a secret was shown")
			}
		})
	}
}

func TestHelpNamesEveryCommand(t *testing.T) {
	status, stdout, _ := runWith(t, nil, "--help")
	if status != 0 {
		t.Errorf("exit status %d", status)
	}
	for _, c := range subcommands(environment{}) {
		if !strings.Contains(stdout, c.Name()) || c.Short == "" {
			t.Errorf("help does not speak of %s", c.Name())
		}
	}
}

func TestVersion(t *testing.T) {
	if status, stdout, _ := runWith(t, nil, "version"); status != 0 || !strings.HasPrefix(stdout, "roundtrip ") {
		t.Errorf("%d %q", status, stdout)
	}
}

func TestGeneratedPagesAreTheCodes(t *testing.T) {
	for _, d := range generated() {
		have, err := os.ReadFile("../../docs/" + d.path)
		if err != nil || !bytes.Equal(have, d.text()) {
			t.Errorf("docs/%s is not what the code says (%v); run: go run ./cmd/roundtrip docs", d.path, err)
		}
	}
}
