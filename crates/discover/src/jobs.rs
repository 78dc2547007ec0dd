//! Sets of single-machine instances: text with optima, seeded generator, exact reference.
//!
//! Text: the number of instances, then per instance three lines `n optimum`, durations, due times.
//! Generator: p uniform in 1..=100 or normal (60, 20), P = Σp, d uniform in
//! [P (1 - T - R/2), P (1 - T + R/2)]. Reference: dynamic programme over subsets,
//! V(J) = min over k in J of V(J \ k) + max(0, p(J) - d_k), O(n 2ⁿ).
//!
//! **Source:** Potts, Van Wassenhove 1982 (generator); Held, Karp 1962 (subsets).

use crate::DiscoverError;
use flate2::read::GzDecoder;
use ordine_base::{Seed, Stream};
use std::io::Read;
use std::path::Path;

/// Most bytes of an unpacked file.
const BYTES_MAX: u64 = 256 << 20;
/// Most jobs of an exact reference.
const EXACT_MAX: usize = 22;
/// Classes of the published sets: five ranges of due times by four factors of tardiness.
const CLASSES: usize = 20;

/// One machine, jobs released at 0, total tardiness.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jobs {
    /// Duration of each job.
    pub durations: Vec<i64>,
    /// Due time of each job.
    pub dues: Vec<i64>,
    /// Least total tardiness that is known.
    pub optimum: i64,
    /// Whether nothing can be less.
    pub proven: bool,
    /// Class within its set.
    pub class: u32,
}

/// A set with its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobSet {
    /// Name of the set.
    pub name: String,
    /// Its instances.
    pub instances: Vec<Jobs>,
}

/// Reads a set, packed by gzip or not; instances are divided into twenty classes in order.
///
/// # Errors
/// When the file cannot be read, or is none of this kind.
pub fn read_set(path: &Path) -> Result<JobSet, DiscoverError> {
    let failed = |source| DiscoverError::file(path, "cannot be read", source);
    let bytes = std::fs::read(path).map_err(failed)?;
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = GzDecoder::new(&bytes[..]).take(BYTES_MAX);
        unpacked.read_to_string(&mut text).map_err(failed)?;
    } else {
        (&bytes[..]).take(BYTES_MAX).read_to_string(&mut text).map_err(failed)?;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.split('.').next().unwrap_or_default().to_owned();
    let instances = parse(&text).map_err(|(line, expected, found)| DiscoverError::Malformed {
        path: path.to_owned(),
        line,
        expected,
        found,
    })?;
    Ok(JobSet { name, instances })
}

type Mistake = (usize, String, String);

fn parse(text: &str) -> Result<Vec<Jobs>, Mistake> {
    let mut lines = text.lines().zip(1..);
    let count = numbers(lines.next(), Some(1), "the number of instances")?[0];
    let count = usize::try_from(count)
        .map_err(|_| (1, "a number of instances of at least 0".to_owned(), count.to_string()))?;
    let mut instances = Vec::new();
    for place in 0..count {
        let head = numbers(lines.next(), Some(2), "the number of jobs and the optimum")?;
        let jobs = usize::try_from(head[0]).ok();
        let durations = numbers(lines.next(), jobs, "durations")?;
        let dues = numbers(lines.next(), jobs, "due times")?;
        let class = (place * CLASSES / count.max(1)) as u32;
        instances.push(Jobs { durations, dues, optimum: head[1], proven: true, class });
    }
    Ok(instances)
}

fn numbers(
    line: Option<(&str, usize)>,
    count: Option<usize>,
    what: &str,
) -> Result<Vec<i64>, Mistake> {
    const LARGEST: i64 = 1 << 40;
    let Some((text, line)) = line else {
        return Err((0, what.to_owned(), "the end of the file".to_owned()));
    };
    let number = |word: &str| word.parse::<i64>().ok().filter(|it| it.abs() <= LARGEST);
    let mut found = Vec::new();
    for word in text.split_whitespace() {
        let wrong = || (line, format!("{what}: whole numbers"), format!("`{word}`"));
        found.push(number(word).ok_or_else(wrong)?);
    }
    let expected = count.unwrap_or(usize::MAX);
    if found.len() != expected {
        return Err((line, format!("{what}: {expected} numbers"), found.len().to_string()));
    }
    Ok(found)
}

