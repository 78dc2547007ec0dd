//! Themes: the colors of everything but groups, on a light and on a dark page.
//!
//! Gray tones and outlines carry meaning, never a hue alone: late is an outline, a break is gray, a
//! setup is hatched. Text has a contrast of at least 4.5 to 1 against its page.
//!
//! **Source:** contrast after W3C, Web Content Accessibility Guidelines 2.1, criterion 1.4.3.

use crate::palette::Rgb;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the reader prefers; light where nobody can say.
    #[default]
    Auto,
    /// Dark ink on a light page.
    Light,
    /// Light ink on a dark page.
    Dark,
}

impl Theme {
    /// All themes.
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme of this name.
    pub fn named(name: &str) -> Option<Self> {
        Theme::ALL.into_iter().find(|theme| theme.name() == name)
    }

    /// The colors of a picture that cannot ask.
    pub(crate) const fn colors(self) -> &'static Colors {
        match self {
            Theme::Auto | Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }
}

/// Colors of one theme.
#[derive(Debug)]
pub(crate) struct Colors {
    pub(crate) page: Rgb,
    pub(crate) stripe: Rgb,
    pub(crate) grid: Rgb,
    pub(crate) frame: Rgb,
    pub(crate) ink: Rgb,
    pub(crate) note: Rgb,
    /// Outlines of what is late.
    pub(crate) late: Rgb,
    /// Times without work.
    pub(crate) closed: Rgb,
    pub(crate) paused: Rgb,
    pub(crate) slow: Rgb,
    /// Usage beyond what there is.
    pub(crate) over: Rgb,
}

pub(crate) const LIGHT: Colors = Colors {
    page: [0xFF, 0xFF, 0xFF],
    stripe: [0xF4, 0xF6, 0xF8],
    grid: [0xDF, 0xE3, 0xE8],
    frame: [0x8A, 0x93, 0x9C],
    ink: [0x1B, 0x1F, 0x24],
    note: [0x59, 0x63, 0x6E],
    late: [0x1B, 0x1F, 0x24],
    closed: [0xCF, 0xD5, 0xDB],
    paused: [0xE1, 0xE5, 0xE9],
    slow: [0xB9, 0xA2, 0x5A],
    over: [0xB0, 0x00, 0x20],
};

pub(crate) const DARK: Colors = Colors {
    page: [0x14, 0x18, 0x1D],
    stripe: [0x1A, 0x1F, 0x25],
    grid: [0x2C, 0x33, 0x3B],
    frame: [0x6B, 0x75, 0x80],
    ink: [0xE8, 0xEC, 0xF0],
    note: [0x9A, 0xA5, 0xB1],
    late: [0xFF, 0xFF, 0xFF],
    closed: [0x3A, 0x42, 0x4B],
    paused: [0x2B, 0x32, 0x3A],
    slow: [0x8A, 0x7A, 0x45],
    over: [0xFF, 0x7B, 0x8A],
};

/// The color as style sheets write it.
pub(crate) fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(rgb: Rgb) -> f64 {
        let linear = rgb.map(|part| {
            let share = f64::from(part) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    #[test]
    fn text_is_readable_on_its_page() {
        for colors in [&LIGHT, &DARK] {
            for text in [colors.ink, colors.note, colors.over] {
                let (one, two) = (luminance(text) + 0.05, luminance(colors.page) + 0.05);
                let contrast = one.max(two) / one.min(two);
                assert!(contrast >= 4.5, "{text:?} on {:?}: {contrast}", colors.page);
            }
        }
    }

    #[test]
    fn themes_are_found_by_name() {
        for theme in Theme::ALL {
            assert_eq!(Theme::named(theme.name()), Some(theme));
        }
        assert_eq!(Theme::named("sepia"), None);
    }
}
