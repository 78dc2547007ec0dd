//! Gradient norms of a run: recording with bounded memory, and making them fit for refinement.
//!
//! The recorder keeps every `stride`-th step; when it is full, every second point goes and the
//! stride doubles, so memory stays bounded and the points stay evenly spaced. O(1) per step.
//!
//! Record the norm of the whole gradient (of accumulated minibatches together), before clipping
//! and without weight decay.
//!
//! **Source:** Defazio, Cutkosky, Mehta, Mishchenko 2023, section 3 (what is recorded)

use super::error::ScheduleError;

/// Points that a recorder keeps when nothing else is said.
pub const POINTS_MAX: usize = 10_000;

/// The quantile that small and zero norms are raised to.
const CLAMP_QUANTILE: f64 = 0.01;

/// Which norm of the gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Norm {
    /// Sum of absolute values: for Adam and its kin.
    L1,
    /// Root of the sum of squares: for SGD.
    L2,
}

/// The norms of one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormPoint {
    /// The update, from 0.
    pub step: u64,
    /// Sum of absolute values.
    pub l1: f64,
    /// Root of the sum of squares.
    pub l2: f64,
}

/// Records norms of any number of steps in bounded memory; one for each parameter group, or one
/// for all. Its public state is all that a checkpoint needs.
#[derive(Clone, Debug, PartialEq)]
pub struct NormRecorder {
    capacity: usize,
    stride: u64,
    next: u64,
    points: Vec<NormPoint>,
}

impl NormRecorder {
    /// A recorder of at most so many points.
    ///
    /// # Errors
    /// When fewer than 2 points are allowed.
    pub fn new(capacity: usize) -> Result<Self, ScheduleError> {
        NormRecorder::resume(capacity, 1, 0, Vec::new())
    }

    /// Goes on from the state of another: its stride, its next step, its points.
    ///
    /// # Errors
    /// When the state is none that a recorder of this capacity can have.
    pub fn resume(
        capacity: usize,
        stride: u64,
        next: u64,
        points: Vec<NormPoint>,
    ) -> Result<Self, ScheduleError> {
        let wrong = |name, found, expected| Err(ScheduleError::State { name, found, expected });
        if capacity < 2 {
            return wrong("capacity", capacity as f64, "at least 2 points");
        }
        if points.len() > capacity {
            return wrong("points", points.len() as f64, "at most the capacity");
        }
        if !stride.is_power_of_two() {
            return wrong("stride", stride as f64, "a power of two");
        }
        let misplaced = points.iter().zip(0..).find(|(point, it)| point.step != it * stride);
        if let Some((point, _)) = misplaced {
            return wrong("step", point.step as f64, "multiples of the stride, in order");
        }
        if next.div_ceil(stride) != points.len() as u64 {
            return wrong("next", next as f64, "the step after the last one recorded");
        }
        Ok(NormRecorder { capacity, stride, next, points })
    }

    /// Takes the norms of the next step.
    pub fn record(&mut self, l1: f64, l2: f64) {
        if self.next.is_multiple_of(self.stride) {
            if self.points.len() == self.capacity {
                self.stride *= 2;
                let stride = self.stride;
                self.points.retain(|point| point.step.is_multiple_of(stride));
            }
            if self.next.is_multiple_of(self.stride) {
                self.points.push(NormPoint { step: self.next, l1, l2 });
            }
        }
        self.next += 1;
    }

    /// Takes the gradient of the next step and works its norms out.
    pub fn record_gradient(&mut self, gradient: &[f64]) {
        let l1 = gradient.iter().map(|it| it.abs()).sum();
        let l2 = gradient.iter().map(|it| it * it).sum::<f64>().sqrt();
        self.record(l1, l2);
    }

    /// The points so far, evenly spaced.
    pub fn points(&self) -> &[NormPoint] {
        &self.points
    }

    /// Steps between two points.
    pub fn stride(&self) -> u64 {
        self.stride
    }

    /// Steps seen so far.
    pub fn steps(&self) -> u64 {
        self.next
    }

    /// One of the two norms.
    pub fn norms(&self, norm: Norm) -> Vec<f64> {
        norms_of(&self.points, norm)
    }
}

/// One of the two norms of each point.
pub fn norms_of(points: &[NormPoint], norm: Norm) -> Vec<f64> {
    let pick = |point: &NormPoint| match norm {
        Norm::L1 => point.l1,
        Norm::L2 => point.l2,
    };
    points.iter().map(pick).collect()
}

