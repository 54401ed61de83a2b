package handlers

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"nothing":                           {"", ""},
		"a command":                         {"/deploy staging", "deploy staging"},
		"with words around it":              {"Looks good.\n\n/deploy staging\n\nThanks!", "deploy staging"},
		"in any case":                       {"/Deploy Staging", "deploy Staging"},
		"with Windows lines":                {"hello\r\n/deploy staging\r\nbye\r\n", "deploy staging"},
		"with tabs and spaces":              {"/deploy\tstaging   @abc1234  ", "deploy staging @abc1234"},
		"another word":                      {"/deployment staging", ""},
		"with a mark":                       {"/deploy, please", ""},
		"another bot's":                     {"/retest\n/hold", ""},
		"a path":                            {"/deploy/staging", ""},
		"in the middle of a line":           {"please /deploy staging", ""},
		"after a space":                     {" /deploy staging", ""},
		"after a zero-width space":          {"\u200b/deploy staging", ""},
		"with one inside":                   {"/deploy\u200b staging", ""},
		"in inline code":                    {"`/deploy staging`", ""},
		"in a fence":                        {"```\n/deploy staging\n```", ""},
		"in a fence with a language":        {"```sh\n/deploy staging\n```", ""},
		"in a fence of tildes":              {"~~~\n/deploy staging\n~~~", ""},
		"in a fence that never ends":        {"```\n/deploy staging", ""},
		"in a longer fence":                 {"````\n```\n/deploy staging\n````", ""},
		"a fence's end has no language":     {"```\n```sh\n/deploy staging\n```", ""},
		"a fence's end is not indented":     {"```\n    ```\n/deploy staging\n```", ""},
		"a fence does not end by the other": {"```\n~~~\n/deploy staging\n```", ""},
		"after a fence":                     {"```\ncode\n```\n/deploy staging", "deploy staging"},
		"after a longer end":                {"```\ncode\n`````  \n/deploy staging", "deploy staging"},
		"after inline code of three":        {"```code```\n/deploy staging", "deploy staging"},
		"indented":                          {"    /deploy staging", ""},
		"quoted":                            {"> /deploy staging", ""},
		"quoted without a space":            {">/deploy staging", ""},
		"after a quote":                     {"> what now?\n\n/deploy staging", "deploy staging"},
		"hidden":                            {"<!-- /deploy staging -->", ""},
		"hidden over lines":                 {"<!--\n\n/deploy staging\n-->", ""},
		"hidden from the middle of a line":  {"look <!-- here\n/deploy staging\n-->", ""},
		"hidden a second time":              {"<!-- a --> b <!--\n/deploy staging\n-->", ""},
		"after what is hidden":              {"<!-- a -->\n/deploy staging", "deploy staging"},
		"after what is hidden in a line":    {"x <!-- a --> y\n/deploy staging", "deploy staging"},
		"after the end of a paragraph":      {"use `<!--` to hide\n\n/deploy staging", "deploy staging"},
		"preformatted":                      {"<pre>\n/deploy staging\n</pre>", ""},
		"after preformatted":                {"<PRE>x</PRE>\n/deploy staging", "deploy staging"},
		"after a rule":                      {"---\n/deploy staging", "deploy staging"},
		"in a comment without end":          {strings.Repeat("x", maxComment) + "\n/deploy staging", ""},
	} {
		t.Run(name, func(t *testing.T) {
			lines, problem := Parse(c.text, false)
			if problem != nil {
				t.Fatalf("refused: %+v", problem)
			}
			got := ""
			if len(lines) == 1 {
				got = strings.TrimSpace(lines[0].Verb + " " + strings.Join(lines[0].Args, " "))
			}
			if got != c.want || len(lines) > 1 {
				t.Errorf("%q holds %+v, want %q", c.text, lines, c.want)
			}
		})
	}
}

func TestTwoCommandsAreNone(t *testing.T) {
	lines, problem := Parse("/deploy staging "+strings.Repeat("x", 5000)+"\n/promote", false)
	if lines != nil || problem == nil || !strings.Contains(problem.Message, "2 commands") {
		t.Fatalf("%+v, %+v", lines, problem)
	}
	if !strings.HasPrefix(problem.Advice, "/deploy staging") || len(problem.Advice) > 200 {
		t.Errorf("the advice is %q", problem.Advice)
	}
	if lines, problem := Parse("/deploy staging\n```\n/promote\n```", false); len(lines) != 1 || problem != nil {
		t.Errorf("one in code counts: %+v, %+v", lines, problem)
	}
}

func TestParseChat(t *testing.T) {
	for text, want := range map[string]string{
		"": "help", " \n": "help", "deploy acme/shop#1 staging": "deploy acme/shop#1 staging",
		"/status": "status", "STATUS": "status", "deploy\nstaging": "deploy staging",
	} {
		lines, problem := Parse(text, true)
		if problem != nil || len(lines) != 1 || strings.TrimPrefix(lines[0].String(), "/") != want {
			t.Errorf("%q is %+v, %+v; want %q", text, lines, problem, want)
		}
	}
	lines, problem := Parse("deplyo acme/shop#1 staging", true)
	if lines != nil || problem == nil || !strings.Contains(problem.Message, "did you mean deploy?") || problem.Advice != "/deploy acme/shop#1 staging" {
		t.Errorf("%+v, %+v", lines, problem)
	}
	if _, problem := Parse("xyzzy", true); problem == nil || problem.Advice != "/help" {
		t.Errorf("%+v", problem)
	}
}

// Whatever strangers write: no panic, at most one command, which is of ours,
// stands at the beginning of a line, and is not all in code.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "/deploy staging", "```\n/deploy\n```", "> /deploy", "<!--\n/deploy\n-->", "/deploy\n/promote", "\r\n/help", "~~~~", "<pre", "a <!-- b", "\t/deploy"} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, text string, chat bool) {
		lines, problem := Parse(text, chat)
		if len(lines) > 1 || problem != nil && (lines != nil || problem.Message == "" || len([]rune(problem.Advice)) > 200) {
			t.Fatalf("%q: %+v, %+v", text, lines, problem)
		}
		for _, l := range lines {
			if !known(l.Verb) {
				t.Fatalf("%q: %+v is none of ours", text, l)
			}
			if !chat && !strings.Contains("\n"+strings.ToLower(text), "\n/"+l.Verb) {
				t.Fatalf("%q: %+v is not at the beginning of a line", text, l)
			}
			for _, arg := range l.Args {
				if strings.TrimSpace(arg) != arg || arg == "" {
					t.Fatalf("%q: argument %q", text, arg)
				}
			}
		}
		if lines, problem := Parse("```\n"+strings.ReplaceAll(text, "`", "'")+"\n```", false); len(lines) > 0 || problem != nil {
			t.Fatalf("%q in code: %+v, %+v", text, lines, problem)
		}
	})
}
