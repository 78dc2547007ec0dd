//! SVG: a drawing as self-contained markup, light, dark, or as the reader prefers.
//!
//! Colors are classes, so that a media query can change them; names are escaped, and characters
//! that XML forbids or nobody sees are replaced. The same scene gives the same bytes. Text can be
//! written as outlines of letters instead, for readers that have no fonts.
//!
//! **Source:** W3C, Scalable Vector Graphics 1.1; XML 1.0 section 2.2 (characters).

use crate::drawing::{Anchor, Drawing, Form, Shape, Style};
use crate::layout;
use crate::letters;
use crate::palette::Shade;
use crate::scene::Scene;
use crate::text::is_hidden;
use crate::theme::{Colors, DARK, Theme, hex};
use std::collections::BTreeSet;
use std::fmt::Write;

/// How texts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Texts {
    /// As text: can be searched and copied.
    Words,
    /// As outlines: the same on every machine.
    Outlines,
}

const FIXED_STYLES: &str = "\
.ordine{font-family:system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}
.ordine text{pointer-events:none}
.ordine .title{font-weight:600}
.ordine .on-light{fill:#111}
.ordine .on-dark{fill:#fff}
.ordine .curve,.ordine .line{fill:none;stroke-linejoin:round}
.ordine .curve{stroke-width:22}
.ordine .dashed{stroke-dasharray:90 60}
.ordine .held{fill-opacity:.55}
.ordine .rest{fill-opacity:.62}
";

/// The scene as an SVG document.
pub fn svg(scene: &Scene, theme: Theme) -> String {
    document(&layout::draw(scene), theme, Texts::Words)
}

/// The drawing as an SVG document.
pub(crate) fn document(drawing: &Drawing, theme: Theme, texts: Texts) -> String {
    let mut out = String::new();
    write_drawing(&mut out, drawing, theme, texts).expect("writing to a string never fails");
    out
}

fn write_drawing(
    out: &mut String,
    drawing: &Drawing,
    theme: Theme,
    texts: Texts,
) -> std::fmt::Result {
    let (width, height) = (drawing.width, drawing.height);
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ordine\" role=\"img\" \
         width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\">",
        width / 10,
        height / 10
    )?;
    writeln!(out, "<title>{}</title>", escaped(&drawing.title))?;
    write_styles(out, drawing, theme)?;
    let page = Form::Rect { x: 0, y: 0, width, height, radius: 0 };
    write_shape(out, &Shape { form: page, style: Style::Page, tip: None }, texts)?;
    for shape in &drawing.shapes {
        write_shape(out, shape, texts)?;
    }
    out.push_str("</svg>\n");
    Ok(())
}

fn write_styles(out: &mut String, drawing: &Drawing, theme: Theme) -> std::fmt::Result {
    let shades: BTreeSet<Shade> =
        drawing.shapes.iter().filter_map(|shape| shade(shape.style)).collect();
    out.push_str("<style>\n");
    out.push_str(FIXED_STYLES);
    out.push_str(&rules(theme.colors()));
    // Thin lines and dots need more light on a dark page than areas do.
    let own = if theme == Theme::Dark { Shade::rgb_on_dark } else { Shade::rgb };
    for &shade in &shades {
        let class = shade_class(shade);
        writeln!(out, ".ordine .{class}{{fill:{}}}", hex(shade.rgb()))?;
        writeln!(out, ".ordine .curve.{class}{{fill:none;stroke:{}}}", hex(own(shade)))?;
        writeln!(out, ".ordine .dot.{class}{{fill:{}}}", hex(own(shade)))?;
    }
    if theme == Theme::Auto {
        write!(out, "@media (prefers-color-scheme:dark){{\n{}", rules(&DARK))?;
        for &shade in &shades {
            let (class, color) = (shade_class(shade), hex(shade.rgb_on_dark()));
            writeln!(out, ".ordine .curve.{class}{{stroke:{color}}}")?;
            writeln!(out, ".ordine .dot.{class}{{fill:{color}}}")?;
        }
        out.push_str("}\n");
    }
    out.push_str("</style>\n");
    let has = |style| drawing.shapes.iter().any(|shape| shape.style == style);
    if has(Style::Setup) {
        write_hatching(out, "setup", [50, 18, 45], "class=\"stripe\"", "class=\"mark\"")?;
    }
    if has(Style::Over) {
        write_hatching(out, "over", [50, 26, -45], "class=\"page\"", "class=\"alarm\"")?;
    }
    Ok(())
}

/// What depends on the theme.
fn rules(colors: &Colors) -> String {
    let [page, stripe, grid, frame] =
        [colors.page, colors.stripe, colors.grid, colors.frame].map(hex);
    let [ink, note, late, over] = [colors.ink, colors.note, colors.late, colors.over].map(hex);
    let [closed, paused, slow] = [colors.closed, colors.paused, colors.slow].map(hex);
    format!(
        ".ordine .page,.ordine .rest{{fill:{page}}}
.ordine .stripe{{fill:{stripe}}}
.ordine .grid{{stroke:{grid};stroke-width:8}}
.ordine .frame{{stroke:{frame};stroke-width:10}}
.ordine .title,.ordine .name{{fill:{ink}}}
.ordine .note{{fill:{note}}}
.ordine .bar{{stroke:{page};stroke-width:8}}
.ordine .late{{stroke:{late};stroke-width:20}}
.ordine .setup{{fill:url(#ordine-setup);stroke:{frame};stroke-width:6}}
.ordine .mark{{fill:{frame}}}
.ordine .over{{fill:url(#ordine-over);stroke:{over};stroke-width:8}}
.ordine .alarm{{fill:{over}}}
.ordine .closed{{fill:{closed}}}
.ordine .paused{{fill:{paused}}}
.ordine .slow{{fill:{slow}}}
.ordine .capacity{{stroke:{ink};stroke-width:14;stroke-dasharray:60 40}}
.ordine .least{{stroke:{ink};stroke-width:14;stroke-dasharray:16 30}}
.ordine .bound{{stroke:{ink};stroke-width:12;stroke-dasharray:30 30}}
.ordine .now,.ordine .median{{stroke:{ink};stroke-width:20}}
"
    )
}

/// A pattern of slanted lines: size, width of a line, angle.
fn write_hatching(
    out: &mut String,
    class: &str,
    [size, width, angle]: [i64; 3],
    ground: &str,
    line: &str,
) -> std::fmt::Result {
    writeln!(
        out,
        "<pattern id=\"ordine-{class}\" width=\"{size}\" height=\"{size}\" \
         patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate({angle})\">\
         <rect width=\"{size}\" height=\"{size}\" {ground}/>\
         <rect width=\"{width}\" height=\"{size}\" {line}/></pattern>"
    )
}

fn write_shape(out: &mut String, shape: &Shape, texts: Texts) -> std::fmt::Result {
    let element = match &shape.form {
        Form::Rect { x, y, width, height, radius } => {
            write!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")?;
            if *radius > 0 {
                write!(out, " rx=\"{radius}\"")?;
            }
            "rect"
        }
        Form::Polygon(corners) => {
            write_points(out, "polygon", corners)?;
            "polygon"
        }
        Form::Polyline(corners) => {
            write_points(out, "polyline", corners)?;
            "polyline"
        }
        Form::Line { from, to } => {
            write!(out, "<line x1=\"{}\" y1=\"{}\"", from.0, from.1)?;
            write!(out, " x2=\"{}\" y2=\"{}\"", to.0, to.1)?;
            "line"
        }
        Form::Circle { at, radius } => {
            write!(out, "<circle cx=\"{}\" cy=\"{}\" r=\"{radius}\"", at.0, at.1)?;
            "circle"
        }
        Form::Text { at, size, anchor, content } => {
            let class = class(shape.style);
            if texts == Texts::Outlines {
                let path = letters::outlines(&visible(content), *at, *size, *anchor);
                return writeln!(out, "<path class=\"{class}\" d=\"{path}\"/>");
            }
            write!(out, "<text class=\"{class}\" x=\"{}\" y=\"{}\"", at.0, at.1)?;
            write!(out, " font-size=\"{size}\"{}>", anchor_attribute(*anchor))?;
            return writeln!(out, "{}</text>", escaped(content));
        }
    };
    write!(out, " class=\"{}\"", class(shape.style))?;
    match &shape.tip {
        Some(tip) if texts == Texts::Words => {
            writeln!(out, "><title>{}</title></{element}>", escaped(tip))
        }
        _ => writeln!(out, "/>"),
    }
}

fn write_points(out: &mut String, element: &str, corners: &[(i64, i64)]) -> std::fmt::Result {
    write!(out, "<{element} points=\"")?;
    for (index, (x, y)) in corners.iter().enumerate() {
        write!(out, "{}{x},{y}", if index > 0 { " " } else { "" })?;
    }
    out.push('"');
    Ok(())
}

fn anchor_attribute(anchor: Anchor) -> &'static str {
    match anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    }
}

fn shade(style: Style) -> Option<Shade> {
    match style {
        Style::Bar(shade)
        | Style::LateBar(shade)
        | Style::Area(shade)
        | Style::Hold(shade)
        | Style::Curve(shade)
        | Style::DashedCurve(shade)
        | Style::Dot(shade) => Some(shade),
        _ => None,
    }
}

fn shade_class(shade: Shade) -> String {
    match shade {
        Shade::Plain => "plain".to_owned(),
        Shade::Numbered(number) => format!("g{number}"),
        Shade::Ramp(place) => format!("r{place}"),
    }
}

fn class(style: Style) -> String {
    let fixed = match style {
        Style::Page => "page",
        Style::Stripe => "stripe",
        Style::Grid => "grid",
        Style::Frame => "frame",
        Style::Title => "title",
        Style::Note => "note",
        Style::Name => "name",
        Style::Setup => "setup",
        Style::Rest => "rest",
        Style::Closed => "closed",
        Style::Paused => "paused",
        Style::Slow => "slow",
        Style::Capacity => "line capacity",
        Style::Least => "line least",
        Style::Over => "over",
        Style::Bound => "bound",
        Style::Now => "now",
        Style::Median => "median",
        Style::BarLabel(shade) if shade.is_dark() => "on-dark",
        Style::BarLabel(_) => "on-light",
        Style::Bar(shade) => return format!("bar {}", shade_class(shade)),
        Style::Dot(shade) => return format!("bar dot {}", shade_class(shade)),
        Style::LateBar(shade) => return format!("late {}", shade_class(shade)),
        Style::Hold(shade) => return format!("held {}", shade_class(shade)),
        Style::Curve(shade) => return format!("curve {}", shade_class(shade)),
        Style::DashedCurve(shade) => return format!("curve dashed {}", shade_class(shade)),
        Style::Area(shade) => return shade_class(shade),
    };
    fixed.to_owned()
}

/// The text with what is hidden or forbidden replaced.
fn visible(text: &str) -> String {
    let shown = |letter: char| match letter {
        '\n' | '\t' | '\r' => ' ',
        '\u{FFFE}' | '\u{FFFF}' => '\u{FFFD}',
        _ if is_hidden(letter) => '\u{FFFD}',
        _ => letter,
    };
    text.chars().map(shown).collect()
}

/// The text as XML character data, also fit for an attribute in double quotes.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in visible(text).chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_are_escaped() {
        assert_eq!(escaped("<a & \"b\">\u{1}\n"), "&lt;a &amp; &quot;b&quot;&gt;\u{FFFD} ");
        assert_eq!(escaped("a\u{202E}b\u{2066}c\u{9B}"), "a\u{FFFD}b\u{FFFD}c\u{FFFD}");
    }
}