/// Norms fit for refinement: infinities dropped, `trim` values left out at both ends, and what is
/// below the 1 % quantile of the positive ones raised to it.
///
/// # Errors
/// When a norm is negative or no number, when more than half are zero, or fewer than 2 are left.
pub fn usable_norms(norms: &[f64], trim: usize) -> Result<Vec<f64>, ScheduleError> {
    if let Some((index, &found)) =
        norms.iter().enumerate().find(|(_, it)| it.is_nan() || **it < 0.0)
    {
        return Err(ScheduleError::Norm { index, found });
    }
    let finite: Vec<f64> = norms.iter().copied().filter(|it| it.is_finite()).collect();
    let expected = 2 * trim + 2;
    if finite.len() < expected {
        return Err(ScheduleError::FewNorms { found: finite.len(), expected });
    }
    let mut usable = finite[trim..finite.len() - trim].to_vec();
    let mut positive: Vec<f64> = usable.iter().copied().filter(|it| *it > 0.0).collect();
    let zeros = usable.len() - positive.len();
    if 2 * zeros > usable.len() {
        return Err(ScheduleError::Collapsed { zeros, total: usable.len() });
    }
    if zeros > 0 {
        let place = (CLAMP_QUANTILE * (positive.len() - 1) as f64) as usize;
        let (_, least, _) = positive.select_nth_unstable_by(place, f64::total_cmp);
        usable.iter_mut().for_each(|norm| *norm = norm.max(*least));
    }
    Ok(usable)
}

/// The values at `count` evenly spaced places, linear between; the ends stay.
pub(crate) fn resampled(values: &[f64], count: usize) -> Vec<f64> {
    let (last, goal) = (values.len() - 1, (count - 1).max(1) as f64);
    let at = |index: usize| {
        let place = index as f64 * last as f64 / goal;
        let below = (place as usize).min(last);
        let above = (below + 1).min(last);
        values[below] + (values[above] - values[below]) * (place - below as f64)
    };
    (0..count).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_points_are_evenly_spaced() {
        let mut recorder = NormRecorder::new(100).expect("valid");
        for step in 0..12_345_u32 {
            recorder.record(f64::from(step), f64::from(step) / 2.0);
        }
        assert_eq!((recorder.stride(), recorder.points().len()), (128, 97));
        assert!(recorder.points().iter().zip(0..).all(|(point, it)| point.step == 128 * it));
        assert_eq!(recorder.norms(Norm::L2)[3], 192.0);
    }

    #[test]
    fn a_resumed_recorder_goes_on_identically() {
        let mut whole = NormRecorder::new(8).expect("valid");
        (0..1000).for_each(|step| whole.record(f64::from(step), 1.0));
        for split in 0..300 {
            let mut first = NormRecorder::new(8).expect("valid");
            (0..split).for_each(|step| first.record(f64::from(step), 1.0));
            let points = first.points().to_vec();
            let mut second = NormRecorder::resume(8, first.stride(), first.steps(), points)
                .expect("its own state");
            assert_eq!(first, second);
            (split..1000).for_each(|step| second.record(f64::from(step), 1.0));
            assert_eq!(second, whole);
        }
    }

    #[test]
    fn gradients_give_both_norms() {
        let mut recorder = NormRecorder::new(8).expect("valid");
        recorder.record_gradient(&[3.0, -4.0]);
        assert_eq!(recorder.points()[0], NormPoint { step: 0, l1: 7.0, l2: 5.0 });
    }

    #[test]
    fn bad_norms_are_refused_with_their_place() {
        let error = usable_norms(&[1.0, f64::NAN], 0).expect_err("no number");
        assert!(error.to_string().starts_with("gradient norm 1 is NaN: expected a number"));
        let error = usable_norms(&[], 0).expect_err("empty");
        let words = "the log has 0 usable norms: expected at least 2; record more steps";
        assert_eq!(error.to_string(), words);
        assert!(matches!(
            usable_norms(&[0.0, 0.0, 1.0], 0),
            Err(ScheduleError::Collapsed { zeros: 2, total: 3 })
        ));
    }

    #[test]
    fn infinities_go_and_zeros_are_raised() {
        let norms = [9.0, f64::INFINITY, 2.0, 0.0, 4.0, 9.0];
        assert_eq!(usable_norms(&norms, 1), Ok(vec![2.0, 2.0, 4.0]));
    }
}
