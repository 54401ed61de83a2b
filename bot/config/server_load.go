package config

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// loader gathers settings from the environment and the file, and remembers
// where each comes from, so that a mistake can point there.
type loader struct {
	*walker
	environ  map[string]string
	readFile func(string) ([]byte, error)
	shape    serverShape
	origins  map[string]origin // by the setting's name
}

// origin is a variable of the environment, or a place in the file.
type origin struct {
	variable string
	path     string
}

const prefix = "ROUNDTRIP_"

// ofOthers are variables that begin like ours: those of our tests, and those
// by which Kubernetes says where a service is.
var ofOthers = regexp.MustCompile(`^ROUNDTRIP_(TEST_.*|(.*_)?SERVICE_(HOST|PORT|PORT_.*)|(.*_)?PORT(_\d+_(TCP|UDP|SCTP)(_.*)?)?)$`)

func variable(name string) string { return prefix + strings.ToUpper(name) }

// misspelt finds variables that look like ours and are none: a setting that is
// not read must not look as if it were. What Kubernetes sets beside a service
// named roundtrip is let through.
func (l *loader) misspelt() {
	var known []string
	for _, f := range fieldsOf(reflect.TypeOf(l.shape)) {
		known = append(known, variable(f.name))
		if reflect.TypeOf(l.shape).Field(f.index).Type == reflect.TypeFor[Secret]() {
			known = append(known, variable(f.name)+"_FILE")
		}
	}
	for _, v := range slices.Sorted(maps.Keys(l.environ)) {
		if strings.HasPrefix(v, prefix) && !ofOthers.MatchString(v) && !slices.Contains(known, v) {
			l.say(origin{variable: v}, "there is no such setting", words.DidYouMean(v, known))
		}
	}
}

// settle decides each setting: the environment, else the file, else its default.
func (l *loader) settle() {
	v := reflect.ValueOf(&l.shape).Elem()
	for _, f := range fieldsOf(v.Type()) {
		tag := v.Type().Field(f.index).Tag
		switch into := v.Field(f.index).Addr().Interface().(type) {
		case *setting:
			if tag.Get("of") == "" {
				l.settleWord(f.name, into, tag.Get("default"))
			}
		case *Secret:
			l.settleSecret(f.name, into, l.fileOf(f.name))
			if into.IsZero() {
				*into = NewSecret(tag.Get("default"))
			}
		}
	}
	l.endpointSecrets()
}

func (l *loader) settleWord(name string, into *setting, otherwise string) {
	l.origins[name] = l.origin(name)
	if given := l.environ[variable(name)]; given != "" {
		*into, l.origins[name] = setting(given), origin{variable: variable(name)}
	}
	if strings.TrimSpace(string(*into)) == "" {
		*into = setting(otherwise)
	}
}

func (l *loader) origin(name string) origin {
	if l.has(name) {
		return origin{path: name}
	}
	return origin{variable: variable(name)}
}

// fileOf is what the settings' file gives as NAME_file.
func (l *loader) fileOf(name string) string {
	v := reflect.ValueOf(l.shape)
	for _, f := range fieldsOf(v.Type()) {
		if v.Type().Field(f.index).Tag.Get("of") == name {
			return v.Field(f.index).String()
		}
	}
	return ""
}

func (l *loader) settleSecret(name string, into *Secret, file string) {
	l.origins[name] = l.origin(name)
	inEnv, envFile := l.environ[variable(name)], l.environ[variable(name)+"_FILE"]
	switch {
	case inEnv != "" && envFile != "":
		l.say(origin{variable: variable(name)}, "is set beside "+variable(name)+"_FILE", "set one of the two")
	case inEnv != "":
		*into, l.origins[name] = NewSecret(inEnv), origin{variable: variable(name)}
	case envFile != "":
		l.origins[name] = origin{variable: variable(name) + "_FILE"}
		*into = l.secretFrom(l.origins[name], envFile)
	case file != "" && !into.IsZero():
		l.say(origin{path: name + "_file"}, "is set beside "+name, "set one of the two")
	case file != "":
		l.origins[name] = origin{path: name + "_file"}
		*into = l.secretFrom(l.origins[name], file)
	}
}

// secretFrom reads a secret's file. The line break that editors add at its end
// is not part of it.
func (l *loader) secretFrom(from origin, file string) Secret {
	text, err := l.readFile(file)
	if err != nil {
		l.say(from, "the file cannot be read: "+err.Error(), "name a file that the server may read")
		return Secret{}
	}
	s := NewSecret(strings.TrimRight(string(text), "\r\n"))
	if s.IsZero() {
		l.say(from, "the file is empty", "write the secret into it")
	}
	return s
}

func (l *loader) endpointSecrets() {
	for _, n := range l.order["endpoints"] {
		e, at := l.shape.Endpoints[name(n)], "endpoints."+n
		switch {
		case e.SecretFile != "" && !e.Secret.IsZero():
			l.say(origin{path: at + ".secret_file"}, "is set beside secret", "set one of the two")
		case e.SecretFile != "":
			e.Secret = l.secretFrom(origin{path: at + ".secret_file"}, string(e.SecretFile))
			l.shape.Endpoints[name(n)] = e
		}
	}
}

// mistaken notes what is wrong with a setting, where it comes from.
func (l *loader) mistaken(name, message, hint string) { l.say(l.origins[name], message, hint) }

func (l *loader) say(from origin, message, hint string) {
	if from.path != "" {
		l.wrong(from.path, message, hint)
		return
	}
	l.note(place{}, from.variable, message, hint)
	l.mistakes[len(l.mistakes)-1].File = "environment"
}
