//! Instances that are built in: the synthetic load, and the radio and radar applications.
//!
//! The synthetic load has three elements and the ten-task graph of the HEFT paper. The other has 4
//! little and 4 big cores, 2 matrix units, 4 FFT units and 2 Viterbi units, and six applications
//! with probabilities .2, .2, .2, .1, .1, .2.
//!
//! Durations, counts of tasks, volumes and bandwidths of the applications are facts of the source.
//! Not in it, and ours: operating points and powers, the graphs of the two single-carrier
//! applications, of range detection and of temporal mitigation beyond their types and counts, a
//! last `crc` as tail of the transmitter, and clusters (bandwidth 1000 within one as well).
//!
//! **Source:** Topcuoglu, Hariri, Wu 2002, figure 2; Sung et al. 2020; Arda et al. 2020 (DS3).

use crate::power::{Governor, OperatingPoint};
use crate::{Element, ElementKind, JobProfile, Platform, SocInstance, Support};
use ordine_base::Ticks;

/// Points of every element of the synthetic load, in MHz and mV.
const POINTS: [(i64, i64); 8] = [
    (600, 900),
    (800, 950),
    (1000, 1000),
    (1200, 1037),
    (1400, 1100),
    (1600, 1175),
    (1800, 1300),
    (2000, 1362),
];

/// Durations of the synthetic tasks on its three elements.
const SYNTHETIC: [[i64; 3]; 10] = [
    [14, 16, 9],
    [13, 19, 18],
    [11, 13, 19],
    [13, 8, 17],
    [12, 13, 10],
    [13, 16, 9],
    [7, 15, 11],
    [5, 11, 14],
    [18, 12, 20],
    [21, 7, 16],
];

/// Edges of the synthetic job: before, after, volume.
const SYNTHETIC_EDGES: [(usize, usize, i64); 15] = [
    (0, 1, 18),
    (0, 2, 12),
    (0, 3, 9),
    (0, 4, 11),
    (0, 5, 14),
    (1, 7, 19),
    (1, 8, 16),
    (2, 6, 23),
    (3, 7, 27),
    (3, 8, 23),
    (4, 8, 13),
    (5, 7, 15),
    (6, 9, 17),
    (7, 9, 11),
    (8, 9, 13),
];

/// The synthetic load.
pub fn synthetic() -> SocInstance {
    let names: Vec<String> = (1..=10).map(|task| format!("task_{task}")).collect();
    let element = |place: usize| Element {
        name: format!("P{}", place + 1),
        kind: ElementKind::Core,
        capacity: 1,
        governor: Governor::Performance,
        points: points(POINTS.iter()),
        supports: names
            .iter()
            .zip(SYNTHETIC)
            .map(|(name, row)| support(name, row[place], row[place] as f64))
            .collect(),
    };
    let bandwidth = |from: usize, to: usize| if from == to { 100.0 } else { 1.0 };
    let platform = Platform {
        elements: (0..3).map(element).collect(),
        bandwidths: (0..3).map(|from| (0..3).map(|to| bandwidth(from, to)).collect()).collect(),
        memory: Some(vec![2.0; 3]),
    };
    let tasks: Vec<&str> = names.iter().map(String::as_str).collect();
    let job = JobProfile::new("Top_1", &tasks, &SYNTHETIC_EDGES);
    SocInstance::uniform(platform, vec![job]).expect("the built-in instance is valid")
}

fn points<'p>(pairs: impl Iterator<Item = &'p (i64, i64)>) -> Vec<OperatingPoint> {
    pairs.map(|&(megahertz, millivolts)| OperatingPoint { megahertz, millivolts }).collect()
}

fn support(task: &str, duration: i64, power: f64) -> Support {
    Support { task: task.to_owned(), duration: Ticks::new(duration), power }
}

