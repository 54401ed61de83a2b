package config

// teamRule is one of the team's own rules. Its condition is CEL, which this
// version keeps and does not evaluate.
type teamRule struct {
	Name name   `yaml:"name" jsonschema:"required" jsonschema_description:"What the rule is called."`
	If   string `yaml:"if" jsonschema:"required" jsonschema_description:"A condition in CEL."`
	Then then   `yaml:"then" jsonschema:"required" jsonschema_description:"What people are told, and how strongly."`
}

type then struct {
	Warn  string `yaml:"warn" jsonschema_description:"Warn with these words."`
	Block string `yaml:"block" jsonschema_description:"Refuse with these words."`
}

func (then) oneOf() []string { return []string{"warn", "block"} }

// response is a line of respond: what follows from what production says.
type response struct {
	If   string   `yaml:"if" jsonschema:"required" jsonschema_description:"A condition in CEL over the verdicts."`
	Then []string `yaml:"then" jsonschema:"required,enum=rollback,enum=promote,enum=hold,enum=ask,enum=comment,enum=thread,enum=page" jsonschema_description:"What is done."`
}
