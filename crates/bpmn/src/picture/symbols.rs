//! The shapes of BPMN 2.0 (chapter 13 of the standard draws them), written as SVG.

use std::fmt::Write as _;

use super::parts::{Kind, Part, Sign, Times};
use super::{Area, Point};

/// Writing to a text cannot fail.
macro_rules! put {
    ($out:expr, $($arg:tt)*) => {{ let _ = write!($out, $($arg)*); }};
}
pub(super) use put;

/// One shape without its name.
pub(super) fn shape(out: &mut String, part: &Part, area: Area) {
    match part.kind {
        kind if kind.is_event() => event(out, kind, area),
        kind if kind.is_gateway() => gateway(out, kind, area),
        Kind::Pool | Kind::Lane => band(out, part, area),
        Kind::Note => note(out, area),
        kind => {
            let radius = if kind == Kind::Thing { 2 } else { 8 };
            let Area {
                x,
                y,
                width,
                height,
            } = area;
            put!(
                out,
                r#"<rect class="body" x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"/>"#
            );
            markers(out, part, area);
        }
    }
}

fn event(out: &mut String, kind: Kind, area: Area) {
    let Point { x, y } = area.middle();
    let radius = area.width.min(area.height) / 2;
    let dashed = match kind {
        Kind::Boundary {
            interrupting: false,
            ..
        } => " dashed",
        _ => "",
    };
    put!(
        out,
        r#"<circle class="body{dashed}" cx="{x}" cy="{y}" r="{radius}"/>"#
    );
    let sign = match kind {
        Kind::Boundary { sign, .. } | Kind::Between(sign) => {
            put!(
                out,
                r#"<circle class="ring{dashed}" cx="{x}" cy="{y}" r="{}"/>"#,
                radius - 4
            );
            sign
        }
        Kind::Start(sign) | Kind::End(sign) => sign,
        _ => return,
    };
    sign_at(out, sign, area.middle(), radius);
}

fn sign_at(out: &mut String, sign: Sign, Point { x, y }: Point, radius: i32) {
    let half = radius * 5 / 10;
    match sign {
        Sign::Plain => {}
        Sign::Timer => {
            put!(
                out,
                r#"<circle class="sign" cx="{x}" cy="{y}" r="{half}"/><path class="sign" d="M{x} {} V{y} H{}"/>"#,
                y - half + 2,
                x + half - 3
            );
        }
        Sign::Message => {
            let (left, top, right, bottom) =
                (x - half, y - half * 2 / 3, x + half, y + half * 2 / 3);
            put!(
                out,
                r#"<path class="sign" d="M{left} {top} H{right} V{bottom} H{left} Z M{left} {top} L{x} {y} L{right} {top}"/>"#
            );
        }
        Sign::Signal => {
            put!(
                out,
                r#"<path class="sign" d="M{x} {} L{} {} H{} Z"/>"#,
                y - half,
                x + half,
                y + half * 2 / 3,
                x - half
            );
        }
        Sign::Error => {
            put!(
                out,
                r#"<path class="sign" d="M{} {} L{} {} L{} {} L{} {}"/>"#,
                x - half,
                y + half,
                x - half / 3,
                y - half / 2,
                x + half / 3,
                y + half / 2,
                x + half,
                y - half
            );
        }
        Sign::Terminate => put!(
            out,
            r#"<circle class="filled" cx="{x}" cy="{y}" r="{half}"/>"#
        ),
        Sign::Compensation => {
            put!(
                out,
                r#"<path class="sign" d="M{x} {} V{} L{} {y} Z M{} {} V{} L{x} {y} Z"/>"#,
                y - half,
                y + half,
                x - half,
                x + half,
                y - half,
                y + half
            );
        }
    }
}

fn gateway(out: &mut String, kind: Kind, area: Area) {
    let Point { x, y } = area.middle();
    put!(
        out,
        r#"<polygon class="body" points="{x},{} {},{y} {x},{} {},{y}"/>"#,
        area.y,
        area.right(),
        area.bottom(),
        area.x
    );
    let arm = area.width / 5;
    match kind {
        Kind::Exclusive => {
            put!(
                out,
                r#"<path class="mark" d="M{} {} L{} {} M{} {} L{} {}"/>"#,
                x - arm,
                y - arm,
                x + arm,
                y + arm,
                x + arm,
                y - arm,
                x - arm,
                y + arm
            );
        }
        Kind::Parallel => {
            put!(
                out,
                r#"<path class="mark" d="M{x} {} V{} M{} {y} H{}"/>"#,
                y - arm - 2,
                y + arm + 2,
                x - arm - 2,
                x + arm + 2
            );
        }
        Kind::Inclusive => put!(out, r#"<circle class="mark" cx="{x}" cy="{y}" r="{arm}"/>"#),
        _ => {
            put!(
                out,
                r#"<circle class="ring" cx="{x}" cy="{y}" r="{}"/><circle class="ring" cx="{x}" cy="{y}" r="{arm}"/>"#,
                arm + 4
            );
        }
    }
}

fn band(out: &mut String, part: &Part, area: Area) {
    let Area {
        x,
        y,
        width,
        height,
    } = area;
    put!(
        out,
        r#"<rect class="body" x="{x}" y="{y}" width="{width}" height="{height}"/>"#
    );
    if part.is_flat && width > 60 {
        put!(
            out,
            r#"<path class="ring" d="M{} {y} V{}"/>"#,
            x + 30,
            y + height
        );
    } else if height > 60 {
        put!(
            out,
            r#"<path class="ring" d="M{x} {} H{}"/>"#,
            y + 30,
            x + width
        );
    }
}

fn note(out: &mut String, area: Area) {
    let (x, y) = (area.x, area.y);
    put!(
        out,
        r#"<path class="ring" d="M{} {y} H{x} V{} H{}"/>"#,
        x + 12,
        area.bottom(),
        x + 12
    );
}

/// What stands in the corners of an activity: that a person does it, that it is done several times, that it holds more.
fn markers(out: &mut String, part: &Part, area: Area) {
    if part.kind == Kind::Human && area.width >= 60 {
        let (x, y) = (area.x + 14, area.y + 10);
        put!(
            out,
            r#"<circle class="sign" cx="{x}" cy="{y}" r="3"/><path class="sign" d="M{} {} a6 6 0 0 1 12 0"/>"#,
            x - 6,
            y + 10
        );
    }
    let (x, y) = (area.middle().x, area.bottom() - 12);
    match part.times {
        Times::Once => {}
        Times::AtOnce => put!(
            out,
            r#"<path class="mark" d="M{} {y} v9 M{x} {y} v9 M{} {y} v9"/>"#,
            x - 4,
            x + 4
        ),
        Times::InTurn => put!(
            out,
            r#"<path class="mark" d="M{} {y} h10 M{} {} h10 M{} {} h10"/>"#,
            x - 5,
            x - 5,
            y + 4,
            x - 5,
            y + 8
        ),
    }
    if part.kind == Kind::Call || part.kind == Kind::SubProcess && !part.is_open {
        put!(
            out,
            r#"<path class="sign" d="M{} {} h12 v12 h-12 Z M{x} {} v8 M{} {} h8"/>"#,
            x - 6,
            y - 2,
            y,
            x - 4,
            y + 4
        );
    }
}
