//! A drawing: shapes with named styles, in drawing order, in integer units of a tenth of a pixel.
//!
//! It stands between layout and writers: layout knows no markup, a writer knows no schedule.
//!
//! **Source:** -

use crate::palette::Shade;

/// Shapes on a page.
#[derive(Debug)]
pub(crate) struct Drawing {
    pub(crate) title: String,
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) shapes: Vec<Shape>,
}

/// One shape with its style and what it says to whoever points at it.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) form: Form,
    pub(crate) style: Style,
    pub(crate) tip: Option<String>,
}

/// Geometry.
#[derive(Debug)]
pub(crate) enum Form {
    Rect { x: i64, y: i64, width: i64, height: i64, radius: i64 },
    Polygon(Vec<(i64, i64)>),
    Polyline(Vec<(i64, i64)>),
    Line { from: (i64, i64), to: (i64, i64) },
    Circle { at: (i64, i64), radius: i64 },
    Text { at: (i64, i64), size: i64, anchor: Anchor, content: String },
}

/// Which point of a text is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// What a shape is; a writer says how that looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Page,
    Stripe,
    Grid,
    Frame,
    Title,
    Note,
    Name,
    Bar(Shade),
    LateBar(Shade),
    BarLabel(Shade),
    Area(Shade),
    Setup,
    Hold(Shade),
    /// Where the work of a bar rests.
    Rest,
    Closed,
    Paused,
    Slow,
    Capacity,
    Least,
    /// Usage beyond what there is.
    Over,
    Bound,
    Now,
    Curve(Shade),
    DashedCurve(Shade),
    Dot(Shade),
    /// The line within a box.
    Median,
}

impl Drawing {
    /// Adds a shape.
    pub(crate) fn add(&mut self, style: Style, form: Form) {
        self.shapes.push(Shape { form, style, tip: None });
    }

    /// Adds a shape that explains itself.
    pub(crate) fn add_with_tip(&mut self, style: Style, form: Form, tip: impl Into<String>) {
        self.shapes.push(Shape { form, style, tip: Some(tip.into()) });
    }

    /// Adds a rectangle with sharp corners.
    pub(crate) fn rect(&mut self, style: Style, (x, y): (i64, i64), (width, height): (i64, i64)) {
        self.add(style, Form::Rect { x, y, width, height, radius: 0 });
    }

    /// Adds a text.
    pub(crate) fn write(
        &mut self,
        style: Style,
        at: (i64, i64),
        size: i64,
        anchor: Anchor,
        content: impl Into<String>,
    ) {
        self.add(style, Form::Text { at, size, anchor, content: content.into() });
    }

    /// Adds a straight line.
    pub(crate) fn line(&mut self, style: Style, from: (i64, i64), to: (i64, i64)) {
        self.add(style, Form::Line { from, to });
    }
}

/// Width of a text, on the wide side; fonts differ.
pub(crate) fn text_width(content: &str, size: i64) -> i64 {
    let hundredths = |letter: char| match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ' ' | '\'' | '|' => 32,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 92,
        'A'..='Z' => 70,
        _ if letter.is_ascii() || letter == '·' => 59,
        _ => 100,
    };
    content.chars().map(hundredths).sum::<i64>() * size / 100
}

/// The text, cut to fit `width`.
pub(crate) fn fitted(content: &str, size: i64, width: i64) -> String {
    if text_width(content, size) <= width {
        return content.to_owned();
    }
    let mut kept = String::new();
    for letter in content.chars() {
        kept.push(letter);
        if text_width(&kept, size) + size > width {
            kept.pop();
            break;
        }
    }
    kept + "…"
}
