//! Colors of groups, which color-blind people tell apart.
//!
//! Up to 24 groups have eight hues, each plain, light and dark: the palette of Okabe and Ito, with
//! gray for its black. More groups than that nobody tells apart by color; they get a ramp by the
//! time of their first bar instead, cividis from dark for early to light for late, so that lanes
//! show which old work lies among new.
//!
//! **Source:** Okabe, Ito 2008, *Color universal design*; cividis: Nuñez, Anderton, Renslow 2018,
//! *Optimizing colormaps with consideration for color vision deficiency*; perceived brightness
//! after ITU-R BT.601.

use crate::scene::{GroupId, Scene};
use ordine_base::{IdVec, Time};

/// One of the colors of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shade {
    /// What belongs to no group.
    Plain,
    /// One of few groups.
    Numbered(u8),
    /// One of many groups, by its place in their order.
    Ramp(u8),
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
/// Cividis without its darkest part, which would be lost on a dark page.
const RAMP: [Rgb; 24] = [
    [0x19, 0x3B, 0x6D],
    [0x26, 0x42, 0x6E],
    [0x33, 0x48, 0x6E],
    [0x40, 0x4F, 0x6E],
    [0x4C, 0x56, 0x6D],
    [0x57, 0x5D, 0x6E],
    [0x61, 0x63, 0x6F],
    [0x6B, 0x6A, 0x70],
    [0x73, 0x71, 0x72],
    [0x7C, 0x78, 0x74],
    [0x83, 0x7F, 0x76],
    [0x8B, 0x87, 0x77],
    [0x93, 0x8E, 0x78],
    [0x9B, 0x95, 0x78],
    [0xA4, 0x9D, 0x78],
    [0xAE, 0xA5, 0x75],
    [0xB8, 0xAD, 0x72],
    [0xC4, 0xB5, 0x6D],
    [0xCF, 0xBD, 0x67],
    [0xDB, 0xC6, 0x60],
    [0xE6, 0xCF, 0x59],
    [0xF1, 0xD7, 0x51],
    [0xF9, 0xE1, 0x4A],
    [0xFD, 0xEA, 0x45],
];
const PLAIN: Rgb = [0x6F, 0xA8, 0xCF];
const WHITE: Rgb = [0xFF; 3];
const BLACK: Rgb = [0x00; 3];
const NUMBERED: usize = 24;

/// The shade of each group of a scene.
#[derive(Debug)]
pub(crate) struct Shades {
    of: IdVec<GroupId, Shade>,
}

impl Shades {
    pub(crate) fn of(scene: &Scene) -> Self {
        let count = scene.groups.len();
        if count <= NUMBERED {
            let of = (0..count).map(|index| Shade::Numbered(index as u8)).collect();
            return Shades { of };
        }
        let mut first: IdVec<GroupId, Time> = IdVec::filled(count, Time::MAX);
        for bar in scene.bars.values() {
            if let Some(group) = bar.group {
                first[group] = first[group].min(bar.interval.start);
            }
        }
        let mut order: Vec<GroupId> = scene.groups.ids().collect();
        order.sort_by_key(|&group| (first[group], group));
        let mut of = IdVec::filled(count, Shade::Plain);
        for (place, group) in order.into_iter().enumerate() {
            of[group] = Shade::Ramp((place * RAMP.len() / count) as u8);
        }
        Shades { of }
    }

    /// The shade of a group.
    pub(crate) fn shade(&self, group: Option<GroupId>) -> Shade {
        group.and_then(|group| self.of.get(group).copied()).unwrap_or(Shade::Plain)
    }

    /// Whether there are too many groups for a color each.
    pub(crate) fn is_ramp(&self) -> bool {
        self.of.len() > NUMBERED
    }

    /// All shades, by group.
    pub(crate) fn all(&self) -> &[Shade] {
        self.of.as_slice()
    }
}

impl Shade {
    /// Some shades of the ramp, from early to late, for a legend.
    pub(crate) const SAMPLES: [Shade; 4] =
        [Shade::Ramp(0), Shade::Ramp(8), Shade::Ramp(16), Shade::Ramp(23)];

    /// Its color.
    pub(crate) fn rgb(self) -> Rgb {
        match self {
            Shade::Plain => PLAIN,
            Shade::Ramp(place) => RAMP[usize::from(place) % RAMP.len()],
            Shade::Numbered(number) => {
                let number = usize::from(number) % NUMBERED;
                let hue = HUES[number % HUES.len()];
                match number / HUES.len() {
                    0 => hue,
                    1 => mixed(hue, WHITE, 55),
                    _ => mixed(hue, BLACK, 45),
                }
            }
        }
    }

    /// Its color as a thin line on a dark page.
    pub(crate) fn rgb_on_dark(self) -> Rgb {
        if self.is_dark() { mixed(self.rgb(), WHITE, 35) } else { self.rgb() }
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
    fn shades_of_few_groups_differ_and_a_ramp_gets_lighter() {
        let mut colors: Vec<Rgb> = (0..24).map(|number| Shade::Numbered(number).rgb()).collect();
        colors.sort_unstable();
        colors.dedup();
        assert_eq!(colors.len(), 24);
        let brightness = |place: u8| -> u32 {
            let [red, green, blue] = Shade::Ramp(place).rgb().map(u32::from);
            299 * red + 587 * green + 114 * blue
        };
        assert!((1..24).all(|place| brightness(place - 1) < brightness(place)));
    }
}
