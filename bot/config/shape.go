package config

// shape is the repository's file as people write it. Each section's shape is
// in the section's file.
type shape struct {
	Version    int              `yaml:"version" jsonschema:"required,minimum=1,maximum=1" jsonschema_description:"Version of this format: 1."`
	Batch      *batch           `yaml:"batch" jsonschema_description:"How large a change should be; the check roundtrip / batch."`
	Green      *green           `yaml:"green" jsonschema_description:"Which branches must be green; the check roundtrip / main."`
	Flow       *flow            `yaml:"flow" jsonschema_description:"Work in progress, age, plan and review of changes; the check roundtrip / flow."`
	Rules      []teamRule       `yaml:"rules" jsonschema_description:"The team's own if-then rules."`
	Services   map[name]service `yaml:"services" jsonschema_description:"What is deployed from here. Leave it out in a repository with one service."`
	Commands   commands         `yaml:"commands" jsonschema_description:"Who may use commands, and how they are written."`
	Stages     map[name]stage   `yaml:"stages" jsonschema_description:"The way to production, in order."`
	Sources    []name           `yaml:"sources" jsonschema_description:"Sources of metrics, by the names that the server's settings give them."`
	Arms       arms             `yaml:"arms" jsonschema_description:"How a query tells canary and stable apart."`
	Metrics    map[name]metric  `yaml:"metrics" jsonschema_description:"What production is asked."`
	Probes     map[name]probe   `yaml:"probes" jsonschema_description:"Addresses that are asked regularly; their hosts are on the server's list."`
	Judge      judge            `yaml:"judge" jsonschema_description:"How sure a verdict must be, and how long it may take."`
	Dependents []name           `yaml:"dependents" jsonschema_description:"Services whose errors are watched too, advisory."`
	Respond    []response       `yaml:"respond" jsonschema_description:"What follows from what production says; the first match wins."`
	Notify     notify           `yaml:"notify" jsonschema_description:"Where people are told, in Slack."`
	Report     report           `yaml:"report" jsonschema_description:"The weekly flow report and what it counts."`
}
