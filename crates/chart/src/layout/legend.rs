//! The legend: names of few groups with their colors, and what the marks mean that appear.
//!
//! **Source:** -

use super::{MARGIN, PAGE_WIDTH, Page, SMALL};
use crate::drawing::{Anchor, Form, Style, fitted, text_width};
use crate::palette::Shade;
use crate::scene::{Group, GroupId};

const SWATCH: i64 = 130;

/// Draws the legend below whatever was drawn last.
pub(super) fn draw(page: &mut Page<'_>) {
    let entries = entries(page);
    if entries.is_empty() {
        return;
    }
    let mut left = MARGIN;
    for (style, name) in entries {
        let width = 200 + text_width(&name, SMALL) + 160;
        if left + width > PAGE_WIDTH - MARGIN {
            (left, page.top) = (MARGIN, page.top + 200);
        }
        swatch(page, style, left);
        let at = (left + 190, page.top + 108);
        page.drawing.write(Style::Note, at, SMALL, Anchor::Start, name);
        left += width;
    }
    page.top += 300;
}

fn entries(page: &Page<'_>) -> Vec<(Style, String)> {
    let scene = page.scene;
    let mut entries: Vec<(Style, String)> = Vec::new();
    if scene.has_legend() {
        let entry = |(id, group): (GroupId, &Group)| {
            (Style::Bar(page.shades.shade(Some(id))), fitted(&group.name, SMALL, 2_000))
        };
        entries.extend(scene.groups.iter().map(entry));
    }
    if page.shades.is_ramp() {
        entries.push((
            Style::Area(Shade::Ramp(0)),
            "color: by first start, from dark to light".into(),
        ));
    }
    let marks = scene.marks();
    let drawn = [
        (marks.late, Style::LateBar(Shade::Plain), "outlined: late"),
        (marks.setup, Style::Setup, "setup"),
        (marks.hold, Style::Hold(Shade::Plain), "ended, blocks"),
        (marks.pauses, Style::Rest, "pale: rests in a break"),
        (marks.closed, Style::Closed, "closed"),
        (marks.paused, Style::Paused, "pause"),
        (marks.speed, Style::Slow, "other speed"),
        (marks.over, Style::Over, "beyond the capacity"),
        (marks.least, Style::Least, "least"),
    ];
    let shown = drawn.into_iter().filter(|it| it.0);
    entries.extend(shown.map(|(_, style, name)| (style, name.to_owned())));
    entries
}

fn swatch(page: &mut Page<'_>, style: Style, left: i64) {
    let (top, right, middle) = (page.top, left + SWATCH, page.top + SWATCH / 2);
    match style {
        Style::Least => page.drawing.line(style, (left, middle), (right, middle)),
        Style::Slow => {
            page.drawing.rect(style, (left, top + SWATCH - 35), (SWATCH, 35));
        }
        Style::Hold(_) => {
            page.drawing.rect(style, (left, middle - SWATCH / 6), (SWATCH, SWATCH / 3));
        }
        Style::Area(Shade::Ramp(_)) => {
            let width = SWATCH / Shade::SAMPLES.len() as i64;
            for (place, shade) in Shade::SAMPLES.into_iter().enumerate() {
                let at = (left + place as i64 * width, top);
                page.drawing.rect(Style::Area(shade), at, (width, SWATCH));
            }
        }
        _ => {
            let ground = if style == Style::Rest { Style::Bar(Shade::Plain) } else { style };
            let form = Form::Rect { x: left, y: top, width: SWATCH, height: SWATCH, radius: 20 };
            page.drawing.add(ground, form);
            if style == Style::Rest {
                page.drawing.rect(style, (left + SWATCH / 3, top), (SWATCH / 3, SWATCH));
            }
        }
    }
}