/// A set of `per_class` instances of `jobs` jobs in each of twenty classes, with optima.
///
/// Beyond what the exact reference can tell, the reference is that of a descent, and not proven.
pub fn generate(name: &str, jobs: usize, per_class: usize, normal: bool, seed: Seed) -> JobSet {
    let mut stream = seed.stream(name);
    let mut instances = Vec::new();
    for class in 0..CLASSES {
        let range = 0.2 * (class / 4 + 1) as f64;
        let tardiness = 0.2 * (class % 4 + 1) as f64;
        for _ in 0..per_class {
            let durations = (0..jobs).map(|_| duration(&mut stream, normal)).collect::<Vec<i64>>();
            let total = durations.iter().sum::<i64>() as f64;
            let least = total * (1.0 - tardiness - range / 2.0);
            let due = |_| (least + stream.unit() * total * range).floor() as i64;
            let dues: Vec<i64> = (0..jobs).map(due).collect();
            let proven = jobs <= EXACT_MAX;
            let mut made = Jobs { durations, dues, optimum: 0, proven, class: class as u32 };
            made.optimum = if proven { optimum(&made) } else { descent(&made) };
            instances.push(made);
        }
    }
    JobSet { name: name.to_owned(), instances }
}

fn duration(stream: &mut Stream, normal: bool) -> i64 {
    if !normal {
        return 1 + stream.below(100) as i64;
    }
    let radius = (-2.0 * (1.0 - stream.unit()).ln()).sqrt();
    let angle = std::f64::consts::TAU * stream.unit();
    (60.0 + 20.0 * radius * angle.cos()).max(0.0) as i64
}

/// The total tardiness of an order from which no job can be moved to gain anything, begun by the
/// modified due dates of Baker and Bertrand. O(n³) per pass.
fn descent(jobs: &Jobs) -> i64 {
    let mut left: Vec<usize> = (0..jobs.durations.len()).collect();
    let (mut order, mut now) = (Vec::new(), 0);
    while let Some(place) = (0..left.len())
        .min_by_key(|&place| (jobs.dues[left[place]].max(now + jobs.durations[left[place]]), place))
    {
        let job = left.swap_remove(place);
        now += jobs.durations[job];
        order.push(job);
    }
    let tardiness = |order: &[usize]| {
        let mut end = 0;
        let late = order.iter().map(|&job| {
            end += jobs.durations[job];
            (end - jobs.dues[job]).max(0)
        });
        late.sum::<i64>()
    };
    let mut best = tardiness(&order);
    let mut improved = true;
    while improved {
        improved = false;
        for from in 0..order.len() {
            for to in 0..order.len() {
                let job = order.remove(from);
                order.insert(to, job);
                let found = tardiness(&order);
                if found < best {
                    (best, improved) = (found, true);
                } else {
                    let job = order.remove(to);
                    order.insert(from, job);
                }
            }
        }
    }
    best
}

/// The least total tardiness, by dynamic programming over subsets.
///
/// # Panics
/// When there are too many jobs.
pub fn optimum(jobs: &Jobs) -> i64 {
    let count = jobs.durations.len();
    assert!(count <= EXACT_MAX, "an exact reference takes at most {EXACT_MAX} jobs, found {count}");
    let mut best = vec![i64::MAX; 1 << count];
    best[0] = 0;
    let mut ends = vec![0_i64; 1 << count];
    for set in 1..1_usize << count {
        let last = set.trailing_zeros() as usize;
        let end = ends[set & (set - 1)] + jobs.durations[last];
        ends[set] = end;
        let mut least = i64::MAX;
        let mut rest = set;
        while rest != 0 {
            let job = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let tardiness = (end - jobs.dues[job]).max(0);
            least = least.min(best[set ^ (1 << job)] + tardiness);
        }
        best[set] = least;
    }
    best[(1 << count) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_optimum_of_the_published_example_is_141() {
        let durations = vec![10, 11, 10, 10, 11, 10];
        let jobs = Jobs { durations, dues: vec![15, 11, 13, 11, 12, 11], ..Jobs::default() };
        assert_eq!(optimum(&jobs), 141);
    }

    #[test]
    fn mistakes_in_a_set_have_a_line() {
        assert_eq!(parse("1\n2 0\n1 2\n3 4\n").expect("a set").len(), 1);
        assert_eq!(parse("1\n2 0\n1 2 3\n3 4\n").expect_err("three").0, 3);
        assert_eq!(parse("1\n2 0\n1 x\n3 4\n").expect_err("a letter").0, 3);
        assert_eq!(parse("-1\n").expect_err("less than none").0, 1);
        assert_eq!(parse("1\n2 0\n").expect_err("cut").2, "the end of the file");
    }
}
