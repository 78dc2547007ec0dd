//! A binary heap of ids by score, with ids that leave and return as the trail goes back.
//!
//! The greatest score is on top, ties go to the smaller id, so that the order is one. An id that
//! was taken at some position of the trail returns when the trail is undone past it.
//!
//! **Source:** Robert Floyd (1964); the return as in Niklas Eén, Niklas Sörensson (SAT 2003).

use crate::trail::Position;

/// Not in the heap.
const OUT: u32 = u32::MAX;

/// Ids by score.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heap {
    scores: Vec<f64>,
    heap: Vec<u32>,
    places: Vec<u32>,
    taken: Vec<(Position, u32)>,
}

impl Heap {
    /// Adds the next id.
    pub(crate) fn add(&mut self, score: f64) -> u32 {
        let id = self.scores.len() as u32;
        self.scores.push(score);
        self.places.push(OUT);
        self.insert(id);
        id
    }

    /// Score of an id.
    pub(crate) fn score(&self, id: u32) -> f64 {
        self.scores[id as usize]
    }

    /// Changes the score of an id.
    pub(crate) fn set_score(&mut self, id: u32, score: f64) {
        let old = std::mem::replace(&mut self.scores[id as usize], score);
        let place = self.places[id as usize];
        if place == OUT {
            return;
        }
        if score > old {
            self.rise(place as usize);
        } else {
            self.sink(place as usize);
        }
    }

    /// Multiplies every score, which keeps the order.
    pub(crate) fn scale(&mut self, factor: f64) {
        self.scores.iter_mut().for_each(|score| *score *= factor);
    }

    /// The id of the greatest score, without taking it.
    pub(crate) fn top(&self) -> Option<u32> {
        self.heap.first().copied()
    }

    /// Takes the id of the greatest score out of the heap.
    pub(crate) fn take(&mut self, position: Position) -> Option<u32> {
        let id = self.top()?;
        self.remove(id, position);
        Some(id)
    }

    /// Takes an id out of the heap, if it is there.
    pub(crate) fn remove(&mut self, id: u32, position: Position) {
        let place = self.places[id as usize];
        if place == OUT {
            return;
        }
        let end = self.heap.pop().expect("it is there");
        self.places[id as usize] = OUT;
        if end != id {
            self.heap[place as usize] = end;
            self.places[end as usize] = place;
            self.rise(place as usize);
            self.sink(self.places[end as usize] as usize);
        }
        self.taken.push((position, id));
    }

    /// The trail was undone to `position`.
    pub(crate) fn restore(&mut self, position: Position) {
        while let Some(&(at, id)) = self.taken.last() {
            if at < position {
                break;
            }
            self.taken.pop();
            if self.places[id as usize] == OUT {
                self.insert(id);
            }
        }
    }

    fn insert(&mut self, id: u32) {
        self.places[id as usize] = self.heap.len() as u32;
        self.heap.push(id);
        self.rise(self.heap.len() - 1);
    }

    fn before(&self, a: u32, b: u32) -> bool {
        let (first, second) = (self.scores[a as usize], self.scores[b as usize]);
        first > second || (first == second && a < b)
    }

    fn rise(&mut self, mut place: usize) {
        let id = self.heap[place];
        while place > 0 {
            let parent = (place - 1) / 2;
            if !self.before(id, self.heap[parent]) {
                break;
            }
            self.heap[place] = self.heap[parent];
            self.places[self.heap[place] as usize] = place as u32;
            place = parent;
        }
        self.heap[place] = id;
        self.places[id as usize] = place as u32;
    }

    fn sink(&mut self, mut place: usize) {
        let id = self.heap[place];
        loop {
            let mut child = 2 * place + 1;
            if child >= self.heap.len() {
                break;
            }
            if child + 1 < self.heap.len() && self.before(self.heap[child + 1], self.heap[child]) {
                child += 1;
            }
            if !self.before(self.heap[child], id) {
                break;
            }
            self.heap[place] = self.heap[child];
            self.places[self.heap[place] as usize] = place as u32;
            place = child;
        }
        self.heap[place] = id;
        self.places[id as usize] = place as u32;
    }
}
