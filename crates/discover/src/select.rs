//! Who becomes a parent.
//!
//! **Source:** see each kind.

use crate::{Island, Member};
use ordine_base::Stream;
use serde::{Deserialize, Serialize};

/// First temperature of clusters.
const TEMPERATURE: f64 = 0.1;
/// Programs after which the temperature starts again.
const PERIOD: u64 = 30_000;
/// How often a parent comes from the archive.
const EXPLOITATION: f64 = 0.7;
/// Share of the population that is the archive.
const ARCHIVE: usize = 10;

/// How parents are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Selection {
    /// The best of some that are drawn (Koza 1992).
    Tournament,
    /// Clusters of equal losses per class by softmax at a falling temperature, short members first
    /// (FunSearch).
    Clusters,
    /// Seven times of ten from the best tenth, else anyone (OpenEvolve).
    Archive,
    /// Evenly from a grid over size and distance, whose cells hold their best (MAP-Elites: Mouret,
    /// Clune 2015).
    Grid,
    /// By 1 / (rank + size); of equal losses one stays (EoH).
    Ranks,
    /// Evenly; pairs differ in their losses (ReEvo).
    Pairs,
}

impl Selection {
    /// Whether members of equal loss are one.
    pub(crate) fn removes_equals(self) -> bool {
        matches!(self, Selection::Ranks | Selection::Pairs)
    }
}

/// Those of an island who may become parents, from best to worst.
pub fn pool(island: &Island, selection: Selection) -> Vec<&Member> {
    match selection {
        Selection::Grid => {
            let mut members: Vec<&Member> = island.grid.values().collect();
            members.sort_by(|a, b| a.loss.total_cmp(&b.loss).then(a.number.cmp(&b.number)));
            members
        }
        _ => island.population.iter().collect(),
    }
}

/// A place among `count` members that stand from best to worst.
pub fn drawn(selection: Selection, count: usize, tournament: usize, stream: &mut Stream) -> usize {
    match selection {
        Selection::Tournament | Selection::Clusters => {
            (0..tournament).map(|_| stream.below(count)).min().unwrap_or(0)
        }
        Selection::Archive if stream.chance(EXPLOITATION) => stream.below(count.div_ceil(ARCHIVE)),
        Selection::Archive | Selection::Grid | Selection::Pairs => stream.below(count),
        Selection::Ranks => {
            let weights = (0..count).map(|rank| 1.0 / (rank + 1 + count) as f64);
            weighted(&weights.collect::<Vec<f64>>(), stream).unwrap_or(0)
        }
    }
}

/// A member of an island for a prompt.
pub fn sampled<'a>(
    island: &'a Island,
    selection: Selection,
    tournament: usize,
    stream: &mut Stream,
) -> Option<&'a Member> {
    if selection == Selection::Clusters {
        return from_clusters(island, stream);
    }
    let members = pool(island, selection);
    let place = (!members.is_empty()).then(|| drawn(selection, members.len(), tournament, stream));
    place.map(|place| members[place])
}

fn from_clusters<'a>(island: &'a Island, stream: &mut Stream) -> Option<&'a Member> {
    let clusters: Vec<&Vec<Member>> = island.clusters.values().collect();
    let programs = clusters.iter().map(|it| it.len() as u64).sum::<u64>();
    let temperature = TEMPERATURE * (1.0 - (programs % PERIOD) as f64 / PERIOD as f64);
    let losses: Vec<f64> =
        clusters.iter().map(|it| it.first().map_or(0.0, |it| -it.loss)).collect();
    let cluster = clusters.get(softmax(&losses, temperature, stream)?)?;
    let sizes = cluster.iter().map(|it| it.nodes as f64);
    let least = sizes.clone().fold(f64::INFINITY, f64::min);
    let most = sizes.clone().fold(0.0, f64::max);
    let short: Vec<f64> = sizes.map(|it| -(it - least) / (most + 1e-6)).collect();
    cluster.get(softmax(&short, 1.0, stream)?)
}

/// A place drawn by exp(value / temperature).
fn softmax(values: &[f64], temperature: f64, stream: &mut Stream) -> Option<usize> {
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights = values.iter().map(|it| ((it - most) / temperature.max(1e-9)).exp());
    weighted(&weights.collect::<Vec<f64>>(), stream)
}

/// A place drawn by weight.
pub fn weighted(weights: &[f64], stream: &mut Stream) -> Option<usize> {
    let mut drawn = stream.unit() * weights.iter().sum::<f64>();
    for (place, weight) in weights.iter().enumerate() {
        drawn -= weight;
        if drawn < 0.0 {
            return Some(place);
        }
    }
    weights.len().checked_sub(1)
}
