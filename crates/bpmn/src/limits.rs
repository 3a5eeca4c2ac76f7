//! Every limit of this crate in one place, so that a reader sees at a glance what an input can cost.

/// Bytes of a BPMN file.
pub const XML_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Nesting of XML elements. Sub-processes nest one level each, so this bounds every walk over scopes too.
pub const XML_DEPTH_MAX: usize = 64;
/// Attributes of one XML element.
pub const XML_ATTRIBUTES_MAX: usize = 128;
/// Namespace declarations of a file.
pub const XML_NAMESPACES_MAX: usize = 500;
/// XML nodes of a file, diagram and text included.
pub const XML_NODES_MAX: u32 = 200_000;

/// The bounds within which a file is read at all.
pub(crate) const XML: wuchuang_xml::Limits = wuchuang_xml::Limits {
    bytes_max: XML_BYTES_MAX,
    depth_max: XML_DEPTH_MAX,
    attributes_max: XML_ATTRIBUTES_MAX,
    namespaces_max: XML_NAMESPACES_MAX,
    nodes_max: XML_NODES_MAX,
    split: "请拆成几个流程，用“调用活动”连接",
    flatten: "请把内层子流程改为“调用活动”",
};
/// Flow nodes and sequence flows of a file.
pub const ELEMENTS_MAX: usize = 5_000;
/// Characters of one name, id or other short text in a file.
pub const TEXT_CHARACTERS_MAX: usize = 1_000;
/// Questions of one task.
pub const QUESTIONS_MAX: usize = 20;
/// Choices of one question.
pub const CHOICES_MAX: usize = 50;
/// Problems reported for one file; the rest is counted.
pub const PROBLEMS_MAX: usize = 200;

/// Characters of an expression.
pub const EXPRESSION_CHARACTERS_MAX: usize = 4_000;
/// Nesting of an expression.
pub const EXPRESSION_DEPTH_MAX: usize = 40;
/// Operations in one evaluation of an expression; nested quantifiers over long lists hit it.
pub const EXPRESSION_WORK_MAX: u32 = 50_000;
/// Operations in all evaluations within one step.
pub const EXPRESSION_WORK_PER_STEP_MAX: u32 = 1_000_000;
/// Characters of a text that an expression may build.
pub const EXPRESSION_TEXT_MAX: usize = 64 * 1024;

/// Elements entered within one step. A loop that never waits ends here as an incident.
pub const MOVES_PER_STEP_MAX: u32 = 20_000;
/// Tokens alive at once in an instance.
pub const TOKENS_MAX: usize = 2_000;
/// Instances of one multi-instance activity.
pub const OCCURRENCES_MAX: usize = 1_000;
/// Completed tasks and joins remembered per scope for returning; older ones can no longer be returned to.
pub const MOMENTS_MAX: usize = 500;
/// Compensation records kept per scope.
pub const COMPENSATIONS_MAX: usize = 500;
/// Numbers of tokens and timers an instance may use up in its life.
pub const NUMBERS_MAX: u32 = 4_000_000_000;
/// Values (members of lists and objects) in one event's variables, and in an instance's.
pub const VARIABLE_VALUES_MAX: usize = 20_000;
/// Nesting of a variable's value.
pub const VARIABLE_DEPTH_MAX: usize = 32;
/// Bytes of text in one event's variables, and in an instance's.
pub const VARIABLE_TEXT_BYTES_MAX: usize = 512 * 1024;
/// Events that one run of the `run` command answers.
pub const RUN_EVENTS_MAX: usize = 10_000;
