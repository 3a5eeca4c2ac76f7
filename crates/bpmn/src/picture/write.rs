//! Gives a file that has no diagram the places that the picture arranged, so that a drawing tool can open it. Nothing else of
//! the text changes.

use std::fmt::Write as _;

use crate::definition::Definition;
use crate::limits::XML;

use super::svg::escaped;
use super::{Area, Drawing};

/// The text of a file with a diagram: its own, or one arranged by us. `None` for a process beyond
/// [`super::PICTURE_PARTS_MAX`] that has none.
pub fn with_diagram(definition: &Definition) -> Option<String> {
    let text = definition.export();
    let document = wuchuang_xml::document(text, &XML).ok()?;
    let root = document.root_element();
    if root
        .descendants()
        .any(|node| node.tag_name().name() == "BPMNDiagram")
    {
        return Some(text.to_owned());
    }
    let drawing = Drawing::of(definition);
    let diagram = diagram(&drawing, definition.whole().id().as_str())?;
    let end = root.range().end;
    let close = text.get(..end)?.rfind("</")?;
    let (before, after) = text.split_at(close);
    Some(format!("{before}{diagram}{after}"))
}

fn diagram(drawing: &Drawing, process: &str) -> Option<String> {
    let layout = drawing.layout.as_ref()?;
    let mut out = String::from(
        r#"<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="arranged_diagram">"#,
    );
    let process = escaped(process);
    let _ = write!(
        out,
        r#"<bpmndi:BPMNPlane id="arranged_plane" bpmnElement="{process}">"#
    );
    for (at, area, _) in &layout.areas {
        let part = &drawing.parts.nodes[*at];
        let id = escaped(&part.id);
        let Area {
            x,
            y,
            width,
            height,
        } = area;
        let expanded = if part.kind == super::parts::Kind::SubProcess {
            r#" isExpanded="true""#
        } else {
            ""
        };
        let _ = write!(
            out,
            r#"<bpmndi:BPMNShape id="{id}_di" bpmnElement="{id}"{expanded}><dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/></bpmndi:BPMNShape>"#
        );
    }
    for (at, points, _) in &layout.lines {
        let id = escaped(&drawing.parts.lines[*at].id);
        let _ = write!(out, r#"<bpmndi:BPMNEdge id="{id}_di" bpmnElement="{id}">"#);
        for point in points {
            let _ = write!(out, r#"<di:waypoint x="{}" y="{}"/>"#, point.x, point.y);
        }
        out.push_str("</bpmndi:BPMNEdge>");
    }
    out.push_str("</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>");
    Some(out)
}
