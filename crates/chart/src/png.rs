//! PNG: a drawing in pixels, two for each unit of the SVG, fewer where it would get too large.
//!
//! Letters come from fonts that the program carries, so that the same scene gives the same bytes
//! on every machine.
//!
//! **Source:** W3C, Portable Network Graphics; rasterized by resvg.

use crate::drawing::Drawing;
use crate::layout;
use crate::scene::Scene;
use crate::svg::{Texts, document};
use crate::theme::Theme;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// Most pixels of a picture.
const PIXELS_MAX: f32 = 40e6;

/// Pixels for a unit of the SVG.
const SCALE: f32 = 2.0;

/// The scene as a PNG file; a picture cannot ask what the reader prefers, so `Auto` is light.
pub fn png(scene: &Scene, theme: Theme) -> Vec<u8> {
    raster(&layout::draw(scene), theme)
}

pub(crate) fn raster(drawing: &Drawing, theme: Theme) -> Vec<u8> {
    let theme = if theme == Theme::Auto { Theme::Light } else { theme };
    let document = document(drawing, theme, Texts::Outlines);
    let tree = Tree::from_str(&document, &Options::default()).expect("our own SVG is valid");
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = scale(width, height);
    let pixels = |length: f32| (length * scale).ceil().max(1.0) as u32;
    let mut pixmap = Pixmap::new(pixels(width), pixels(height)).expect("the size is bounded");
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().expect("encoding into memory never fails")
}

/// Pixels for a unit of a picture of this size.
fn scale(width: f32, height: f32) -> f32 {
    SCALE.min((PIXELS_MAX / (width * height)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_have_an_end() {
        assert_eq!(scale(1_200.0, 800.0), SCALE);
        let scale = scale(1_200.0, 33_000.0);
        assert!((1.0..1.01).contains(&scale), "{scale}");
    }
}
