package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Limits of a file. They are far above what people write and far below what
// makes a parser slow or its stack deep.
const (
	maxBytes  = 256 << 10
	maxTokens = 20_000
	maxDepth  = 40
)

// parseTree makes a tree of text, or says in one mistake why it cannot.
func parseTree(file string, text []byte) (ast.Node, *bot.Mistake) {
	if m := guardText(file, text); m != nil {
		return nil, m
	}
	// Some editors begin a file with a byte order mark, which is no content.
	tokens := lexer.Tokenize(strings.TrimPrefix(string(text), "\ufeff"))
	if m := guardTokens(file, tokens); m != nil {
		return nil, m
	}
	tree, err := parse(tokens)
	if err != nil {
		return nil, syntaxMistake(file, err)
	}
	return onlyDocument(file, tree)
}

func guardText(file string, text []byte) *bot.Mistake {
	switch {
	case len(text) > maxBytes:
		return &bot.Mistake{File: file, Line: 1, Column: 1,
			Message: fmt.Sprintf("the file has %d bytes; at most %d are read", len(text), maxBytes),
			Hint:    "use globs in place of long lists"}
	case !utf8.Valid(text):
		line, column := invalidAt(text)
		return &bot.Mistake{File: file, Line: line, Column: column, Message: "the file is not UTF-8", Hint: "save it as UTF-8"}
	case bytes.IndexByte(text, 0) >= 0:
		line, column := placeAt(text, bytes.IndexByte(text, 0))
		return &bot.Mistake{File: file, Line: line, Column: column, Message: "the file holds a NUL character", Hint: "delete it"}
	}
	return nil
}

func invalidAt(text []byte) (line, column int) {
	at := 0
	for at < len(text) {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		at += size
	}
	return placeAt(text, at)
}

func placeAt(text []byte, at int) (line, column int) {
	before := text[:at]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[start:]) + 1
}

// guardTokens refuses what would make the parser recurse deeply, and the
// parts of YAML that nobody needs in a file of settings.
func guardTokens(file string, tokens token.Tokens) *bot.Mistake {
	flow, dashes, anchors, line := 0, 0, 0, 0
	for i, t := range tokens {
		if t.Position.Line != line {
			line, dashes = t.Position.Line, 0
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow--
		case token.SequenceEntryType:
			dashes++
		case token.AnchorType:
			anchors++
		case token.TagType, token.MappingKeyType, token.DirectiveType, token.MergeKeyType:
			return mistakeAt(file, t, fmt.Sprintf("%q is YAML that is not read here", t.Value), "write the value without it")
		}
		if flow > maxDepth || dashes > maxDepth || t.Position.IndentNum > 20*maxDepth {
			return mistakeAt(file, t, "it is nested too deeply", fmt.Sprintf("at most %d levels are read", maxDepth))
		}
		if i > maxTokens || anchors > 100 {
			return mistakeAt(file, t, "the file holds too many values", "use globs in place of long lists")
		}
	}
	return nil
}

// parse keeps a fault of the YAML library from taking the server down.
func parse(tokens token.Tokens) (f *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, errors.New("this YAML cannot be read")
		}
	}()
	return parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
}

func syntaxMistake(file string, err error) *bot.Mistake {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		return mistakeAt(file, e.GetToken(), "this is not YAML: "+e.GetMessage(), "check quotes, brackets and indentation near here")
	}
	return &bot.Mistake{File: file, Line: 1, Column: 1, Message: "this is not YAML", Hint: "check quotes, brackets and indentation"}
}

func onlyDocument(file string, f *ast.File) (ast.Node, *bot.Mistake) {
	var body ast.Node
	for _, d := range f.Docs {
		if d.Body == nil {
			continue
		}
		if body != nil {
			p := startOf(d.Body)
			return nil, &bot.Mistake{File: file, Line: p.line, Column: p.column, Message: "a second document begins here", Hint: "keep one, without ---"}
		}
		body = d.Body
	}
	if body == nil {
		return nil, &bot.Mistake{File: file, Line: 1, Column: 1, Message: "the file is empty", Hint: "write version: 1 and what you want, or delete the file"}
	}
	return body, nil
}

func mistakeAt(file string, t *token.Token, message, hint string) *bot.Mistake {
	p := placeOf(t)
	return &bot.Mistake{File: file, Line: p.line, Column: p.column, Message: message, Hint: hint}
}
