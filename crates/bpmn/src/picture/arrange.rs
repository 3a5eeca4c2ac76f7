//! A simple layout for a file without a diagram: from left to right by rank, sub-processes as boxes around their inside.

use std::collections::HashMap;

use super::order::{Scope, Ways};
use super::parts::{Kind, LineKind, Parts};
use super::{Area, Layout, Point};

const TASK: (i32, i32) = (120, 70);
const EVENT: (i32, i32) = (36, 36);
const GATEWAY: (i32, i32) = (46, 46);
/// Between two ranks, wide enough for the words on a line.
const GAP_ACROSS: i32 = 76;
/// Between two elements of one rank, wide enough for a name below.
const GAP_DOWN: i32 = 52;
/// Around the inside of a sub-process.
const PADDING: i32 = 34;
/// Between two boundary events of one activity.
const EVENTS_APART: i32 = 44;

/// The inside of the process or of a sub-process, from its own corner.
struct Block {
    width: i32,
    height: i32,
    areas: Vec<(usize, Area)>,
}

pub(super) fn arrange(parts: &Parts) -> Layout {
    let ways = Ways::of(parts);
    let mut areas = Vec::new();
    let mut y = 0;
    // One process of the file below the other.
    for home in 1..=parts.homes {
        let block = block(parts, &ways, Scope::Process(home));
        let corner = Point { x: 0, y };
        areas.extend(
            block
                .areas
                .into_iter()
                .map(|(at, area)| (at, area.moved(corner))),
        );
        if block.height > 0 {
            y += block.height + 2 * GAP_DOWN;
        }
    }
    areas.extend(boundary_events(parts, &ways, &areas));
    let place: HashMap<usize, Area> = areas.iter().copied().collect();
    let lines = (0..)
        .zip(&parts.lines)
        .filter(|(_, line)| matches!(line.kind, LineKind::Flow { .. }))
        .filter_map(|(at, line)| {
            let (source, target) = (parts.at(&line.source)?, parts.at(&line.target)?);
            let is_event = parts.nodes[source].host.is_some();
            let points = way(*place.get(&source)?, *place.get(&target)?, is_event);
            Some((at, points, None))
        })
        .collect();
    Layout {
        areas: areas
            .into_iter()
            .map(|(at, area)| (at, area, None))
            .collect(),
        lines,
    }
}

fn block(parts: &Parts, ways: &Ways<'_>, scope: Scope) -> Block {
    let ranked = ways.ranks(scope);
    let last = ranked.iter().map(|(_, rank)| *rank).max().unwrap_or(0);
    let mut columns: Vec<Vec<(usize, Block)>> = Vec::new();
    columns.resize_with(last + 1, Vec::new);
    for (at, rank) in ranked {
        columns[rank].push((at, content(parts, ways, at)));
    }
    let height_of = |column: &[(usize, Block)]| -> i32 {
        let gaps = i32::try_from(column.len().saturating_sub(1)).unwrap_or(0) * GAP_DOWN;
        column.iter().map(|(_, block)| block.height).sum::<i32>() + gaps
    };
    let height = columns
        .iter()
        .map(|column| height_of(column))
        .max()
        .unwrap_or(0);
    let mut areas = Vec::new();
    let mut x = 0;
    for column in columns {
        let width = column
            .iter()
            .map(|(_, block)| block.width)
            .max()
            .unwrap_or(0);
        let mut y = (height - height_of(&column)) / 2;
        for (at, inside) in column {
            let area = Area {
                x: x + (width - inside.width) / 2,
                y,
                width: inside.width,
                height: inside.height,
            };
            let corner = Point { x: area.x, y };
            areas.push((at, area));
            areas.extend(
                inside
                    .areas
                    .into_iter()
                    .map(|(at, area)| (at, area.moved(corner))),
            );
            y = area.bottom() + GAP_DOWN;
        }
        x += width + GAP_ACROSS;
    }
    Block {
        width: (x - GAP_ACROSS).max(0),
        height,
        areas,
    }
}

/// One element with whatever lies in it.
fn content(parts: &Parts, ways: &Ways<'_>, at: usize) -> Block {
    let kind = parts.nodes[at].kind;
    if kind == Kind::SubProcess {
        let inside = block(parts, ways, Scope::SubProcess(at));
        let corner = Point {
            x: PADDING,
            y: PADDING,
        };
        return Block {
            width: inside.width.max(TASK.0) + 2 * PADDING,
            height: inside.height.max(TASK.1) + 2 * PADDING,
            areas: inside
                .areas
                .into_iter()
                .map(|(at, area)| (at, area.moved(corner)))
                .collect(),
        };
    }
    let (width, height) = if kind.is_event() {
        EVENT
    } else if kind.is_gateway() {
        GATEWAY
    } else {
        TASK
    };
    Block {
        width,
        height,
        areas: Vec::new(),
    }
}

/// Boundary events stand on the lower edge of their activity.
fn boundary_events(parts: &Parts, ways: &Ways<'_>, areas: &[(usize, Area)]) -> Vec<(usize, Area)> {
    let mut events = Vec::new();
    for (host, area) in areas {
        let mut x = area.x + 16;
        for event in ways.events.get(host).into_iter().flatten() {
            let (width, height) = EVENT;
            let y = area.bottom() - height / 2;
            if parts.nodes[*event].kind.is_event() {
                events.push((
                    *event,
                    Area {
                        x,
                        y,
                        width,
                        height,
                    },
                ));
                x += EVENTS_APART;
            }
        }
    }
    events
}

/// From the right of one to the left of the other; a way back runs above both, one out of a boundary event begins below.
fn way(from: Area, to: Area, is_event: bool) -> Vec<Point> {
    let end = Point {
        x: to.x,
        y: to.middle().y,
    };
    let below = Point {
        x: from.middle().x,
        y: from.bottom(),
    };
    if is_event && end.x > below.x {
        let level = end.y.max(below.y + 24);
        let turn = end.x - 24;
        return tidy(vec![
            below,
            Point {
                x: below.x,
                y: level,
            },
            Point { x: turn, y: level },
            Point { x: turn, y: end.y },
            end,
        ]);
    }
    let start = Point {
        x: from.right(),
        y: from.middle().y,
    };
    if end.x > start.x {
        let turn = end.x - GAP_ACROSS / 2;
        return tidy(vec![
            start,
            Point {
                x: turn,
                y: start.y,
            },
            Point { x: turn, y: end.y },
            end,
        ]);
    }
    backwards(from, to)
}

/// A way that leads back, above everything.
fn backwards(from: Area, to: Area) -> Vec<Point> {
    let start = Point {
        x: from.middle().x,
        y: from.y,
    };
    let end = Point {
        x: to.middle().x,
        y: to.y,
    };
    let above = start.y.min(end.y) - 26;
    tidy(vec![
        start,
        Point {
            x: start.x,
            y: above,
        },
        Point { x: end.x, y: above },
        end,
    ])
}

/// Without points that add nothing.
fn tidy(mut points: Vec<Point>) -> Vec<Point> {
    points.dedup();
    points
}
