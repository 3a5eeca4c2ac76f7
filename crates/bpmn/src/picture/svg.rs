//! Writes the picture: bands first, then lines, then what stands on them, and last the words and marks, so that nothing hides
//! a name.

use std::fmt::Write as _;

use super::parts::{Kind, Line, LineKind, Part, Parts};
use super::symbols::{put, shape};
use super::wrap::{LINE, TYPE, lines, width};
use super::{Area, Layout, Mark, Marks, PictureWords, Point};

/// Around everything.
const MARGIN: i32 = 14;
/// How wide a name beside its shape may be.
const NAME_WIDTH: i32 = 104;

pub(super) fn write(
    parts: &Parts,
    layout: &Layout,
    words: PictureWords<'_>,
    marks: &Marks,
) -> String {
    let frame = frame(parts, layout);
    let mut out = String::with_capacity(layout.areas.len() * 400 + layout.lines.len() * 300);
    let Area {
        x,
        y,
        width,
        height,
    } = frame;
    let id = escaped(words.id);
    put!(
        out,
        r#"<svg class="process-picture" xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{id}-title" viewBox="{x} {y} {width} {height}" width="{width}" height="{height}" focusable="false"><title id="{id}-title">{}</title>"#,
        escaped(words.title)
    );
    let mut shown: Vec<&(usize, Area, Option<Area>)> = layout.areas.iter().collect();
    shown.sort_by_key(|(at, ..)| level(&parts.nodes[*at]));
    let is_ground = |part: &Part| level(part) < LINES;
    for (at, area, own) in shown.iter().filter(|(at, ..)| is_ground(&parts.nodes[*at])) {
        element(&mut out, &parts.nodes[*at], *area, *own, marks);
    }
    for (at, points, _) in &layout.lines {
        line(&mut out, &parts.lines[*at], points);
    }
    for (at, area, own) in shown
        .iter()
        .filter(|(at, ..)| !is_ground(&parts.nodes[*at]))
    {
        element(&mut out, &parts.nodes[*at], *area, *own, marks);
    }
    for (at, points, own) in &layout.lines {
        line_name(&mut out, &parts.lines[*at], points, *own);
    }
    for (at, area, _) in &shown {
        badge(&mut out, &parts.nodes[*at], *area, words, marks);
    }
    out.push_str("</svg>");
    out
}

/// The level of the lines; below it lies the ground.
const LINES: u8 = 3;

const fn level(part: &Part) -> u8 {
    match part.kind {
        Kind::Pool => 0,
        Kind::Lane => 1,
        Kind::SubProcess => 2,
        Kind::Boundary { .. } => LINES + 2,
        _ => LINES + 1,
    }
}

fn frame(parts: &Parts, layout: &Layout) -> Area {
    let areas = layout.areas.iter().flat_map(|(at, area, own)| {
        let part = &parts.nodes[*at];
        [Some(*area), own.or_else(|| beside(part, *area))]
    });
    let points = layout.lines.iter().flat_map(|(_, points, own)| {
        let points = points.iter().map(|point| {
            Some(Area {
                x: point.x,
                y: point.y,
                width: 0,
                height: 0,
            })
        });
        points.chain([*own])
    });
    // Room above for the marks on what is open.
    let around = areas
        .chain(points)
        .flatten()
        .reduce(Area::with)
        .unwrap_or_default();
    Area {
        x: around.x - MARGIN,
        y: around.y - MARGIN - LINE,
        width: around.width + 2 * MARGIN,
        height: around.height + 2 * MARGIN + LINE,
    }
}

/// Where the name of an event or gateway stands when the file does not say it.
fn beside(part: &Part, area: Area) -> Option<Area> {
    if part.name.is_empty() || !(part.kind.is_event() || part.kind.is_gateway()) {
        return None;
    }
    let count = i32::try_from(lines(&part.name, NAME_WIDTH, 3).len()).unwrap_or(1);
    Some(Area {
        x: area.middle().x - NAME_WIDTH / 2,
        y: area.bottom() + 3,
        width: NAME_WIDTH,
        height: count * LINE,
    })
}

