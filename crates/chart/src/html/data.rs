//! A scene as the data of a page: JSON that holds no `<`, so that nothing in it ends a script.
//!
//! Bars are columns of numbers and strings. A step function is `[first, time, value, …]`.
//!
//! **Source:** RFC 8259 (JSON).

use crate::palette::{Shade, Shades};
use crate::scene::{
    Bar, BarKind, Break, BreakKind, GroupId, Marker, MarkerKind, Scene, Side, Usage, UsageKind,
};
use crate::text::clean;
use ordine_base::{Id, StepFunction};
use std::fmt::Display;

/// The scene as one JSON object.
pub(super) fn json(scene: &Scene) -> String {
    let lane = |lane: &crate::Lane| {
        object(&[
            ("name", quoted(&lane.name)),
            ("rows", lane.rows.to_string()),
            ("breaks", breaks(&lane.breaks)),
        ])
    };
    let link = |link: &crate::Link| {
        let sides = u8::from(link.from == Side::End) + 2 * u8::from(link.to == Side::End);
        format!("{},{},{sides}", link.before.index(), link.after.index())
    };
    let shades = Shades::of(scene);
    object(&[
        ("span", list([scene.span.start, scene.span.end])),
        ("dates", quoted(dates(scene))),
        ("lanes", list(scene.lanes.values().map(lane))),
        ("groups", list(scene.groups.values().map(|group| quoted(&group.name)))),
        ("legend", scene.has_legend().to_string()),
        ("marks", list(marks(scene))),
        ("shades", list(shades.all().iter().map(|it| shade(*it)))),
        ("plain", shade(Shade::Plain)),
        ("ramp", list(ramp(&shades))),
        ("bars", bars(scene)),
        ("pauses", pauses(scene)),
        ("links", list(scene.links.iter().map(link))),
        ("usages", list(scene.usages.iter().map(usage))),
        ("markers", list(scene.markers.iter().map(marker))),
    ])
}

fn bars(scene: &Scene) -> String {
    let numbers = |number: &dyn Fn(&Bar) -> i64| list(scene.bars.values().map(number));
    let texts =
        |text: &dyn Fn(&Bar) -> String| list(scene.bars.values().map(|bar| quoted(&text(bar))));
    let kind = |bar: &Bar| match bar.kind {
        BarKind::Task => 0,
        BarKind::Span => 1,
        BarKind::Setup => 2,
        BarKind::Hold => 3,
    };
    object(&[
        ("lane", numbers(&|bar| bar.lane.index() as i64)),
        ("row", numbers(&|bar| bar.row.into())),
        ("start", numbers(&|bar| bar.interval.start.get())),
        ("length", numbers(&|bar| bar.interval.elapsed().get())),
        ("kind", numbers(&kind)),
        ("late", numbers(&|bar| bar.late.into())),
        ("group", numbers(&|bar| group(bar.group))),
        ("label", texts(&|bar| bar.label.clone())),
        ("short", texts(&|bar| bar.short.clone())),
        (
            "tip",
            texts(&|bar| {
                let lines: Vec<String> = bar.tip.iter().map(|line| clean(line)).collect();
                lines.join("\n")
            }),
        ),
    ])
}

fn pauses(scene: &Scene) -> String {
    let of = |(id, bar): (crate::BarId, &Bar)| {
        let times = bar.pauses.iter().flat_map(|pause| [pause.start, pause.end]);
        (!bar.pauses.is_empty()).then(|| format!("\"{}\":{}", id.index(), list(times)))
    };
    let found: Vec<String> = scene.bars.iter().filter_map(of).collect();
    format!("{{{}}}", found.join(","))
}

