//! Every limit of this crate in one place, so that a reader sees at a glance what an input can cost.

/// Bytes of a DMN file.
pub const XML_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Nesting of XML elements.
pub const XML_DEPTH_MAX: usize = 64;
/// Attributes of one XML element.
pub const XML_ATTRIBUTES_MAX: usize = 128;
/// Namespace declarations of a file.
pub const XML_NAMESPACES_MAX: usize = 500;
/// XML nodes of a file, diagram and text included.
pub const XML_NODES_MAX: u32 = 400_000;

/// The bounds within which a file is read at all.
pub(crate) const XML: wuchuang_xml::Limits = wuchuang_xml::Limits {
    bytes_max: XML_BYTES_MAX,
    depth_max: XML_DEPTH_MAX,
    attributes_max: XML_ATTRIBUTES_MAX,
    namespaces_max: XML_NAMESPACES_MAX,
    nodes_max: XML_NODES_MAX,
    split: "请拆成几个文件",
    flatten: "请减少嵌套",
};
/// Decisions, inputs, functions and types of a file, together.
pub const ELEMENTS_MAX: usize = 500;
/// Rows of a table.
pub const ROWS_MAX: usize = 5_000;
/// Columns of a table, inputs and outputs together.
pub const COLUMNS_MAX: usize = 64;
/// Cells and other expressions of a file.
pub const EXPRESSIONS_MAX: usize = 60_000;
/// Nesting of contexts, lists and invocations in one decision.
pub const LOGIC_DEPTH_MAX: usize = 8;
/// Nesting of types.
pub const TYPE_DEPTH_MAX: usize = 8;
/// Decisions and functions on the longest way through the graph.
pub const GRAPH_DEPTH_MAX: usize = 32;
/// Problems reported for one file; the rest is counted.
pub const PROBLEMS_MAX: usize = 200;
/// Characters of one name, id or other short text.
pub const TEXT_CHARACTERS_MAX: usize = 1_000;

/// Characters of an expression.
pub const EXPRESSION_CHARACTERS_MAX: usize = 4_000;
/// Brackets open at once in an expression.
pub const EXPRESSION_BRACKETS_MAX: usize = 24;
/// Nesting of an expression once it is parsed; a chain of `or` nests once for each link.
pub const EXPRESSION_DEPTH_MAX: usize = 100;
/// Numbers that one loop may count through.
pub const LOOP_COUNT_MAX: i64 = 500;
/// What all expressions of a file together may cost in the worst case, in items looked at.
pub const LOOP_WORK_MAX: u64 = 5_000_000;

/// Bytes of the text of all inputs.
pub const INPUT_BYTES_MAX: usize = 256 * 1024;
/// Items of a list, given or computed.
pub const LIST_ITEMS_MAX: usize = 500;
/// Values (members of lists and contexts) in all inputs, and in one result.
pub const VALUES_MAX: usize = 20_000;
/// Nesting of an input or a result.
pub const VALUE_DEPTH_MAX: usize = 16;
/// Characters of one text in an input.
pub const INPUT_TEXT_CHARACTERS_MAX: usize = 10_000;

/// Steps the search for gaps in one table may take; beyond, the table counts as not checked.
pub const COVERAGE_STEPS_MAX: usize = 200_000;
/// Rows of a table whose gaps and overlaps are looked for; the work grows with the cube of it.
pub const COVERAGE_ROWS_MAX: usize = 300;
/// Gaps and overlaps named for one table.
pub const COVERAGE_FINDINGS_MAX: usize = 20;
