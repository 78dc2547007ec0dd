//! Charts as files: every chart in every form, chosen by the extension of a file.
//!
//! **Source:** -

use crate::boxes::{self, Boxes, boxes_text};
use crate::curves::{self, Curves, curves_text};
use crate::drawing::Drawing;
use crate::histogram::{self, Histogram, histogram_text};
use crate::scene::Scene;
use crate::svg::{Texts, document};
use crate::text::{Ink, TextStyle, text};
use crate::theme::Theme;
use crate::{html, layout, png};

/// A chart of any kind.
#[derive(Clone, Copy, Debug)]
pub enum Chart<'a> {
    /// A schedule.
    Gantt(&'a Scene),
    /// Curves over two axes.
    Curves(&'a Curves),
    /// Box plots.
    Boxes(&'a Boxes),
    /// A histogram.
    Histogram(&'a Histogram),
}

/// A form of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Vector graphics.
    Svg,
    /// Pixels.
    Png,
    /// A page.
    Html,
    /// Plain text.
    Text,
}

/// A text file is wider and longer than most terminals.
const PAPER: TextStyle = TextStyle { width: 120, lines: 400, ink: Ink::Plain };

impl FileKind {
    /// All forms.
    pub const ALL: [FileKind; 4] = [FileKind::Svg, FileKind::Png, FileKind::Html, FileKind::Text];

    /// The extension of its files, without dot.
    pub const fn extension(self) -> &'static str {
        match self {
            FileKind::Svg => "svg",
            FileKind::Png => "png",
            FileKind::Html => "html",
            FileKind::Text => "txt",
        }
    }

    /// The form whose files have this extension, in capital letters or not.
    pub fn of_extension(extension: &str) -> Option<Self> {
        FileKind::ALL.into_iter().find(|kind| kind.extension().eq_ignore_ascii_case(extension))
    }
}

impl Chart<'_> {
    /// The chart as the bytes of a file; the same each time.
    pub fn file(self, kind: FileKind, theme: Theme) -> Vec<u8> {
        match (kind, self) {
            (FileKind::Svg, _) => document(&self.drawing(), theme, Texts::Words).into_bytes(),
            (FileKind::Png, _) => png::raster(&self.drawing(), theme),
            (FileKind::Html, Chart::Gantt(scene)) => html::html(scene, theme).into_bytes(),
            (FileKind::Html, _) => html::picture(&self.drawing(), theme).into_bytes(),
            (FileKind::Text, _) => self.text(&PAPER).into_bytes(),
        }
    }

    /// The chart as lines for a terminal.
    pub fn text(self, style: &TextStyle) -> String {
        match self {
            Chart::Gantt(scene) => text(scene, style),
            Chart::Curves(curves) => curves_text(curves, style),
            Chart::Boxes(boxes) => boxes_text(boxes, style),
            Chart::Histogram(histogram) => histogram_text(histogram, style),
        }
    }

    fn drawing(self) -> Drawing {
        match self {
            Chart::Gantt(scene) => layout::draw(scene),
            Chart::Curves(curves) => curves::draw(curves),
            Chart::Boxes(boxes) => boxes::draw(boxes),
            Chart::Histogram(histogram) => histogram::draw(histogram),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_found_by_their_extension() {
        for kind in FileKind::ALL {
            assert_eq!(FileKind::of_extension(kind.extension()), Some(kind));
        }
        assert_eq!(FileKind::of_extension("PNG"), Some(FileKind::Png));
        assert_eq!(FileKind::of_extension("pdf"), None);
    }
}
