//! Where the file's own diagram (BPMN DI) puts its elements and lines.

use roxmltree::Node;

use crate::xml::DIAGRAMS;

use super::parts::{Parts, local};
use super::{Area, Layout, PICTURE_PARTS_MAX, Point};

/// How far from the origin anything is drawn, in pixels.
const PLACE_MAX: f64 = 50_000.0;
/// Points of one line.
const POINTS_MAX: usize = 60;

impl Parts {
    /// Reads the first diagram of a file.
    pub(super) fn diagram(&mut self, root: Node<'_, '_>) {
        let plane = root
            .descendants()
            .find(|node| is_diagram(*node, "BPMNPlane"));
        let shown = plane.into_iter().flat_map(|plane| plane.children());
        for one in shown.filter(Node::is_element).take(2 * PICTURE_PARTS_MAX) {
            self.shown(one);
        }
    }

    /// One shape or edge of the diagram.
    fn shown(&mut self, node: Node<'_, '_>) {
        let Some(element) = node.attribute("bpmnElement").map(local) else {
            return;
        };
        let own = node
            .children()
            .find(|child| is_diagram(*child, "BPMNLabel"))
            .and_then(area_of);
        if is_diagram(node, "BPMNShape") {
            let (Some(at), Some(area)) = (self.at(element), area_of(node)) else {
                return;
            };
            let element = &mut self.nodes[at];
            element.is_open = node
                .attribute("isExpanded")
                .map_or(element.is_open, |text| text != "false");
            element.is_flat = node.attribute("isHorizontal") != Some("false");
            self.layout.areas.push((at, area, own));
        } else if is_diagram(node, "BPMNEdge") {
            let Some(at) = self.lines.iter().position(|line| line.id == element) else {
                return;
            };
            let points: Vec<Point> = node
                .children()
                .filter(|child| is_diagram(*child, "waypoint"))
                .filter_map(point_of)
                .take(POINTS_MAX)
                .collect();
            if points.len() > 1 {
                self.layout.lines.push((at, points, own));
            }
        }
    }

    /// The file's own diagram, if it shows every element that does not lie in a closed sub-process.
    pub(super) fn take_diagram(&mut self) -> Option<Layout> {
        let shown: Vec<usize> = self.layout.areas.iter().map(|(at, ..)| *at).collect();
        let is_whole = (0..).zip(&self.nodes).all(|(at, part)| {
            let is_hidden = part.parent.is_some();
            !part.kind.flows() || is_hidden || shown.contains(&at)
        });
        let diagram = std::mem::take(&mut self.layout);
        (is_whole && !diagram.areas.is_empty()).then_some(diagram)
    }
}

fn is_diagram(node: Node<'_, '_>, name: &str) -> bool {
    let tag = node.tag_name();
    tag.name() == name
        && tag
            .namespace()
            .is_some_and(|space| DIAGRAMS.contains(&space))
}

/// A length as whole pixels, within what is drawn.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the value is clamped to fifty thousand before"
)]
fn pixels(text: Option<&str>) -> Option<i32> {
    let value: f64 = text?.trim().parse().ok()?;
    value
        .is_finite()
        .then(|| value.clamp(-PLACE_MAX, PLACE_MAX).round() as i32)
}

fn point_of(node: Node<'_, '_>) -> Option<Point> {
    Some(Point {
        x: pixels(node.attribute("x"))?,
        y: pixels(node.attribute("y"))?,
    })
}

fn area_of(node: Node<'_, '_>) -> Option<Area> {
    let bounds = node.children().find(|child| is_diagram(*child, "Bounds"))?;
    let Point { x, y } = point_of(bounds)?;
    let (width, height) = (
        pixels(bounds.attribute("width"))?,
        pixels(bounds.attribute("height"))?,
    );
    (width > 0 && height > 0).then_some(Area {
        x,
        y,
        width,
        height,
    })
}
