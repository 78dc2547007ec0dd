//! Which instances are for search, choice and judgment.
//!
//! Within each class instances are ranked by the hash of their data: the first quarter is for
//! training, the next for validation, the rest for the test, which is read once. Training goes
//! through the classes in turn, so that every beginning of it is a sample of all.
//!
//! **Source:** -

use crate::Facts;
use std::collections::BTreeMap;

/// Places of instances by purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Splits {
    /// Search sees these.
    pub train: Vec<usize>,
    /// The choice among finalists sees these.
    pub validation: Vec<usize>,
    /// Read once, at the end.
    pub test: Vec<usize>,
    /// Counter-examples are taken from these, into training.
    pub reserve: Vec<usize>,
    /// Other sizes and other distributions, by name.
    pub shift: Vec<(String, Vec<usize>)>,
}

impl Splits {
    /// Divides the instances at `places` by their hashes.
    pub fn by_hash(facts: &[Facts], places: impl IntoIterator<Item = usize>) -> Self {
        let mut classes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for place in places {
            classes.entry(facts[place].class).or_default().push(place);
        }
        let mut parts: [Vec<(usize, u32, usize)>; 3] = Default::default();
        for (class, mut members) in classes {
            members.sort_unstable_by_key(|&place| (facts[place].hash, place));
            let count = members.len();
            for (rank, place) in members.into_iter().enumerate() {
                let part = (rank * 4 / count).min(2);
                parts[part].push((rank, class, place));
            }
        }
        let places = |mut part: Vec<(usize, u32, usize)>| {
            part.sort_unstable();
            part.into_iter().map(|(_, _, place)| place).collect()
        };
        let [train, validation, test] = parts.map(places);
        Splits { train, validation, test, ..Splits::default() }
    }

    /// A number that stands for the division: the run file keeps it.
    pub fn hash(&self, facts: &[Facts]) -> u64 {
        let all = [&self.train, &self.validation, &self.test, &self.reserve];
        let shift = self.shift.iter().map(|(_, places)| places);
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for part in all.into_iter().chain(shift) {
            hash = hash.wrapping_mul(0x0000_0100_0000_01b3) ^ part.len() as u64;
            for &place in part {
                hash = hash.wrapping_mul(0x0000_0100_0000_01b3) ^ facts[place].hash;
            }
        }
        hash
    }
}