fn usage(usage: &Usage) -> String {
    let layer = |layer: &crate::Layer| {
        let group = group(layer.group).to_string();
        object(&[("group", group), ("steps", steps(&layer.profile))])
    };
    let kind = match usage.kind {
        UsageKind::Renewable => "renewable",
        UsageKind::Consumable => "consumable",
        UsageKind::Reservoir => "reservoir",
    };
    let range = crate::panel::Range::of(usage);
    object(&[
        ("name", quoted(&usage.name)),
        ("kind", quoted(kind)),
        ("note", quoted(&crate::panel::note(usage))),
        ("low", range.low.to_string()),
        ("high", range.high.to_string()),
        ("showsCapacity", range.shows_capacity.to_string()),
        ("capacity", steps(&usage.capacity)),
        ("least", usage.least.as_ref().map_or("null".to_owned(), steps)),
        ("total", steps(&usage.total)),
        ("layers", list(usage.layers.iter().map(layer))),
        ("breaks", breaks(&usage.breaks)),
    ])
}

fn marker(marker: &Marker) -> String {
    let (kind, owner, late) = match marker.kind {
        MarkerKind::Due { group, late } => ("due", group, late),
        MarkerKind::Deadline { group, late } => ("deadline", group, late),
        MarkerKind::Bound => ("bound", None, false),
        MarkerKind::Now => ("now", None, false),
    };
    list([
        marker.time.to_string(),
        quoted(kind),
        group(owner).to_string(),
        late.to_string(),
        quoted(&marker.label),
    ])
}

/// What the strip of dates is called.
fn dates(scene: &Scene) -> &'static str {
    let marks = scene.marks();
    match (marks.due, marks.deadline) {
        (true, true) => "due, deadline",
        (true, false) => "due",
        (false, true) => "deadline",
        (false, false) => "",
    }
}

fn marks(scene: &Scene) -> Vec<String> {
    let marks = scene.marks();
    let named = [
        (marks.late, "late", "outlined: late"),
        (marks.setup, "setup", "setup"),
        (marks.hold, "hold", "ended, blocks"),
        (marks.pauses, "rest", "pale: rests in a break"),
        (marks.closed, "closed", "closed"),
        (marks.paused, "paused", "pause"),
        (marks.speed, "slow", "other speed"),
        (marks.over, "over", "beyond the capacity"),
        (marks.least, "least", "least"),
    ];
    let shown = named.into_iter().filter(|it| it.0);
    shown.map(|(_, mark, name)| list([quoted(mark), quoted(name)])).collect()
}

/// Samples of a ramp for the legend, none where each group has a color of its own.
fn ramp(shades: &Shades) -> Vec<String> {
    let samples = Shade::SAMPLES.into_iter().filter(|_| shades.is_ramp());
    samples.map(|it| quoted(&crate::theme::hex(it.rgb()))).collect()
}

fn shade(shade: Shade) -> String {
    object(&[
        ("color", quoted(&crate::theme::hex(shade.rgb()))),
        ("dark", shade.is_dark().to_string()),
    ])
}

fn breaks(breaks: &[Break]) -> String {
    let kind = |kind: BreakKind| match kind {
        BreakKind::Closed => 0,
        BreakKind::Paused => 1,
        BreakKind::Speed(_) => 2,
    };
    list(
        breaks
            .iter()
            .map(|it| format!("{},{},{}", it.interval.start, it.interval.end, kind(it.kind))),
    )
}

fn steps(function: &StepFunction) -> String {
    let steps = function.steps().iter().map(|(time, value)| format!("{time},{value}"));
    list(std::iter::once(function.first().to_string()).chain(steps))
}

fn group(group: Option<GroupId>) -> i64 {
    group.map_or(-1, |group| group.index() as i64)
}

fn list(items: impl IntoIterator<Item = impl Display>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    format!("[{}]", items.join(","))
}

fn object(fields: &[(&str, String)]) -> String {
    let fields: Vec<String> =
        fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", fields.join(","))
}

/// A JSON string without `<`, control characters and letters that turn others around.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '<' => out.push_str("\\u003c"),
            _ if crate::text::is_hidden(letter) => out.push('\u{FFFD}'),
            _ => out.push(letter),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_a_string_or_a_script() {
        assert_eq!(quoted("</script>\"\\\u{1b}\n"), "\"\\u003c/script>\\\"\\\\\u{FFFD}\\n\"");
    }
}
