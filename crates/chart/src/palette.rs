//! Colors of groups, which color-blind people tell apart, extended by lightness and then by
//! hatching: the palette of Okabe and Ito, with gray for its black.
//!
//! Eight hues, each plain, light and dark, and all of that hatched: 48 shades, then they repeat.
//!
//! **Source:** Okabe, Ito 2008, *Color universal design* (the palette); perceived brightness after ITU-R BT.601.

use crate::scene::GroupId;
use ordine_base::Id;

/// One of the colors of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shade {
    /// What belongs to no group.
    Plain,
    /// One of 48 shades for groups.
    Numbered(u8),
}

/// Red, green and blue.
pub(crate) type Rgb = [u8; 3];

const HUES: [Rgb; 8] = [
    [0x56, 0xB4, 0xE9],
    [0xE6, 0x9F, 0x00],
    [0x00, 0x9E, 0x73],
    [0xCC, 0x79, 0xA7],
    [0xF0, 0xE4, 0x42],
    [0x00, 0x72, 0xB2],
    [0xD5, 0x5E, 0x00],
    [0x8C, 0x8C, 0x8C],
];
const PLAIN: Rgb = [0x6F, 0xA8, 0xCF];
const WHITE: Rgb = [0xFF; 3];
const BLACK: Rgb = [0x00; 3];
const UNHATCHED: u8 = 24;
/// Number of shades for groups.
pub(crate) const SHADES: usize = 48;

impl Shade {
    /// The shade of a group.
    pub(crate) fn of(group: Option<GroupId>) -> Shade {
        group.map_or(Shade::Plain, |group| Shade::Numbered((group.index() % SHADES) as u8))
    }

    /// Its color, under the hatching if it has one.
    pub(crate) fn rgb(self) -> Rgb {
        let Shade::Numbered(number) = self else { return PLAIN };
        let hue = HUES[usize::from(number) % HUES.len()];
        match (number % UNHATCHED) / HUES.len() as u8 {
            0 => hue,
            1 => mixed(hue, WHITE, 55),
            _ => mixed(hue, BLACK, 45),
        }
    }

    /// Whether lines cross it.
    pub(crate) fn is_hatched(self) -> bool {
        matches!(self, Shade::Numbered(number) if number >= UNHATCHED)
    }

    /// Whether white is easier to read on it than black.
    pub(crate) fn is_dark(self) -> bool {
        let [red, green, blue] = self.rgb().map(u32::from);
        299 * red + 587 * green + 114 * blue < 125_000
    }
}

/// `percent` of `other` in `color`.
fn mixed(color: Rgb, other: Rgb, percent: u32) -> Rgb {
    let mix = |index: usize| {
        let own = u32::from(color[index]) * (100 - percent);
        ((own + u32::from(other[index]) * percent) / 100) as u8
    };
    [mix(0), mix(1), mix(2)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_of_48_groups_differ() {
        let look = |number| (Shade::Numbered(number).rgb(), Shade::Numbered(number).is_hatched());
        let mut looks: Vec<_> = (0..48).map(look).collect();
        looks.sort_unstable();
        looks.dedup();
        assert_eq!(looks.len(), 48);
        let of = |index| Shade::of(Some(GroupId::from_index(index)));
        assert_eq!(of(0), of(48));
    }
}
