//! Letters as outlines, from fonts that the program carries: pictures look alike on every machine.
//!
//! Letters stand side by side by their advances; scripts that join or reverse their letters are
//! drawn letter by letter. What neither font knows is an empty box. O(letters).
//!
//! **Source:** fonts Ubuntu Light (Dalton Maag, Ubuntu Font License 1.0) and Hack (Source Foundry,
//! MIT and Bitstream Vera license); TrueType outlines after the OpenType specification.

use crate::drawing::Anchor;
use std::fmt::Write;
use std::sync::LazyLock;
use ttf_parser::{Face, GlyphId, OutlineBuilder};

static FONTS: LazyLock<[Face<'static>; 2]> = LazyLock::new(|| {
    [epaint_default_fonts::UBUNTU_LIGHT, epaint_default_fonts::HACK_REGULAR]
        .map(|bytes| Face::parse(bytes, 0).expect("a font that the program carries is whole"))
});

/// The outlines of a text as the data of an SVG path.
pub(crate) fn outlines(content: &str, at: (i64, i64), size: i64, anchor: Anchor) -> String {
    let glyphs: Vec<Glyph> = content.chars().map(Glyph::of).collect();
    let width: f32 = glyphs.iter().map(|glyph| glyph.advance(size)).sum();
    let shift = match anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => width / 2.0,
        Anchor::End => width,
    };
    let mut path = Path { data: String::new(), x: at.0 as f32 - shift, y: at.1 as f32, scale: 0.0 };
    for glyph in glyphs {
        path.scale = glyph.scale(size);
        glyph.face.outline_glyph(glyph.id, &mut path);
        path.x += glyph.advance(size);
    }
    path.data
}

struct Glyph {
    face: &'static Face<'static>,
    id: GlyphId,
}

impl Glyph {
    fn of(letter: char) -> Self {
        let known =
            |face: &'static Face<'static>| Some(Glyph { face, id: face.glyph_index(letter)? });
        let missing = Glyph { face: &FONTS[0], id: GlyphId(0) };
        FONTS.iter().find_map(known).unwrap_or(missing)
    }

    fn scale(&self, size: i64) -> f32 {
        size as f32 / f32::from(self.face.units_per_em())
    }

    fn advance(&self, size: i64) -> f32 {
        f32::from(self.face.glyph_hor_advance(self.id).unwrap_or(0)) * self.scale(size)
    }
}

/// Writes outlines at a place; y goes up in a font and down on a page.
struct Path {
    data: String,
    x: f32,
    y: f32,
    scale: f32,
}

impl Path {
    fn add(&mut self, command: char, points: &[(f32, f32)]) {
        self.data.push(command);
        for (index, (x, y)) in points.iter().enumerate() {
            let gap = if index > 0 { " " } else { "" };
            let (x, y) = (self.x + x * self.scale, self.y - y * self.scale);
            write!(self.data, "{gap}{x:.1} {y:.1}").expect("writing to a string never fails");
        }
    }
}

impl OutlineBuilder for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.add('Q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add('C', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.data.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::text_width;

    #[test]
    fn widths_are_never_taken_too_small() {
        for text in ["makespan 930", "MMMM", "−1 234 567", "task ÄÖÜ", "machine 12 · bound"] {
            let width: f32 = text.chars().map(|letter| Glyph::of(letter).advance(100)).sum();
            assert!(text_width(text, 100) as f32 >= width, "{text}: {width}");
        }
    }

    #[test]
    fn what_no_font_knows_is_a_box() {
        assert!(outlines("字", (0, 0), 100, Anchor::Start).starts_with('M'));
    }
}
