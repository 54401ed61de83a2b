package blockkit

type kind int

const (
	str kind = iota
	num
	boolean
	text      // plain_text or mrkdwn
	plain     // plain_text only
	mrkdwn    // mrkdwn only
	elem      // an element of the types in of
	elems     // a list of elements of the types in of
	blocks    // a list of blocks of the types in of
	object    // a composition object named in of[0]
	objects   // a list of composition objects named in of[0]
	anyv      // not looked into
	strs      // list of strings
	enum      // one of of
	textValue // a string member whose name is text in rich text
)

type field struct {
	k        kind
	req      bool
	min, max int // characters, or items for lists, or value for num
	of       []string
	src      string
}

type shape map[string]field

var (
	selects  = []string{"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
	multis   = []string{"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select"}
	pickers  = []string{"datepicker", "timepicker"}
	choices  = []string{"checkboxes", "radio_buttons"}
	inAction = cat([]string{"button", "overflow", "datetimepicker", "workflow_button", "rich_text_input", "icon_button", "feedback_buttons"}, selects, multis, pickers, choices)
	inSect   = cat([]string{"button", "overflow", "image", "workflow_button"}, selects, multis, pickers, choices)
	inInput  = cat([]string{"datetimepicker", "email_text_input", "file_input", "number_input", "plain_text_input", "rich_text_input", "url_text_input"}, selects, multis, pickers, choices)
)

func cat(l ...[]string) []string {
	var o []string
	for _, x := range l {
		o = append(o, x...)
	}
	return o
}

var id = field{k: str, max: 255, src: "T block-kit/extensions.d.ts action_id, blocks.d.ts block_id"}

func act(s shape) shape { s["action_id"] = id; return s }

var image = shape{"image_url": {k: str, max: 3000, src: "S image.image_url"}, "slack_file": {k: anyv}, "alt_text": {k: str, req: true, max: 2000, src: "T blocks.d.ts ImageBlock.alt_text"}}

// Blocks are the known blocks.
var Blocks = map[string]shape{
	"actions":            {"elements": {k: elems, req: true, min: 1, max: 25, of: inAction, src: "T blocks.d.ts ActionsBlock: maximum of 25 elements"}},
	"alert":              {"text": {k: text, req: true, max: 200, src: "S alert.text"}, "level": {k: enum, of: []string{"default", "info", "warning", "error", "success"}}},
	"card":               {"hero_image": {k: elem, of: []string{"image"}}, "icon": {k: elem, of: []string{"image"}}, "title": {k: text, max: 150, src: "T CardBlock.title"}, "subtitle": {k: text, max: 150, src: "T CardBlock.subtitle"}, "body": {k: text, max: 200, src: "T CardBlock.body"}, "subtext": {k: text, max: 200, src: "S card.subtext"}, "slack_icon": {k: anyv}, "actions": {k: elems, max: 3, of: []string{"button"}, src: "S card.actions"}},
	"carousel":           {"elements": {k: blocks, req: true, min: 1, max: 10, of: []string{"card"}, src: "T CarouselBlock: minimum 1, maximum 10"}},
	"container":          {"title": {k: plain, max: 150, src: "T ContainerBlock.title"}, "rich_text_title": {k: anyv}, "subtitle": {k: text, max: 150, src: "T ContainerBlock.subtitle"}, "child_blocks": {k: blocks, req: true, min: 1, max: 10, of: []string{"actions", "context", "divider", "file", "header", "image", "input", "rich_text", "section", "table", "video"}, src: "T ContainerBlock: maximum 10 blocks"}, "width": {k: enum, of: []string{"narrow", "standard", "wide", "full"}}, "icon": {k: elem, of: []string{"image"}}, "is_collapsible": {k: boolean}, "default_collapsed": {k: boolean}, "has_header_divider": {k: boolean}},
	"context":            {"elements": {k: elems, req: true, min: 1, max: 10, of: []string{"image", "plain_text", "mrkdwn"}, src: "T ContextBlock: maximum 10"}},
	"context_actions":    {"elements": {k: elems, req: true, min: 1, max: 5, of: []string{"feedback_buttons", "icon_button"}, src: "T ContextActionsBlock: maximum 5"}},
	"data_table":         {"rows": {k: anyv, req: true}, "caption": {k: str, req: true}, "page_size": {k: num, min: 1, max: 100, src: "T DataTableBlock.page_size"}, "row_header_column_index": {k: num}},
	"data_visualization": {"title": {k: anyv}, "chart": {k: anyv}, "type": {k: anyv}},
	"divider":            {},
	"file":               {"external_id": {k: str, req: true}, "source": {k: str, req: true}},
	"header":             {"text": {k: plain, req: true, min: 1, max: 150, src: "T HeaderBlock.text: 150"}, "level": {k: anyv}},
	"image":              with(image, shape{"title": {k: plain, max: 2000, src: "T ImageBlock.title"}}),
	"input":              {"label": {k: plain, req: true, max: 2000, src: "T InputBlock.label"}, "element": {k: elem, req: true, of: inInput}, "hint": {k: plain, max: 2000, src: "T InputBlock.hint"}, "optional": {k: boolean}, "dispatch_action": {k: boolean}},
	"markdown":           {"text": {k: str, req: true, max: 12000, src: "T MarkdownBlock.text: 12,000"}},
	"rich_text":          {"elements": {k: elems, req: true, of: []string{"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}}},
	"section":            {"text": {k: text, min: 1, max: 3000, src: "T SectionBlock.text: 1 to 3000"}, "fields": {k: objects, min: 1, max: 10, of: []string{"_field"}, src: "T SectionBlock.fields: 10 items"}, "accessory": {k: elem, of: inSect}, "expand": {k: boolean}},
	"table":              {"rows": {k: anyv, req: true, src: "T TableBlock.rows: 100 rows of 20 cells"}, "column_settings": {k: anyv}},
	"task_card":          {"task_id": {k: str, req: true}, "title": {k: str, req: true}, "details": {k: anyv}, "output": {k: anyv}, "sources": {k: anyv}, "status": {k: enum, req: true, of: []string{"pending", "in_progress", "complete", "error"}}},
	"plan":               {"title": {k: anyv, req: true}, "tasks": {k: anyv}, "plan_id": {k: anyv}},
	"video":              {"video_url": {k: str, req: true}, "thumbnail_url": {k: str, req: true}, "alt_text": {k: str, req: true, max: 200, src: "S video.alt_text"}, "title": {k: plain, req: true, max: 200, src: "T VideoBlock.title"}, "title_url": {k: str}, "author_name": {k: str, max: 50, src: "T VideoBlock.author_name"}, "provider_name": {k: str, max: 50, src: "S video.provider_name"}, "provider_icon_url": {k: str}, "description": {k: plain, max: 200, src: "S video.description"}},
}

var (
	selectBase = shape{"placeholder": {k: plain, max: 150, src: "T extensions.d.ts placeholder"}, "confirm": {k: object, of: []string{"_confirm"}}, "focus_on_load": {k: boolean}}
	multiBase  = with(selectBase, shape{"max_selected_items": {k: num, min: 1}})
)

func with(a, b shape) shape {
	o := shape{}
	for k, v := range a {
		o[k] = v
	}
	for k, v := range b {
		o[k] = v
	}
	return o
}

var staticSel = shape{"options": {k: objects, max: 100, of: []string{"_option"}, src: "T StaticSelect.options: 100"}, "option_groups": {k: objects, max: 100, of: []string{"_group"}, src: "T StaticSelect.option_groups: 100"}, "initial_option": {k: object, of: []string{"_option"}}}

// Elements are the known elements and composition objects (those begin with _).
var Elements = map[string]shape{
	"plain_text":                 {"text": {k: str, req: true, max: 3000, src: "T PlainTextElement.text"}, "emoji": {k: boolean}},
	"mrkdwn":                     {"text": {k: str, req: true, max: 3000, src: "T MrkdwnElement.text"}, "verbatim": {k: boolean}},
	"button":                     act(shape{"text": {k: plain, req: true, max: 75, src: "T Button.text: 75"}, "value": {k: str, max: 2000, src: "T Button.value: 2000"}, "url": {k: str, max: 3000, src: "T Button.url: 3000"}, "style": {k: enum, of: []string{"primary", "danger"}}, "confirm": {k: object, of: []string{"_confirm"}}, "accessibility_label": {k: str, max: 75, src: "T Button.accessibility_label: 75"}}),
	"image":                      image,
	"overflow":                   act(shape{"options": {k: objects, req: true, min: 1, max: 5, of: []string{"_option"}, src: "T Overflow: up to 5"}, "confirm": {k: object, of: []string{"_confirm"}}}),
	"static_select":              act(with(selectBase, staticSel)),
	"multi_static_select":        act(with(multiBase, with(staticSel, shape{"initial_options": {k: objects, of: []string{"_option"}}}))),
	"external_select":            act(with(selectBase, shape{"min_query_length": {k: num}, "initial_option": {k: anyv}})),
	"multi_external_select":      act(with(multiBase, shape{"min_query_length": {k: num}, "initial_options": {k: anyv}})),
	"users_select":               act(with(selectBase, shape{"initial_user": {k: str}})),
	"multi_users_select":         act(with(multiBase, shape{"initial_users": {k: strs}})),
	"conversations_select":       act(with(selectBase, shape{"initial_conversation": {k: str}, "default_to_current_conversation": {k: boolean}, "response_url_enabled": {k: boolean}, "filter": {k: anyv}})),
	"multi_conversations_select": act(with(multiBase, shape{"initial_conversations": {k: strs}, "default_to_current_conversation": {k: boolean}, "filter": {k: anyv}})),
	"channels_select":            act(with(selectBase, shape{"initial_channel": {k: str}, "response_url_enabled": {k: boolean}})),
	"multi_channels_select":      act(with(multiBase, shape{"initial_channels": {k: strs}})),
	"checkboxes":                 act(shape{"options": {k: objects, req: true, min: 1, max: 10, of: []string{"_option"}, src: "T Checkboxes: maximum 10"}, "initial_options": {k: objects, of: []string{"_option"}}, "confirm": {k: object, of: []string{"_confirm"}}, "focus_on_load": {k: boolean}}),
	"radio_buttons":              act(shape{"options": {k: objects, req: true, min: 1, max: 10, of: []string{"_option"}, src: "T RadioButtons: maximum 10"}, "initial_option": {k: object, of: []string{"_option"}}, "confirm": {k: object, of: []string{"_confirm"}}, "focus_on_load": {k: boolean}}),
	"datepicker":                 act(with(selectBase, shape{"initial_date": {k: str}})),
	"timepicker":                 act(with(selectBase, shape{"initial_time": {k: str}, "timezone": {k: str}})),
	"datetimepicker":             act(shape{"initial_date_time": {k: num}, "confirm": {k: object, of: []string{"_confirm"}}, "focus_on_load": {k: boolean}}),
	"plain_text_input":           act(shape{"initial_value": {k: str}, "multiline": {k: boolean}, "min_length": {k: num, max: 3000}, "max_length": {k: num, max: 3000}, "dispatch_action_config": {k: anyv}, "focus_on_load": {k: boolean}, "placeholder": {k: plain, max: 150}}),
	"email_text_input":           act(shape{"initial_value": {k: str}, "dispatch_action_config": {k: anyv}, "focus_on_load": {k: boolean}, "placeholder": {k: plain, max: 150}}),
	"url_text_input":             act(shape{"initial_value": {k: str}, "dispatch_action_config": {k: anyv}, "focus_on_load": {k: boolean}, "placeholder": {k: plain, max: 150}}),
	"number_input":               act(shape{"is_decimal_allowed": {k: boolean, req: true}, "initial_value": {k: str}, "min_value": {k: str}, "max_value": {k: str}, "dispatch_action_config": {k: anyv}, "focus_on_load": {k: boolean}, "placeholder": {k: plain, max: 150}}),
	"file_input":                 act(shape{"filetypes": {k: strs}, "max_files": {k: num, min: 1, max: 10, src: "T FileInput.max_files"}}),
	"rich_text_input":            act(shape{"initial_value": {k: anyv}, "dispatch_action_config": {k: anyv}, "focus_on_load": {k: boolean}, "placeholder": {k: plain, max: 150}, "min_lines": {k: num}, "max_lines": {k: num, min: 1, max: 100}}),
	"workflow_button":            act(shape{"text": {k: plain, req: true, max: 75, src: "T WorkflowButton.text: 75"}, "workflow": {k: anyv, req: true}, "style": {k: enum, of: []string{"primary", "danger"}}, "accessibility_label": {k: str, max: 75}}),
	"feedback_buttons":           act(shape{"positive_button": {k: anyv, req: true}, "negative_button": {k: anyv, req: true}}),
	"icon_button":                act(shape{"icon": {k: str, req: true}, "text": {k: plain, req: true}, "value": {k: str, max: 2000}, "confirm": {k: object, of: []string{"_confirm"}}, "accessibility_label": {k: str, max: 75}, "visible_to_user_ids": {k: strs, max: 10}}),
	"rich_text_section":          {"elements": {k: anyv, req: true}},
	"rich_text_list":             {"elements": {k: anyv, req: true}, "style": {k: enum, req: true, of: []string{"bullet", "ordered"}}, "indent": {k: num, max: 8}, "border": {k: num}, "offset": {k: num}},
	"rich_text_quote":            {"elements": {k: anyv, req: true}, "border": {k: num}},
	"rich_text_preformatted":     {"elements": {k: anyv, req: true}, "border": {k: num}, "language": {k: str}},
	"_option":                    {"text": {k: text, req: true, max: 75, src: "T OptionDescriptor.text: 75"}, "value": {k: str, max: 150, src: "S option.value 150 (T says 75)"}, "description": {k: text, max: 75, src: "T OptionDescriptor.description: 75"}, "url": {k: str, max: 3000, src: "T OptionDescriptor.url: 3000"}},
	"_group":                     {"label": {k: plain, req: true, max: 75, src: "T OptionGroup.label"}, "options": {k: objects, req: true, min: 1, max: 100, of: []string{"_option"}, src: "T OptionGroup.options"}},
	"_confirm":                   {"title": {k: plain, req: true, max: 100, src: "T Confirm.title"}, "text": {k: text, req: true, max: 300, src: "T Confirm.text"}, "confirm": {k: plain, req: true, max: 30, src: "T Confirm.confirm"}, "deny": {k: plain, req: true, max: 30, src: "T Confirm.deny"}, "style": {k: enum, of: []string{"primary", "danger"}}},
}

// where a block may stand; absent means everywhere
var surfaces = map[string]map[Surface]bool{
	"file": {Message: true}, "markdown": {Message: true}, "table": {Message: true}, "context_actions": {Message: true},
	"data_table": {Message: true}, "task_card": {Message: true}, "plan": {Message: true}, "carousel": {Message: true},
}