/// Types of tasks of the applications with durations on little cores, big cores and their
/// accelerator (0 where there is none).
const TYPES: [(&str, i64, i64, i64); 28] = [
    ("scrambler-encoder", 22, 10, 0),
    ("interleaver", 10, 4, 0),
    ("qpsk", 15, 8, 0),
    ("pilot-insertion", 5, 3, 0),
    ("ifft", 296, 118, 16),
    ("crc", 5, 3, 0),
    ("match-filter", 16, 5, 0),
    ("payload-extraction", 8, 4, 0),
    ("fft", 289, 114, 12),
    ("pilot", 6, 4, 0),
    ("qpsk-demodulation", 191, 95, 0),
    ("deinterleaver", 16, 9, 0),
    ("format-conversion", 7, 4, 0),
    ("viterbi", 1828, 739, 2),
    ("descrambler", 3, 2, 0),
    ("message-decode", 90, 39, 0),
    ("lfm", 90, 60, 0),
    ("xcorr-fft", 150, 60, 30),
    ("conjugate-multiply", 75, 6, 0),
    ("xcorr-ifft", 150, 60, 30),
    ("max-detect", 20, 20, 0),
    ("cmm-1", 240, 54, 22),
    ("cmm-2", 240, 54, 22),
    ("cmm-3", 210, 44, 22),
    ("hermitian", 23, 6, 0),
    ("matrix-operation", 25, 8, 0),
    ("matrix-multiply", 17, 5, 0),
    ("subtraction", 72, 16, 0),
];

/// Which accelerator runs a type, if one does.
fn accelerator(task: &str) -> Option<&'static str> {
    match task {
        "fft" | "ifft" | "xcorr-fft" | "xcorr-ifft" => Some("fft"),
        "viterbi" => Some("viterbi"),
        "cmm-1" | "cmm-2" | "cmm-3" => Some("matrix"),
        _ => None,
    }
}

/// The radio and radar applications on a platform of sixteen elements.
pub fn applications() -> SocInstance {
    let platform = radio_platform();
    let jobs = vec![
        wifi_transmitter(),
        wifi_receiver(),
        range_detection(),
        single_carrier_transmitter(),
        single_carrier_receiver(),
        temporal_mitigation(),
    ];
    let chances = [0.2, 0.2, 0.2, 0.1, 0.1, 0.2];
    SocInstance::new(platform, jobs, &chances).expect("the built-in instance is valid")
}

/// The two radio applications alone, for energy.
pub fn wifi() -> SocInstance {
    let jobs = vec![wifi_transmitter(), wifi_receiver()];
    SocInstance::uniform(radio_platform(), jobs).expect("the built-in instance is valid")
}

fn radio_platform() -> Platform {
    let mut elements: Vec<(Element, &str)> = Vec::new();
    let core =
        |name: String, kind, watts: f64, most: usize, column: fn(&(&str, i64, i64, i64)) -> i64| {
            let supports = TYPES.iter().map(|it| support(it.0, column(it), watts)).collect();
            let points = points(POINTS.iter().take(most));
            Element { name, kind, capacity: 1, governor: Governor::Performance, points, supports }
        };
    for place in 1..=4 {
        let name = format!("A7-{place}");
        elements.push((core(name, ElementKind::Little, 0.4, 5, |it| it.1), "little"));
    }
    for place in 1..=4 {
        let name = format!("A15-{place}");
        elements.push((core(name, ElementKind::Big, 2.0, 8, |it| it.2), "big"));
    }
    for (unit, count) in [("matrix", 2), ("fft", 4), ("viterbi", 2)] {
        for place in 1..=count {
            let own = TYPES.iter().filter(|it| accelerator(it.0) == Some(unit));
            let element = Element {
                name: format!("{unit}-{place}"),
                kind: ElementKind::Accelerator,
                capacity: 1,
                governor: Governor::Performance,
                points: Vec::new(),
                supports: own.map(|it| support(it.0, it.3, 0.2)).collect(),
            };
            elements.push((element, unit));
        }
    }
    let count = elements.len();
    let bandwidth = |from: usize, to: usize| match (elements[from].1, elements[to].1) {
        _ if from == to => 10_000.0,
        ("fft", _) | (_, "fft") => 10.0,
        _ => 1000.0,
    };
    let bandwidths =
        (0..count).map(|from| (0..count).map(|to| bandwidth(from, to)).collect()).collect();
    let memory = Some(vec![1000.0; count]);
    Platform {
        elements: elements.into_iter().map(|(element, _)| element).collect(),
        bandwidths,
        memory,
    }
}

/// Types and edges of a job, task by task.
#[derive(Default)]
struct Sketch {
    tasks: Vec<&'static str>,
    edges: Vec<(usize, usize, i64)>,
}

