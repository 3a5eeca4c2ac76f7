//! A short way to write processes in tests: one line an element, `kind id options -> target ? condition | target *`.
//! `*` marks the default way; a sub-process is `sub id {` … `}`.

use std::fmt::Write as _;

use wuchuang_bpmn::{Definition, Process};

const HEAD: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:wuchuang="urn:wuchuang:bpmn:1" targetNamespace="urn:test">
"#;

#[derive(Default)]
struct Sketch {
    /// The open scopes, the innermost last.
    body: Vec<String>,
    declared: String,
    names: Vec<String>,
    flows: Vec<String>,
}

/// The BPMN text of a sketch.
pub(crate) fn bpmn(sketch: &str) -> String {
    let mut made = Sketch {
        body: vec![String::new()],
        ..Sketch::default()
    };
    for line in sketch
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        made.line(line);
    }
    let body = made.body.concat();
    format!(
        "{HEAD}{}<process id=\"p\" isExecutable=\"true\">\n{body}</process>\n</definitions>\n",
        made.declared
    )
}

/// The executable process of a sketch that has no error.
pub(crate) fn process(sketch: &str) -> Process {
    match Definition::parse(&bpmn(sketch)) {
        Ok(definition) => definition.main().clone(),
        Err(problems) => panic!("{problems}\n{}", bpmn(sketch)),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

impl Sketch {
    fn write(&mut self, text: &str) {
        let scope = self.body.last_mut().expect("a scope is open");
        scope.push_str(text);
        scope.push('\n');
    }

    fn line(&mut self, line: &str) {
        if line == "}" {
            let inner = self.body.pop().expect("a scope is open");
            self.write(&format!("{inner}</subProcess>"));
            return;
        }
        let (left, ways) = line.split_once("->").unwrap_or((line, ""));
        let words: Vec<&str> = left.split_whitespace().collect();
        let (kind, id) = (words[0], words[1]);
        let ways = self.ways(id, ways);
        let options = &words[2..];
        if kind == "sub" {
            let inner = looping(options);
            self.write(&format!(
                "<subProcess id=\"{id}\"{}>{inner}",
                attributes(options)
            ));
            self.body.push(String::new());
            let scope = self.body.len() - 2;
            self.body[scope].insert_str(0, &ways.1);
            return;
        }
        let element = self.element(kind, id, options, &ways.0);
        self.write(&element);
        self.write(&ways.1);
    }

    /// The `default` attribute and the sequence flows.
    fn ways(&mut self, from: &str, ways: &str) -> (String, String) {
        let mut default = String::new();
        let mut flows = String::new();
        for way in ways.split('|').map(str::trim).filter(|way| !way.is_empty()) {
            let (target, condition) = way.split_once('?').unwrap_or((way, ""));
            let (target, is_default) = match target.trim().strip_suffix('*') {
                Some(target) => (target.trim(), true),
                None => (target.trim(), false),
            };
            let mut id = format!("{from}_{target}");
            while self.flows.contains(&id) {
                id.push('_');
            }
            self.flows.push(id.clone());
            if is_default {
                default = format!(" default=\"{id}\"");
            }
            let condition = condition.trim();
            let inner = if condition.is_empty() {
                String::new()
            } else {
                format!(
                    "<conditionExpression>{}</conditionExpression>",
                    escaped(condition)
                )
            };
            let _ = writeln!(
                flows,
                "<sequenceFlow id=\"{id}\" sourceRef=\"{from}\" targetRef=\"{target}\">{inner}</sequenceFlow>"
            );
        }
        (default, flows)
    }

    fn element(&mut self, kind: &str, id: &str, options: &[&str], default: &str) -> String {
        let (tag, rest) = kind.split_once(':').unwrap_or((kind, ""));
        let plain = attributes(options);
        let name = match tag {
            "start" => "startEvent",
            "end" => "endEvent",
            "throw" => "intermediateThrowEvent",
            "catch" => "intermediateCatchEvent",
            "boundary" | "boundary~" => "boundaryEvent",
            "user" => "userTask",
            "manual" => "manualTask",
            "service" => "serviceTask",
            "rule" => "businessRuleTask",
            "send" => "sendTask",
            "receive" => "receiveTask",
            "call" => "callActivity",
            "xor" => "exclusiveGateway",
            "and" => "parallelGateway",
            "or" => "inclusiveGateway",
            "event" => "eventBasedGateway",
            other => other,
        };
        let special = match tag {
            "boundary" => format!(" attachedToRef=\"{}\"", options[1]),
            "boundary~" => format!(" attachedToRef=\"{}\" cancelActivity=\"false\"", options[1]),
            "service" => " wuchuang:service=\"s\"".to_owned(),
            "rule" => " wuchuang:decision=\"d\"".to_owned(),
            "call" => format!(" calledElement=\"{rest}\""),
            _ => String::new(),
        };
        let events = ["start", "end", "throw", "catch", "boundary", "boundary~"];
        let inner = if events.contains(&tag) {
            self.trigger(rest)
        } else {
            looping(options)
        };
        let mut element = format!("<{name} id=\"{id}\"{default}{special}{plain}>{inner}</{name}>");
        if let Some(at) = options.iter().position(|word| *word == "handler") {
            let _ = write!(
                element,
                "<association id=\"{id}_handler\" sourceRef=\"{id}\" targetRef=\"{}\"/>",
                options[at + 1]
            );
        }
        element
    }

    fn trigger(&mut self, text: &str) -> String {
        let (kind, value) = text.split_once(':').unwrap_or((text, ""));
        match kind {
            "timer" if value.starts_with('R') => {
                format!(
                    "<timerEventDefinition><timeCycle>{value}</timeCycle></timerEventDefinition>"
                )
            }
            "timer" if value.starts_with("20") => {
                format!("<timerEventDefinition><timeDate>{value}</timeDate></timerEventDefinition>")
            }
            "timer" => format!(
                "<timerEventDefinition><timeDuration>{value}</timeDuration></timerEventDefinition>"
            ),
            "message" | "signal" | "error" if !value.is_empty() => {
                let reference = self.declare(kind, value);
                format!("<{kind}EventDefinition {kind}Ref=\"{reference}\"/>")
            }
            "error" => "<errorEventDefinition/>".to_owned(),
            "terminate" => "<terminateEventDefinition/>".to_owned(),
            "compensate" if value.is_empty() => "<compensateEventDefinition/>".to_owned(),
            "compensate" => format!("<compensateEventDefinition activityRef=\"{value}\"/>"),
            _ => String::new(),
        }
    }

    fn declare(&mut self, kind: &str, name: &str) -> String {
        let id = format!("{kind}_{name}");
        if !self.names.contains(&id) {
            self.names.push(id.clone());
            let code = if kind == "error" { "errorCode" } else { "name" };
            let _ = writeln!(self.declared, "<{kind} id=\"{id}\" {code}=\"{name}\"/>");
        }
        id
    }
}

/// Options that are attributes: `key=value` with our prefix, and the marker of a compensation handler.
fn attributes(options: &[&str]) -> String {
    let mut attributes = String::new();
    for option in options {
        match option.split_once('=') {
            _ if *option == "undoing" => attributes.push_str(" isForCompensation=\"true\""),
            Some((key @ ("stage" | "candidateGroups" | "assignee" | "limitDays"), value)) => {
                let _ = write!(attributes, " wuchuang:{key}=\"{}\"", escaped(value));
            }
            _ => {}
        }
    }
    attributes
}

/// Options of a multi-instance activity; `_` stands for a space in conditions.
fn looping(options: &[&str]) -> String {
    let value = |wanted: &str| {
        options
            .iter()
            .find_map(|option| option.strip_prefix(wanted)?.strip_prefix('='))
            .map(|value| escaped(&value.replace('_', " ")))
    };
    let mut attributes = String::new();
    let mut inner = String::new();
    if let Some(list) = value("many") {
        let _ = write!(
            attributes,
            " wuchuang:collection=\"{list}\" wuchuang:elementVariable=\"item\""
        );
    } else if let Some(count) = value("count") {
        let _ = write!(inner, "<loopCardinality>{count}</loopCardinality>");
    } else {
        return String::new();
    }
    if options.contains(&"sequential") {
        attributes.push_str(" isSequential=\"true\"");
    }
    if let Some(way) = value("completion") {
        let _ = write!(attributes, " wuchuang:completion=\"{way}\"");
    }
    if let Some(condition) = value("until") {
        let _ = write!(
            inner,
            "<completionCondition>{condition}</completionCondition>"
        );
    }
    if let Some(collected) = value("collect") {
        let (list, element) = collected.split_once(':').expect("list:element");
        let _ = write!(
            attributes,
            " wuchuang:outputCollection=\"{list}\" wuchuang:outputElement=\"{element}\""
        );
    }
    format!(
        "<multiInstanceLoopCharacteristics{attributes}>{inner}</multiInstanceLoopCharacteristics>"
    )
}
