//! What a tabu search must not undo for a while.
//!
//! Two kinds of entries with an iteration until which they hold: an order of two tasks on a
//! machine, and a mode of a task. Orders live in a table of at most 2^20 cells; beyond 1024 tasks
//! pairs share cells by a fixed hash, which can only forbid too much. O(1) per question.
//!
//! **Source:** Nowicki, Smutnicki 1996 (orders); Mastrolilli, Gambardella 2000 (modes).

/// Tabu orders and modes.
#[derive(Clone, Debug)]
pub(crate) struct TabuMemory {
    orders: Vec<u64>,
    modes: Vec<u64>,
    tasks: u64,
    bits: u32,
}

const BITS_MAX: u32 = 20;

impl TabuMemory {
    pub(crate) fn new(tasks: usize, modes: usize) -> Self {
        let pairs = (tasks * tasks).max(2);
        let bits = (usize::BITS - (pairs - 1).leading_zeros()).min(BITS_MAX);
        TabuMemory { orders: vec![0; 1 << bits], modes: vec![0; modes], tasks: tasks as u64, bits }
    }

    #[inline]
    fn cell(&self, before: u32, after: u32) -> usize {
        let pair = u64::from(before) * self.tasks + u64::from(after);
        if self.bits < BITS_MAX || self.tasks <= 1 << (BITS_MAX / 2) {
            return pair as usize;
        }
        (pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - self.bits)) as usize
    }

    /// Forbids that `before` comes before `after` again through iteration `until`.
    #[inline]
    pub(crate) fn forbid_order(&mut self, before: u32, after: u32, until: u64) {
        let cell = self.cell(before, after);
        self.orders[cell] = until;
    }

    /// Whether a move that puts `before` before `after` is tabu at `iteration`.
    #[inline]
    pub(crate) fn order_is_tabu(&self, before: u32, after: u32, iteration: u64) -> bool {
        self.orders[self.cell(before, after)] >= iteration
    }

    /// Forbids that a task takes `mode` again through iteration `until`.
    pub(crate) fn forbid_mode(&mut self, mode: u32, until: u64) {
        self.modes[mode as usize] = until;
    }

    /// Whether taking `mode` is tabu at `iteration`.
    #[inline]
    pub(crate) fn mode_is_tabu(&self, mode: u32, iteration: u64) -> bool {
        self.modes[mode as usize] >= iteration
    }
}
