//! SVG: a drawing as self-contained markup, light or dark as the reader prefers.
//!
//! Colors are classes, so that a media query can change them; names are escaped, and characters
//! that XML forbids or nobody sees are replaced. The same scene gives the same bytes.
//!
//! **Source:** W3C, Scalable Vector Graphics 1.1; XML 1.0 section 2.2 (characters).

use crate::drawing::{Anchor, Drawing, Form, Shape, Style};
use crate::layout;
use crate::palette::{Rgb, Shade};
use crate::scene::Scene;
use crate::text::is_hidden;
use std::collections::BTreeSet;
use std::fmt::Write;

const FIXED_STYLES: &str = "\
.ordine{font-family:system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}
.ordine text{pointer-events:none}
.ordine .page{fill:#fff}
.ordine .stripe{fill:#f3f5f7}
.ordine .grid{stroke:#dfe3e8;stroke-width:8}
.ordine .frame{stroke:#8a939c;stroke-width:10}
.ordine .title{fill:#1b1f24;font-weight:600}
.ordine .note{fill:#59636e}
.ordine .name{fill:#1b1f24}
.ordine .bar{stroke:#fff;stroke-width:8}
.ordine .late{stroke:#1b1f24;stroke-width:20}
.ordine .on-light{fill:#111}
.ordine .on-dark{fill:#fff}
.ordine .capacity{stroke:#1b1f24;stroke-width:14;stroke-dasharray:60 40}
.ordine .bound{stroke:#1b1f24;stroke-width:12;stroke-dasharray:30 30}
";

const DARK_STYLES: &str = "\
@media (prefers-color-scheme:dark){
.ordine .page{fill:#14181d}
.ordine .stripe{fill:#1b2027}
.ordine .grid{stroke:#2c333b}
.ordine .frame{stroke:#6b7580}
.ordine .title,.ordine .name{fill:#e8ecf0}
.ordine .note{fill:#9aa5b1}
.ordine .bar{stroke:#14181d}
.ordine .late{stroke:#fff}
.ordine .capacity,.ordine .bound{stroke:#e8ecf0}
}
";

/// The scene as an SVG document.
pub fn svg(scene: &Scene) -> String {
    let drawing = layout::draw(scene);
    let mut out = String::new();
    write_drawing(&mut out, &drawing).expect("writing to a string never fails");
    out
}

fn write_drawing(out: &mut String, drawing: &Drawing) -> std::fmt::Result {
    let (width, height) = (drawing.width, drawing.height);
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ordine\" role=\"img\" \
         width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\">",
        width / 10,
        height / 10
    )?;
    writeln!(out, "<title>{}</title>", escaped(&drawing.title))?;
    write_styles(out, drawing)?;
    let page = Form::Rect { x: 0, y: 0, width, height, radius: 0 };
    write_shape(out, &Shape { form: page, style: Style::Page, tip: None })?;
    for shape in &drawing.shapes {
        write_shape(out, shape)?;
    }
    out.push_str("</svg>\n");
    Ok(())
}

fn write_styles(out: &mut String, drawing: &Drawing) -> std::fmt::Result {
    let shades: BTreeSet<Shade> =
        drawing.shapes.iter().filter_map(|shape| shade(shape.style)).collect();
    out.push_str("<style>\n");
    out.push_str(FIXED_STYLES);
    for &shade in &shades {
        let class = shade_class(shade);
        if shade.is_hatched() {
            writeln!(out, ".ordine .{class}{{fill:url(#ordine-{class})}}")?;
        } else {
            writeln!(out, ".ordine .{class}{{fill:{}}}", hex(shade.rgb()))?;
        }
    }
    out.push_str(DARK_STYLES);
    out.push_str("</style>\n");
    for shade in shades.into_iter().filter(|shade| shade.is_hatched()) {
        write_hatching(out, shade)?;
    }
    Ok(())
}

fn write_hatching(out: &mut String, shade: Shade) -> std::fmt::Result {
    let line = if shade.is_dark() { "#fff" } else { "#000" };
    writeln!(
        out,
        "<pattern id=\"ordine-{}\" width=\"60\" height=\"60\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect width=\"60\" height=\"60\" fill=\"{}\"/>\
         <rect width=\"14\" height=\"60\" fill=\"{line}\" fill-opacity=\"0.4\"/></pattern>",
        shade_class(shade),
        hex(shade.rgb())
    )
}

fn write_shape(out: &mut String, shape: &Shape) -> std::fmt::Result {
    let element = match &shape.form {
        Form::Rect { x, y, width, height, radius } => {
            write!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")?;
            if *radius > 0 {
                write!(out, " rx=\"{radius}\"")?;
            }
            "rect"
        }
        Form::Polygon(corners) => {
            out.push_str("<polygon points=\"");
            for (index, (x, y)) in corners.iter().enumerate() {
                write!(out, "{}{x},{y}", if index > 0 { " " } else { "" })?;
            }
            out.push('"');
            "polygon"
        }
        Form::Line { from, to } => {
            write!(out, "<line x1=\"{}\" y1=\"{}\"", from.0, from.1)?;
            write!(out, " x2=\"{}\" y2=\"{}\"", to.0, to.1)?;
            "line"
        }
        Form::Text { at, size, anchor, content } => {
            let class = class(shape.style);
            write!(out, "<text class=\"{class}\" x=\"{}\" y=\"{}\"", at.0, at.1)?;
            write!(out, " font-size=\"{size}\"{}>", anchor_attribute(*anchor))?;
            return writeln!(out, "{}</text>", escaped(content));
        }
    };
    write!(out, " class=\"{}\"", class(shape.style))?;
    match &shape.tip {
        None => writeln!(out, "/>"),
        Some(tip) => writeln!(out, "><title>{}</title></{element}>", escaped(tip)),
    }
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
        Style::Bar(shade) | Style::LateBar(shade) | Style::Area(shade) => Some(shade),
        _ => None,
    }
}

fn shade_class(shade: Shade) -> String {
    match shade {
        Shade::Plain => "plain".to_owned(),
        Shade::Numbered(number) => format!("g{number}"),
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
        Style::Capacity => "capacity",
        Style::Bound => "bound",
        Style::BarLabel(shade) if shade.is_dark() => "on-dark",
        Style::BarLabel(_) => "on-light",
        Style::Bar(shade) => return format!("bar {}", shade_class(shade)),
        Style::LateBar(shade) => return format!("late {}", shade_class(shade)),
        Style::Area(shade) => return shade_class(shade),
    };
    fixed.to_owned()
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The text as XML character data, also fit for an attribute in double quotes.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' | '\t' | '\r' => safe.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => safe.push('\u{FFFD}'),
            _ if is_hidden(letter) => safe.push('\u{FFFD}'),
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