fn element(out: &mut String, part: &Part, area: Area, own: Option<Area>, marks: &Marks) {
    put!(
        out,
        r#"<g class="{}{}" data-element="{}">"#,
        class_of(part.kind),
        mark_class(part, marks),
        escaped(&part.id)
    );
    shape(out, part, area);
    name(out, part, area, own);
    out.push_str("</g>");
}

fn mark_class(part: &Part, marks: &Marks) -> &'static str {
    match marks.of(&part.id.as_str().into()) {
        Mark::Open => " is-open",
        Mark::Done => " is-done",
        Mark::Ahead => "",
    }
}

const fn class_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Start(_) => "event start",
        Kind::End(_) => "event end",
        Kind::Between(_) | Kind::Boundary { .. } => "event",
        Kind::Human => "task human",
        Kind::Work => "task",
        Kind::Call => "task call",
        Kind::SubProcess => "sub",
        Kind::Pool | Kind::Lane => "band",
        Kind::Note => "note",
        Kind::Thing => "thing",
        _ => "gateway",
    }
}

fn name(out: &mut String, part: &Part, area: Area, own: Option<Area>) {
    if part.name.is_empty() {
        return;
    }
    match part.kind {
        Kind::Human | Kind::Work | Kind::Call | Kind::Thing => {
            within(out, &part.name, area, area.width - 14);
        }
        Kind::SubProcess if !part.is_open => within(out, &part.name, area, area.width - 14),
        Kind::SubProcess => {
            let top = Area {
                x: area.x + 8,
                y: area.y + 2,
                width: area.width - 16,
                height: LINE + 6,
            };
            within(out, &part.name, top, top.width);
        }
        Kind::Note => {
            let text = Area {
                x: area.x + 6,
                width: area.width - 8,
                ..area
            };
            within(out, &part.name, text, text.width);
        }
        Kind::Pool | Kind::Lane if part.is_flat && area.width > 60 => {
            upright(out, &part.name, area);
        }
        Kind::Pool | Kind::Lane => {
            let top = Area { height: 30, ..area };
            within(out, &part.name, top, area.width - 8);
        }
        _ => {
            if let Some(place) = own
                .map(|own| wide_enough(&part.name, own))
                .or_else(|| beside(part, area))
            {
                within(out, &part.name, place, place.width);
            }
        }
    }
}

/// Drawing tools say a label's place for their own font; ours may need a little more, to both sides alike.
fn wide_enough(text: &str, own: Area) -> Area {
    let wanted = width(text).min(NAME_WIDTH).max(own.width);
    let count = i32::try_from(lines(text, wanted, 4).len()).unwrap_or(1);
    Area {
        x: own.middle().x - wanted / 2,
        width: wanted,
        height: own.height.max(count * LINE),
        ..own
    }
}

/// A text in the middle of an area.
fn within(out: &mut String, text: &str, area: Area, width_max: i32) {
    let most = usize::try_from((area.height - 2) / LINE)
        .unwrap_or(1)
        .max(1);
    let lines = lines(text, width_max.max(TYPE * 2), most);
    let count = i32::try_from(lines.len()).unwrap_or(1);
    let middle = area.middle();
    let first = middle.y - (count - 1) * LINE / 2 + TYPE / 3;
    put!(
        out,
        r#"<text text-anchor="middle" x="{}" y="{first}">"#,
        middle.x
    );
    for (index, line) in (0..).zip(&lines) {
        let below: i32 = index;
        put!(
            out,
            r#"<tspan x="{}" y="{}">{}</tspan>"#,
            middle.x,
            first + below * LINE,
            escaped(line)
        );
    }
    out.push_str("</text>");
}

/// The name of a pool or lane, from the bottom to the top at its left.
fn upright(out: &mut String, text: &str, area: Area) {
    let (x, y) = (area.x + 19, area.middle().y);
    let line = lines(text, (area.height - 8).max(TYPE * 2), 1);
    let line = line.first().map_or("", String::as_str);
    put!(
        out,
        r#"<text text-anchor="middle" x="{x}" y="{y}" transform="rotate(-90 {x} {y})">{}</text>"#,
        escaped(line)
    );
}

