package config

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// Secret is text that must not be seen: however it is printed, logged or
// marshalled, only [secret] appears. The zero value is no secret.
type Secret struct {
	// A pointer, because fmt prints the unexported fields of others without
	// asking their methods; of a pointer it shows the address.
	text *string
}

const redacted = "[secret]"

// NewSecret hides text; empty text is no secret.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal is the text. Call it where it is used, and pass it on nowhere else.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether there is none.
func (s Secret) IsZero() bool { return s.text == nil }

// String shows whether there is one, not which.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return redacted
}

// GoString is String.
func (s Secret) GoString() string { return s.String() }

// Format is String for every verb: %x would tell as much as %s.
func (s Secret) Format(f fmt.State, _ rune) {
	// The printer that called us keeps the error of its own writer.
	_, _ = io.WriteString(f, s.String())
}

// MarshalJSON is String.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// MarshalText is String.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalYAML is String.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// LogValue is String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

func (s *Secret) setText(text string) error {
	*s = NewSecret(text)
	return nil
}