impl Sketch {
    /// Adds a task behind others; gives its position.
    fn task(&mut self, task: &'static str, before: &[(usize, i64)]) -> usize {
        let own = self.tasks.len();
        self.tasks.push(task);
        self.edges.extend(before.iter().map(|&(from, volume)| (from, own, volume)));
        own
    }

    /// Adds tasks one behind the other; gives the position of the last.
    fn chain(&mut self, mut from: usize, tasks: &[(&'static str, i64)]) -> usize {
        for &(task, volume) in tasks {
            from = self.task(task, &[(from, volume)]);
        }
        from
    }

    fn profile(self, name: &str) -> JobProfile {
        JobProfile::new(name, &self.tasks, &self.edges)
    }
}

fn wifi_transmitter() -> JobProfile {
    let mut job = Sketch::default();
    let head = job.task("scrambler-encoder", &[]);
    let links = [
        ("interleaver", 2000),
        ("qpsk", 2000),
        ("pilot-insertion", 3000),
        ("ifft", 80),
        ("crc", 80),
    ];
    let ends: Vec<(usize, i64)> = (0..5).map(|_| (job.chain(head, &links), 2000)).collect();
    job.task("crc", &ends);
    job.profile("wifi-transmitter")
}

fn wifi_receiver() -> JobProfile {
    let mut job = Sketch::default();
    let head = job.task("match-filter", &[]);
    let payload = job.task("payload-extraction", &[(head, 3000)]);
    let links = [
        ("fft", 80),
        ("pilot", 80),
        ("qpsk-demodulation", 2000),
        ("deinterleaver", 2000),
        ("format-conversion", 2000),
        ("viterbi", 3000),
    ];
    let ends: Vec<(usize, i64)> = (0..5).map(|_| (job.chain(payload, &links), 2000)).collect();
    let descrambler = job.task("descrambler", &ends);
    job.task("message-decode", &[(descrambler, 2000)]);
    job.profile("wifi-receiver")
}

fn range_detection() -> JobProfile {
    let mut job = Sketch::default();
    let head = job.task("lfm", &[]);
    let links = [("xcorr-fft", 10), ("conjugate-multiply", 10)];
    let ends = [(job.chain(head, &links), 10), (job.chain(head, &links), 10)];
    let inverse = job.task("xcorr-ifft", &ends);
    job.task("max-detect", &[(inverse, 10)]);
    job.profile("range-detection")
}

fn single_carrier_transmitter() -> JobProfile {
    let mut job = Sketch::default();
    let head = job.task("scrambler-encoder", &[]);
    let links = [("interleaver", 2000), ("qpsk", 2000), ("pilot-insertion", 2000)];
    let ends = [(job.chain(head, &links), 2000), (job.chain(head, &links), 2000)];
    job.task("crc", &ends);
    job.profile("single-carrier-transmitter")
}

fn single_carrier_receiver() -> JobProfile {
    let mut job = Sketch::default();
    let head = job.task("match-filter", &[]);
    let links = [
        ("payload-extraction", 2000),
        ("pilot", 2000),
        ("qpsk-demodulation", 2000),
        ("deinterleaver", 2000),
        ("viterbi", 3000),
        ("descrambler", 2000),
        ("message-decode", 2000),
    ];
    job.chain(head, &links);
    job.profile("single-carrier-receiver")
}

fn temporal_mitigation() -> JobProfile {
    let mut job = Sketch::default();
    let head = job.task("hermitian", &[]);
    let first =
        job.chain(head, &[("cmm-1", 2000), ("matrix-operation", 2000), ("matrix-multiply", 2000)]);
    let second =
        job.chain(head, &[("cmm-2", 2000), ("matrix-operation", 2000), ("matrix-multiply", 2000)]);
    let joined = job.task("matrix-operation", &[(first, 2000), (second, 2000)]);
    job.chain(joined, &[("cmm-3", 2000), ("subtraction", 2000)]);
    job.profile("temporal-mitigation")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applications_have_their_counts_of_tasks() {
        let instance = applications();
        let counts: Vec<usize> =
            instance.profiles.values().map(|profile| profile.graph.tasks.len()).collect();
        assert_eq!(counts, [27, 34, 7, 8, 8, 10]);
        assert_eq!(instance.platform.elements.len(), 16);
    }
}