fn line(out: &mut String, line: &Line, points: &[Point]) {
    let class = match line.kind {
        LineKind::Flow { .. } => "line",
        LineKind::Message => "line message",
        LineKind::Note => "line aside",
    };
    put!(out, r#"<g class="{class}"><polyline points=""#);
    for point in points {
        put!(out, "{},{} ", point.x, point.y);
    }
    out.push_str(r#""/>"#);
    if line.kind != LineKind::Note
        && let [.., before, end] = points
    {
        arrow(out, *before, *end);
    }
    if matches!(
        line.kind,
        LineKind::Flow {
            is_default: true,
            ..
        }
    ) && let [start, next, ..] = points
    {
        let (along, across) = (along(*start, *next, 12.0), along(*start, *next, 5.0));
        let (x, y) = (start.x + along.x, start.y + along.y);
        put!(
            out,
            r#"<path class="slash" d="M{} {} L{} {}"/>"#,
            x - across.x - across.y,
            y - across.y + across.x,
            x + across.x + across.y,
            y + across.y - across.x
        );
    }
    out.push_str("</g>");
}

/// A step of a length from one point towards another.
#[expect(clippy::cast_possible_truncation, reason = "a length of a few pixels")]
fn along(from: Point, to: Point, length: f64) -> Point {
    let (x, y) = (f64::from(to.x - from.x), f64::from(to.y - from.y));
    let whole = x.hypot(y);
    if whole < 1.0 {
        return Point::default();
    }
    Point {
        x: (x / whole * length).round() as i32,
        y: (y / whole * length).round() as i32,
    }
}

fn arrow(out: &mut String, from: Point, to: Point) {
    let (back, side) = (along(to, from, 10.0), along(to, from, 4.0));
    let (x, y) = (to.x + back.x, to.y + back.y);
    put!(
        out,
        r#"<polygon points="{},{} {},{} {},{}"/>"#,
        to.x,
        to.y,
        x - side.y,
        y + side.x,
        x + side.y,
        y - side.x
    );
}

/// The words on a line, at their own place or at the middle of its longest stretch.
fn line_name(out: &mut String, line: &Line, points: &[Point], own: Option<Area>) {
    if line.name.is_empty() {
        return;
    }
    let longest = points
        .windows(2)
        .max_by_key(|pair| (pair[1].x - pair[0].x).abs() + (pair[1].y - pair[0].y).abs());
    let at = longest.map_or_else(Point::default, |pair| Point {
        x: i32::midpoint(pair[0].x, pair[1].x),
        y: i32::midpoint(pair[0].y, pair[1].y) - LINE / 2 - 2,
    });
    let place = own.unwrap_or(Area {
        x: at.x - NAME_WIDTH / 2,
        y: at.y - LINE / 2,
        width: NAME_WIDTH,
        height: LINE,
    });
    let place = wide_enough(&line.name, place);
    out.push_str(r#"<g class="words">"#);
    within(out, &line.name, place, place.width);
    out.push_str("</g>");
}

/// The sign on what is open or done: a word, so that it does not hang on colour alone.
fn badge(out: &mut String, part: &Part, area: Area, words: PictureWords<'_>, marks: &Marks) {
    if !part.kind.is_activity() {
        return;
    }
    let (class, word) = match marks.of(&part.id.as_str().into()) {
        Mark::Open => ("badge is-open", words.open),
        Mark::Done => ("badge is-done", words.done),
        Mark::Ahead => return,
    };
    let wide = width(word) + 12;
    let (x, y) = (area.right() - wide + 6, area.y - 10);
    put!(
        out,
        r#"<g class="{class}"><rect x="{x}" y="{y}" width="{wide}" height="18" rx="9"/><text text-anchor="middle" x="{}" y="{}">{}</text></g>"#,
        x + wide / 2,
        y + 13,
        escaped(word)
    );
}

/// Text within XML and its attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other if other.is_control() => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}
